/// The table of operations: what each takes and who may call it; how input becomes a call, and answers become HTTP.
@NullMarked
package org.pintail.api.table;

import org.jspecify.annotations.NullMarked;
