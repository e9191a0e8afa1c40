/// Tests of the whole program: a process is started as a user would, and real clients talk to it.
@NullMarked
package org.pintail.system;

import org.jspecify.annotations.NullMarked;
