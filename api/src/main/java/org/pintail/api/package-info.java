/// The HTTP API, compatible with WildDuck's: a table of operations, from which validation and the OpenAPI document come.
@NullMarked
package org.pintail.api;

import org.jspecify.annotations.NullMarked;
