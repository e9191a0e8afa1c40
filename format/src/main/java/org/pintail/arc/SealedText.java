package org.pintail.arc;

import java.util.List;
import org.pintail.dkim.Canonicalization;
import org.pintail.dkim.SignedHeader;

/// What a seal covers: all sets from the first, each as results, signature, seal, in relaxed form; its own last with an empty `b=` and no
/// CRLF behind it (RFC 8617 §5.1.1).
final class SealedText {
    private SealedText() {}

    /// Of whole sets.
    static String of(List<ArcSet> sets) {
        var out = new StringBuilder();
        for (var set : sets) {
            out.append(line(set.results().raw())).append(line(set.signature().raw())).append(line(set.seal().raw()));
        }
        return out.toString();
    }

    static String line(String raw) {
        return Canonicalization.RELAXED.field(raw) + "\r\n";
    }

    /// The last set as its own seal sees it.
    static String last(ArcSet set) {
        var seal = Canonicalization.RELAXED.field(SignedHeader.withoutSignature(set.seal().raw()));
        return line(set.results().raw()) + line(set.signature().raw()) + seal;
    }
}
