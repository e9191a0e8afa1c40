package org.pintail.dkim;

import java.security.PublicKey;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;

/// A key as the DNS has it: RFC 6376 §3.6.1.
///
/// @param strict `t=s`: `i=` must have the very domain of `d=`
/// @param testing `t=y`
/// @param bits of an RSA modulus, 0 otherwise
public record KeyRecord(PublicKey key, String type, boolean strict, boolean testing, int bits) {
    /// Throws [SignatureException] when the record is none for signatures of `algorithm`.
    static KeyRecord parse(String text, Algorithm algorithm, DkimLimits limits) throws SignatureException {
        var tags = tags(text);
        if (tags.value("v").filter(v -> !v.equals("DKIM1")).isPresent()) {
            throw new SignatureException(DkimStatus.PERMERROR, "unknown key version");
        }
        var type = tags.compact("k").orElse("rsa").toLowerCase(Locale.ROOT);
        if (!type.equals(algorithm.keyType())) {
            throw new SignatureException(DkimStatus.PERMERROR, "key is of another type");
        }
        if (tags.value("h").isPresent() && !list(tags, "h").contains(algorithm.hash())) {
            throw new SignatureException(DkimStatus.PERMERROR, "key is not for " + algorithm.hash());
        }
        var services = list(tags, "s");
        if (tags.value("s").isPresent() && !services.contains("*") && !services.contains("email")) {
            throw new SignatureException(DkimStatus.PERMERROR, "key is not for mail");
        }
        var p = tags.compact("p").orElseThrow(() -> new SignatureException(DkimStatus.PERMERROR, "no p= in the key"));
        if (p.isEmpty()) {
            throw new SignatureException(DkimStatus.PERMERROR, "key revoked");
        }
        var flags = list(tags, "t");
        var key = PublicKeys.read(type, p, limits);
        return new KeyRecord(key, type, flags.contains("s"), flags.contains("y"), PublicKeys.bits(key));
    }

    private static TagList tags(String text) throws SignatureException {
        try {
            return TagList.parse(text);
        } catch (TagList.Malformed e) {
            throw new SignatureException(DkimStatus.PERMERROR, "malformed key: " + e.getMessage());
        }
    }

    private static List<String> list(TagList tags, String name) {
        return Arrays.asList(tags.compact(name).orElse("").toLowerCase(Locale.ROOT).split(":"));
    }
}
