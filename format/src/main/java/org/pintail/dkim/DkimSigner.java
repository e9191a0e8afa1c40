package org.pintail.dkim;

import java.security.GeneralSecurityException;
import java.security.PrivateKey;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Base64;
import java.util.Collection;
import java.util.List;
import org.pintail.header.Headers;

/// Signs messages: RFC 6376 §5.
public final class DkimSigner {
    private final SigningOptions options;

    public DkimSigner(SigningOptions options) {
        this.options = options;
    }

    /// What [MessageScan] has to hash for [#sign].
    public Collection<BodyHash.Kind> wanted(Headers headers) {
        return List.of(kind());
    }

    private BodyHash.Kind kind() {
        return new BodyHash.Kind(options.body(), "SHA-256", options.length());
    }

    /// The field to put on top of the message, without its final CRLF. The message must not change below it any more.
    public String sign(ScannedMessage message, String domain, String selector, SigningKey key, Instant now) {
        var body = message.hash(kind());
        var header = new SignedHeader(message.headers());
        var names = names(header);
        var field = new FieldWriter("DKIM-Signature")
                .tag("v", "1")
                .tag("a", key.algorithm().word())
                .tag("c", options.header().word() + "/" + options.body().word())
                .tag("d", domain);
        if (options.identity() != null) {
            field.tag("i", QuotedText.encode(options.identity()));
        }
        if (options.length() != null) {
            field.tag("l", Long.toString(body.hashed()));
        }
        field.tag("q", "dns/txt").tag("s", selector).tag("t", Long.toString(now.getEpochSecond()));
        options.lifetime().ifPresent(lifetime -> field.tag("x", Long.toString(now.plus(lifetime).getEpochSecond())));
        field.list("h", names, ":");
        if (!options.copied().isEmpty()) {
            field.list("z", copied(message.headers()), "|");
        }
        field.tag("bh", body.base64());
        return signed(field, header.covered(names, options.header(), null), options.header(), key);
    }

    /// An ARC-Message-Signature (RFC 8617 §4.1.2), without its final CRLF. It covers the DKIM signatures as well.
    public String signArc(ScannedMessage message, int instance, String domain, String selector, SigningKey key, Instant now) {
        var header = new SignedHeader(message.headers());
        var names = new ArrayList<>(names(header));
        names.addAll(java.util.Collections.nCopies(header.count("dkim-signature"), "dkim-signature"));
        var field = new FieldWriter("ARC-Message-Signature")
                .tag("i", Integer.toString(instance))
                .tag("a", key.algorithm().word())
                .tag("c", options.header().word() + "/" + options.body().word())
                .tag("d", domain)
                .tag("s", selector)
                .tag("t", Long.toString(now.getEpochSecond()))
                .list("h", names, ":")
                .tag("bh", message.hash(kind()).base64());
        return signed(field, header.covered(names, options.header(), null), options.header(), key);
    }

    private List<String> names(SignedHeader header) {
        var names = new ArrayList<String>();
        for (var name : options.fields()) {
            int count = header.count(name) + (options.oversigned().contains(name) ? 1 : 0);
            for (int i = 0; i < count; i++) {
                names.add(name);
            }
        }
        return names;
    }

    private List<String> copied(Headers headers) {
        return headers.fields().stream()
                .filter(f -> options.copied().stream().anyMatch(f::is))
                .map(f -> QuotedText.encode(f.name()) + ":" + QuotedText.encode(f.raw().substring(f.raw().indexOf(':') + 1)))
                .toList();
    }

    /// Ends `field` with the signature of `covered` and itself.
    public static String signed(FieldWriter field, String covered, Canonicalization canonicalization, SigningKey key) {
        var unsigned = field.text() + ";";
        var last = unsigned + "\r\n b=";
        var signature = signature(key.key(), key.algorithm(), covered + canonicalization.field(last));
        var b = new StringBuilder(last);
        for (int i = 0; i < signature.length(); i += 72) {
            b.append(i > 0 ? "\r\n " : "").append(signature, i, Math.min(signature.length(), i + 72));
        }
        return b.toString();
    }

    private static String signature(PrivateKey key, Algorithm algorithm, String signed) {
        try {
            var engine = SignatureCheck.engine(algorithm);
            engine.initSign(key);
            engine.update(SignatureCheck.toSign(algorithm, signed));
            return Base64.getEncoder().encodeToString(engine.sign());
        } catch (GeneralSecurityException e) {
            throw new IllegalArgumentException("a key that cannot sign with " + algorithm.word(), e);
        }
    }
}
