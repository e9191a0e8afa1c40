package org.pintail.dkim;

import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.Arrays;
import java.util.Base64;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.pintail.address.DomainName;
import org.pintail.header.Field;

/// The tags of a DKIM-Signature (RFC 6376 §3.5) or an ARC-Message-Signature (RFC 8617 §4.1.2).
///
/// @param identity of `i=`: in DKIM an agent or user, in ARC the instance
/// @param signedFields names of `h=`, lower case
/// @param length of `l=`, null when the whole body is signed
/// @param signature of `b=`, in base64 without white space
/// @param copied of `z=`: fields as the signer saw them, for diagnosis only
public record SignatureTags(
        Algorithm algorithm,
        Canonicalization header,
        Canonicalization body,
        String domain,
        String selector,
        String identity,
        List<String> signedFields,
        @Nullable Long length,
        Optional<Instant> signedAt,
        Optional<Instant> expires,
        String bodyHash,
        String signature,
        List<String> copied) {
    private static final int MAX_COPIED = 100;

    public SignatureTags {
        signedFields = List.copyOf(signedFields);
        copied = List.copyOf(copied);
    }

    /// Throws [SignatureException] with what RFC 6376 §6.1.1 says: what cannot be read is neutral (RFC 8601 §2.7.1), what is
    /// readable and not allowed a permerror.
    static SignatureTags dkim(Field field) throws SignatureException {
        var tags = tags(field);
        if (!required(tags, "v").equals("1")) {
            throw new SignatureException(DkimStatus.NEUTRAL, "unknown version");
        }
        var domain = domain(required(tags, "d"));
        var identity = tags.compact("i").orElse("@" + domain);
        if (!DomainName.isAtOrBelow(domain(identity.substring(identity.lastIndexOf('@') + 1)), domain)) {
            throw new SignatureException(DkimStatus.PERMERROR, "i= is not of the domain d=");
        }
        var signature = read(tags, domain, identity);
        if (!signature.signedFields.contains("from")) {
            throw new SignatureException(DkimStatus.PERMERROR, "From is not signed");
        }
        return signature;
    }

    /// The same for ARC, which has no `v=` and its own `i=`.
    public static SignatureTags arc(Field field) throws SignatureException {
        var tags = tags(field);
        return read(tags, domain(required(tags, "d")), required(tags, "i"));
    }

    private static TagList tags(Field field) throws SignatureException {
        try {
            return TagList.parse(field.raw().substring(field.raw().indexOf(':') + 1));
        } catch (TagList.Malformed e) {
            throw new SignatureException(DkimStatus.NEUTRAL, "malformed: " + e.getMessage());
        }
    }

    private static SignatureTags read(TagList tags, String domain, String identity) throws SignatureException {
        var algorithm = Algorithm.of(required(tags, "a").toLowerCase(Locale.ROOT))
                .orElseThrow(() -> new SignatureException(DkimStatus.NEUTRAL, "unknown algorithm"));
        var canonicalization = tags.compact("c").orElse("simple/simple").toLowerCase(Locale.ROOT).split("/", 2);
        var header = canonicalization(canonicalization[0]);
        var body = canonicalization(canonicalization.length > 1 ? canonicalization[1] : "simple");
        if (tags.compact("q").filter(q -> !Arrays.asList(q.toLowerCase(Locale.ROOT).split(":")).contains("dns/txt")).isPresent()) {
            throw new SignatureException(DkimStatus.NEUTRAL, "unknown query method");
        }
        var signed = time(tags, "t");
        var expires = time(tags, "x");
        if (signed.isPresent() && expires.isPresent() && !expires.get().isAfter(signed.get())) {
            throw new SignatureException(DkimStatus.NEUTRAL, "invalid expiration");
        }
        return new SignatureTags(
                algorithm,
                header,
                body,
                domain,
                domain(required(tags, "s")),
                identity,
                names(required(tags, "h")),
                tags.compact("l").isPresent() ? number(tags, "l") : null,
                signed,
                expires,
                base64(tags, "bh"),
                base64(tags, "b"),
                copied(tags));
    }

    private static String required(TagList tags, String name) throws SignatureException {
        var value = tags.compact(name).orElse("");
        if (value.isEmpty()) {
            throw new SignatureException(DkimStatus.NEUTRAL, "no " + name + "= tag");
        }
        return value;
    }

    private static Canonicalization canonicalization(String word) throws SignatureException {
        return Canonicalization.of(word).orElseThrow(() -> new SignatureException(DkimStatus.NEUTRAL, "unknown canonicalization"));
    }

    private static Optional<Instant> time(TagList tags, String name) throws SignatureException {
        return tags.compact(name).isPresent() ? Optional.of(Instant.ofEpochSecond(number(tags, name))) : Optional.empty();
    }

    /// At most 12 digits: RFC 6376 §3.5 asks to read times until the year 200000.
    private static long number(TagList tags, String name) throws SignatureException {
        var text = tags.compact(name).orElse("");
        if (text.isEmpty() || text.length() > 12 || !text.chars().allMatch(c -> c >= '0' && c <= '9')) {
            throw new SignatureException(DkimStatus.NEUTRAL, name + "= is no number");
        }
        return Long.parseLong(text);
    }

    private static String base64(TagList tags, String name) throws SignatureException {
        var text = required(tags, name);
        try {
            return Base64.getEncoder().encodeToString(Base64.getDecoder().decode(text));
        } catch (IllegalArgumentException e) {
            throw new SignatureException(DkimStatus.NEUTRAL, name + "= is no base64");
        }
    }

    private static List<String> names(String list) throws SignatureException {
        var names = Arrays.stream(list.toLowerCase(Locale.ROOT).split(":")).filter(n -> !n.isEmpty()).toList();
        if (names.isEmpty()) {
            throw new SignatureException(DkimStatus.NEUTRAL, "h= names no field");
        }
        return names;
    }

    private static List<String> copied(TagList tags) {
        return tags.compact("z").stream().flatMap(z -> Arrays.stream(z.split("\\|"))).limit(MAX_COPIED).map(QuotedText::decode).toList();
    }

    /// A-labels (RFC 8616), lower case. The tags come with one char per byte.
    private static String domain(String text) {
        return DomainName.ascii(new String(text.getBytes(StandardCharsets.ISO_8859_1), StandardCharsets.UTF_8));
    }

    /// The domain of `i=`.
    String identityDomain() {
        return domain(identity.substring(identity.lastIndexOf('@') + 1));
    }

    public BodyHash.Kind bodyKind() {
        return new BodyHash.Kind(body, algorithm.digest(), length);
    }
}
