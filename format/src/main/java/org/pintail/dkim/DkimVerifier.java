package org.pintail.dkim;

import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import org.pintail.dns.Dns;
import org.pintail.header.Field;
import org.pintail.header.Headers;

/// Judges the DKIM signatures of a message (RFC 6376 §6.1), from the top of its header. Never throws on what a message holds.
public final class DkimVerifier {
    private static final Duration SKEW = Duration.ofMinutes(5);
    private final SignatureCheck check;
    private final DkimLimits limits;
    private final InstantSource clock;

    public DkimVerifier(Dns dns, DkimLimits limits, InstantSource clock) {
        this.check = new SignatureCheck(dns, limits);
        this.limits = limits;
        this.clock = clock;
    }

    /// What [MessageScan] has to hash for [#verify].
    public Collection<BodyHash.Kind> wanted(Headers headers) {
        var kinds = new ArrayList<BodyHash.Kind>();
        for (var field : signatures(headers)) {
            try {
                kinds.add(SignatureTags.dkim(field).bodyKind());
            } catch (SignatureException e) {
                continue; // verify() says why
            }
        }
        return kinds;
    }

    private List<Field> signatures(Headers headers) {
        return headers.fields().stream().filter(f -> f.is("dkim-signature")).limit(limits.signatures()).toList();
    }

    /// One result per signature, at most [DkimLimits#signatures].
    public List<DkimResult> verify(ScannedMessage message) {
        var header = new SignedHeader(message.headers());
        return signatures(message.headers()).stream().map(field -> verify(field, header, message)).toList();
    }

    private DkimResult verify(Field field, SignedHeader header, ScannedMessage message) {
        SignatureTags tags;
        try {
            tags = SignatureTags.dkim(field);
        } catch (SignatureException e) {
            return new DkimResult(field, Optional.empty(), e.verdict(), 0);
        }
        var body = message.hash(tags.bodyKind());
        Verdict verdict;
        try {
            verdict = verify(field, tags, header, body);
        } catch (SignatureException e) {
            verdict = e.verdict();
        }
        return new DkimResult(field, Optional.of(tags), verdict, body.total() - body.hashed());
    }

    private Verdict verify(Field field, SignatureTags tags, SignedHeader header, BodyHash body) throws SignatureException {
        if (tags.expires().filter(x -> x.plus(SKEW).isBefore(clock.instant())).isPresent()) {
            throw new SignatureException(DkimStatus.NEUTRAL, "expired");
        }
        SignatureCheck.checkBody(tags, body);
        var keys = check.keys(tags.selector(), tags.domain(), tags.algorithm());
        var usable = keys.stream().filter(k -> !k.strict() || tags.identityDomain().equals(tags.domain())).toList();
        if (usable.isEmpty()) {
            throw new SignatureException(DkimStatus.PERMERROR, "the key does not allow i= in a subdomain");
        }
        var verdict = check.verify(usable, tags.algorithm(), SignatureCheck.signed(field, tags, header), tags.signature());
        // RFC 6376 §3.6.1: mail of a signer that tests counts as unsigned, however its signature came out
        if (usable.stream().allMatch(KeyRecord::testing)) {
            var comment = "test key, signature " + (verdict.status() == DkimStatus.PASS ? "good" : "bad");
            return new Verdict(DkimStatus.NEUTRAL, comment, null, verdict.keyBits());
        }
        return verdict;
    }
}
