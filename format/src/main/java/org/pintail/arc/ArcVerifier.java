package org.pintail.arc;

import java.nio.charset.StandardCharsets;
import java.util.Collection;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.pintail.authres.AuthenticationResults;
import org.pintail.dkim.Algorithm;
import org.pintail.dkim.BodyHash;
import org.pintail.dkim.DkimLimits;
import org.pintail.dkim.DkimStatus;
import org.pintail.dkim.ScannedMessage;
import org.pintail.dkim.SignatureCheck;
import org.pintail.dkim.SignatureException;
import org.pintail.dkim.SignatureTags;
import org.pintail.dkim.TagList;
import org.pintail.dkim.Verdict;
import org.pintail.dns.Dns;
import org.pintail.header.Headers;

/// Judges the chain of a message: RFC 8617 §5.2. The newest message signature must hold, and every seal. Never throws on what a message holds.
public final class ArcVerifier {
    private final SignatureCheck check;

    public ArcVerifier(Dns dns, DkimLimits limits) {
        this.check = new SignatureCheck(dns, limits);
    }

    /// What [org.pintail.dkim.MessageScan] has to hash for [#verify].
    public Collection<BodyHash.Kind> wanted(Headers headers) {
        var sets = ArcChain.of(headers).sets();
        if (sets.isEmpty()) {
            return List.of();
        }
        try {
            return List.of(SignatureTags.arc(sets.getLast().signature()).bodyKind());
        } catch (SignatureException e) {
            return List.of(); // verify() says why
        }
    }

    public ArcVerdict verify(ScannedMessage message) {
        var chain = ArcChain.of(message.headers());
        if (chain.highest() == 0) {
            return new ArcVerdict(ArcVerdict.Status.NONE, "", null, 0, List.of(), false);
        }
        if (!chain.broken().isEmpty()) {
            return new ArcVerdict(ArcVerdict.Status.FAIL, chain.broken(), null, chain.highest(), List.of(), false);
        }
        var sets = chain.sets();
        if (sets.getLast().chain().equals("fail")) {
            return verdict(ArcVerdict.Status.FAIL, "the chain failed before", null, sets, true);
        }
        var failure = firstFailure(sets, message);
        if (failure == null) {
            return verdict(ArcVerdict.Status.PASS, "", null, sets, false);
        }
        var status = failure.verdict.status() == DkimStatus.TEMPERROR ? ArcVerdict.Status.TEMPERROR : ArcVerdict.Status.FAIL;
        return verdict(status, failure.what + ": " + failure.verdict.comment(), failure.verdict.rule(), sets, false);
    }

    private static ArcVerdict verdict(ArcVerdict.Status status, String reason, @Nullable String rule, List<ArcSet> sets, boolean closed) {
        var links = sets.stream().map(s -> new ArcVerdict.Link(s.instance(), s.sealer(), results(s))).toList();
        return new ArcVerdict(status, reason, rule, sets.size(), links, closed);
    }

    private static Optional<AuthenticationResults> results(ArcSet set) {
        var text = set.results().value();
        int end = text.indexOf(';');
        return end < 0 ? Optional.empty() : AuthenticationResults.parse(text.substring(end + 1));
    }

    private record Failure(String what, Verdict verdict) {}

    private @Nullable Failure firstFailure(List<ArcSet> sets, ScannedMessage message) {
        var signature = signature(sets.getLast(), message);
        if (signature.status() != DkimStatus.PASS) {
            return new Failure("ARC-Message-Signature of instance " + sets.size(), signature);
        }
        for (int i = sets.size(); i >= 1; i--) {
            var seal = seal(sets.subList(0, i));
            if (seal.status() != DkimStatus.PASS) {
                return new Failure("ARC-Seal of instance " + i, seal);
            }
        }
        return null;
    }

    private Verdict signature(ArcSet set, ScannedMessage message) {
        try {
            var tags = SignatureTags.arc(set.signature());
            if (tags.signedFields().contains("arc-seal")) {
                throw new SignatureException(DkimStatus.PERMERROR, "signs ARC-Seal");
            }
            if (!tags.signedFields().contains("from")) {
                throw new SignatureException(DkimStatus.PERMERROR, "From is not signed");
            }
            return check.message(set.signature(), tags, message);
        } catch (SignatureException e) {
            return e.verdict();
        }
    }

    private Verdict seal(List<ArcSet> sets) {
        var set = sets.getLast();
        try {
            var tags = sealTags(set);
            var algorithm = Algorithm.of(required(tags, "a").toLowerCase(Locale.ROOT))
                    .orElseThrow(() -> new SignatureException(DkimStatus.PERMERROR, "unknown algorithm"));
            var signature = required(tags, "b");
            var keys = check.keys(required(tags, "s").toLowerCase(Locale.ROOT), set.sealer(), algorithm);
            return check.verify(keys, algorithm, SealedText.of(sets.subList(0, sets.size() - 1)) + SealedText.last(set), signature);
        } catch (SignatureException e) {
            return e.verdict();
        }
    }

    /// RFC 8617 §4.1.3: no `h=`; the header is always in relaxed form.
    private static TagList sealTags(ArcSet set) throws SignatureException {
        try {
            var tags = TagList.parse(set.seal().raw().substring(set.seal().raw().indexOf(':') + 1));
            if (tags.value("h").isPresent()) {
                throw new SignatureException(DkimStatus.PERMERROR, "unexpected h= tag");
            }
            if (tags.compact("c").filter(c -> !c.equalsIgnoreCase("relaxed/relaxed")).isPresent()) {
                throw new SignatureException(DkimStatus.PERMERROR, "unexpected c= tag");
            }
            required(tags, "d");
            return tags;
        } catch (TagList.Malformed e) {
            throw new SignatureException(DkimStatus.PERMERROR, "malformed");
        }
    }

    private static String required(TagList tags, String name) throws SignatureException {
        var value = tags.compact(name).orElse("");
        if (value.isEmpty() || !StandardCharsets.US_ASCII.newEncoder().canEncode(value)) {
            throw new SignatureException(DkimStatus.PERMERROR, "no " + name + "= tag");
        }
        return value;
    }
}
