/// What tests of several modules share; it knows nothing of the other modules. Dialogues are written as in RFCs, see [Dialogue].
@NullMarked
package org.pintail.testkit;

import org.jspecify.annotations.NullMarked;
