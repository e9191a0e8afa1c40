package org.pintail.dkim;

import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.pintail.header.Field;
import org.pintail.header.Headers;

/// The bytes of the header that a signature covers (RFC 6376 §3.7): the named fields, each name from the bottom up (§5.4.2), then the
/// signature itself with an empty `b=` and no CRLF behind it.
public final class SignedHeader {
    private final Map<String, List<Field>> byName = new HashMap<>();

    SignedHeader(Headers headers) {
        for (var field : headers.fields()) {
            byName.computeIfAbsent(field.name().toLowerCase(Locale.ROOT), _ -> new java.util.ArrayList<>()).add(field);
        }
    }

    /// How many fields there are of that name (lower case).
    int count(String name) {
        return byName.getOrDefault(name, List.of()).size();
    }

    /// A name listed more often than the field occurs stands for nothing. `own` never covers itself.
    String covered(List<String> names, Canonicalization canonicalization, @Nullable Field own) {
        var next = new HashMap<String, Integer>();
        var out = new StringBuilder(2048);
        for (var name : names) {
            var fields = byName.getOrDefault(name, List.of());
            int at = next.getOrDefault(name, fields.size()) - 1;
            if (at >= 0 && fields.get(at) == own) {
                at--;
            }
            if (at >= 0) {
                out.append(canonicalization.field(fields.get(at))).append("\r\n");
            }
            next.put(name, Math.max(0, at));
        }
        return out.toString();
    }

    /// The field with the value of its `b=` taken out (§3.5).
    public static String withoutSignature(String raw) {
        int start = raw.indexOf(':') + 1;
        while (start < raw.length()) {
            int end = raw.indexOf(';', start);
            if (end < 0) {
                end = raw.length();
            }
            int equals = raw.indexOf('=', start);
            if (equals >= 0 && equals < end && TagList.strip(raw.substring(start, equals)).equals("b")) {
                return raw.substring(0, equals + 1) + raw.substring(end);
            }
            start = end + 1;
        }
        return raw;
    }
}
