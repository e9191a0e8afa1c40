/// What tests of several modules share: a whole server in the process, a sink and a source of mail, fake DNS.
@NullMarked
package org.pintail.testkit;

import org.jspecify.annotations.NullMarked;
