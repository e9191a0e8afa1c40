@NullMarked
package org.pintail.mongodb;

import org.jspecify.annotations.NullMarked;
