package org.pintail.auth;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.Locale;
import java.util.Set;
import org.pintail.authres.AuthenticationResults;
import org.pintail.header.Field;
import org.pintail.mime.Source;

/// Takes out `Authentication-Results` that claim to be of this host (RFC 8601 §5), and fields with logos, which only the receiving host
/// adds. Everything else stays byte for byte.
public final class ForgedResults {
    private static final int FIRST = 16 * 1024;
    private static final Set<String> LOGOS = Set.of("bimi-location", "bimi-indicator", "bimi-logo-preference");

    private ForgedResults() {}

    /// `headerLimit`: bytes of the header that are looked at; a field that is not whole within it stays.
    public static Source removed(Source message, String authservId, int headerLimit) throws IOException {
        var head = head(message, headerLimit);
        var kept = new ByteArrayOutputStream(head.length);
        int at = 0;
        while (at < head.length && !lineIsEmpty(head, at)) {
            int end = fieldEnd(head, at);
            boolean whole = end < head.length || head.length == message.size();
            if (!whole || !claims(new String(head, at, end - at, StandardCharsets.ISO_8859_1), authservId)) {
                kept.write(head, at, end - at);
            }
            at = end;
        }
        if (kept.size() == at) {
            return message;
        }
        return Source.concat(Source.of(kept.toByteArray()), message.slice(at, message.size() - at));
    }

    /// Most headers are short: the whole limit is read only when the first bytes do not hold all of one.
    private static byte[] head(Source message, int headerLimit) throws IOException {
        var first = message.read(0, Math.min(Math.min(FIRST, headerLimit), message.size()));
        int at = 0;
        while (at < first.length && !lineIsEmpty(first, at)) {
            at = fieldEnd(first, at);
        }
        return at < first.length ? first : message.read(0, Math.min(headerLimit, message.size()));
    }

    private static boolean claims(String raw, String authservId) {
        int colon = raw.indexOf(':');
        var name = colon < 0 ? "" : raw.substring(0, colon).strip().toLowerCase(Locale.ROOT);
        if (LOGOS.contains(name)) {
            return true;
        }
        if (!name.equals("authentication-results")) {
            return false;
        }
        return AuthenticationResults.parse(new Field("", raw).value())
                .filter(r -> r.authservId().equalsIgnoreCase(authservId) || r.authservId().equalsIgnoreCase(authservId + "."))
                .isPresent();
    }

    private static boolean lineIsEmpty(byte[] head, int at) {
        return head[at] == '\n' || head[at] == '\r' && at + 1 < head.length && head[at + 1] == '\n';
    }

    private static int fieldEnd(byte[] head, int from) {
        int at = from;
        while (at < head.length) {
            if (head[at++] == '\n' && (at >= head.length || head[at] != ' ' && head[at] != '\t')) {
                return at;
            }
        }
        return head.length;
    }
}
