/// What values of parameters have to be: one description from which checking, coercion and the OpenAPI schema come.
@NullMarked
package org.pintail.api.rule;

import org.jspecify.annotations.NullMarked;
