/// Sender Policy Framework, RFC 7208. [org.pintail.spf.Spf] is the way in; [org.pintail.spf.SpfRecord] reads a record whole before
/// anything is looked up, `SpfEvaluation` walks it. Limits are those of RFC 7208 §4.6.4 and stand in [org.pintail.spf.SpfLimits].
@NullMarked
package org.pintail.spf;

import org.jspecify.annotations.NullMarked;
