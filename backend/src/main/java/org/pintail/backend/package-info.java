/// What the suite needs from an engine: one small interface per role, and the records they speak.
///
/// Read first: [Store], the sum of the roles; then [Messages] and [Documents]. Each role has a contract in the tests
/// (`MessagesContract` …) that every engine passes. Errors: [StoreException] and its kinds, nothing else.
@NullMarked
package org.pintail.backend;

import org.jspecify.annotations.NullMarked;
