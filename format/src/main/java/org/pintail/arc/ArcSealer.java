package org.pintail.arc;

import java.time.Instant;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import org.pintail.authres.AuthenticationResults;
import org.pintail.dkim.BodyHash;
import org.pintail.dkim.Canonicalization;
import org.pintail.dkim.DkimSigner;
import org.pintail.dkim.FieldWriter;
import org.pintail.dkim.ScannedMessage;
import org.pintail.dkim.SigningKey;
import org.pintail.dkim.SigningOptions;
import org.pintail.header.Headers;

/// Adds a link to the chain of a message that is passed on: RFC 8617 §5.1.
public final class ArcSealer {
    private final String domain;
    private final String selector;
    private final SigningKey key;
    private final DkimSigner signer = new DkimSigner(SigningOptions.DEFAULT);

    public ArcSealer(String domain, String selector, SigningKey key) {
        this.domain = domain;
        this.selector = selector;
        this.key = key;
    }

    /// What [org.pintail.dkim.MessageScan] has to hash for [#seal].
    public Collection<BodyHash.Kind> wanted(Headers headers) {
        return signer.wanted(headers);
    }

    /// The three fields for the top of the message, each with its CRLF. Empty when nothing may be added: the chain was closed by
    /// `cv=fail`, it has 50 links, or the DNS did not say how it stands.
    ///
    /// @param message as it goes out below the new fields
    /// @param found what this host found when the message came
    /// @param before how the chain stood then
    public Optional<String> seal(ScannedMessage message, AuthenticationResults found, ArcVerdict before, Instant now) {
        if (before.closed() || before.instances() >= ArcChain.MAX || before.status() == ArcVerdict.Status.TEMPERROR) {
            return Optional.empty();
        }
        int instance = before.instances() + 1;
        var results = "ARC-Authentication-Results: i=" + instance + "; " + found.body();
        var signature = signer.signArc(message, instance, domain, selector, key, now);
        var chain = before.status().word();
        var seal = new FieldWriter("ARC-Seal")
                .tag("i", Integer.toString(instance))
                .tag("a", key.algorithm().word())
                .tag("t", Long.toString(now.getEpochSecond()))
                .tag("cv", chain)
                .tag("d", domain)
                .tag("s", selector);
        var covered = sealed(message, chain) + SealedText.line(results) + SealedText.line(signature);
        var sealed = DkimSigner.signed(seal, covered, Canonicalization.RELAXED, key);
        return Optional.of(sealed + "\r\n" + signature + "\r\n" + results + "\r\n");
    }

    /// The sets before; of a chain that failed only the new one is sealed (§5.1.2).
    private static String sealed(ScannedMessage message, String chain) {
        return chain.equals("pass") ? SealedText.of(ArcChain.of(message.headers()).sets()) : SealedText.of(List.of());
    }
}
