package org.pintail.dkim;

import java.util.Optional;
import org.pintail.header.Field;

/// One signature of a message and how it came out.
///
/// @param field the signature
/// @param tags what it says, empty when it cannot be read
/// @param unsigned bytes of the body that `l=` leaves unsigned
public record DkimResult(Field field, Optional<SignatureTags> tags, Verdict verdict, long unsigned) {
    public boolean passes() {
        return verdict.status() == DkimStatus.PASS;
    }

    /// Of `d=`, "" when it cannot be read.
    public String domain() {
        return tags.map(SignatureTags::domain).orElse("");
    }
}
