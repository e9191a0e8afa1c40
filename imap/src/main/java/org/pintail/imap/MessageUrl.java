package org.pintail.imap;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.Locale;
import org.jspecify.annotations.Nullable;
import org.pintail.backend.StoreException;
import org.pintail.imap.wire.BadCommand;
import org.pintail.imap.wire.ImapReader;
import org.pintail.imap.wire.No;
import org.pintail.mail.Right;
import org.pintail.mime.PartMap;
import org.pintail.mime.Source;

/// What CATENATE points to (RFC 4469 §3, RFC 5092 §6): a message or a part of one in a mailbox of this server that the session may read.
///
///     url = "/" mailbox [";UIDVALIDITY=" nz-number] "/;UID=" nz-number ["/;SECTION=" section] ["/;PARTIAL=" number ["." nz-number]]
///
/// @param section "" for the whole message
/// @param length of the part wanted; the largest number without one
record MessageUrl(String mailbox, long uidValidity, long uid, String section, long from, long length) {
    private static final int LONGEST = 2000;
    private static final String UID = "/;UID=";
    private static final String SECTION = "/;SECTION=";
    private static final String PARTIAL = "/;PARTIAL=";
    private static final String VALIDITY = ";UIDVALIDITY=";

    /// Its bytes. Refuses with BADURL whatever cannot be had, without telling why.
    static Source read(Authenticated session, String url) throws IOException {
        var parsed = parse(url);
        var found = parsed == null ? null : parsed.open(session);
        if (found == null) {
            throw new No("BADURL " + shown(url), "No such message or part");
        }
        return found;
    }

    /// Null for what is no such URL.
    static @Nullable MessageUrl parse(String url) {
        var upper = url.toUpperCase(Locale.ROOT);
        int uidAt = upper.indexOf(UID);
        if (uidAt < 1 || url.charAt(0) != '/' || url.length() > LONGEST || upper.contains(";URLAUTH=")) {
            return null;
        }
        int partialAt = upper.indexOf(PARTIAL, uidAt);
        int end = partialAt < 0 ? url.length() : partialAt;
        int sectionAt = upper.substring(0, end).indexOf(SECTION, uidAt);
        int validityAt = upper.lastIndexOf(VALIDITY, uidAt);
        var mailbox = decoded(url.substring(1, validityAt < 0 ? uidAt : validityAt));
        var section = sectionAt < 0 ? "" : decoded(url.substring(sectionAt + SECTION.length(), end));
        if (mailbox == null || section == null || sectionAt >= 0 && section.isEmpty()) {
            return null;
        }
        long validity = validityAt < 0 ? 0 : number(url.substring(validityAt + VALIDITY.length(), uidAt));
        long uid = number(url.substring(uidAt + UID.length(), sectionAt < 0 ? end : sectionAt));
        var partial = partialAt < 0 ? "0" : url.substring(partialAt + PARTIAL.length());
        int dot = partial.indexOf('.');
        long from = number(dot < 0 ? partial : partial.substring(0, dot));
        long length = dot < 0 ? Long.MAX_VALUE : number(partial.substring(dot + 1));
        boolean right = validity >= 0 && uid > 0 && from >= 0 && length > 0;
        return right ? new MessageUrl(mailbox, validity, uid, section, from, length) : null;
    }

    /// Negative for what is no number.
    private static long number(String text) {
        boolean digits = !text.isEmpty() && text.length() <= 10 && text.chars().allMatch(c -> c >= '0' && c <= '9');
        return digits ? Long.parseLong(text) : -1;
    }

    /// RFC 3986 §2.1, in UTF-8; null where it is not.
    private static @Nullable String decoded(String text) {
        var bytes = new ByteArrayOutputStream();
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            if (c != '%') {
                bytes.writeBytes(String.valueOf(c).getBytes(StandardCharsets.UTF_8));
                continue;
            }
            int high = i + 2 < text.length() ? Character.digit(text.charAt(i + 1), 16) : -1;
            int low = i + 2 < text.length() ? Character.digit(text.charAt(i + 2), 16) : -1;
            if (high < 0 || low < 0) {
                return null;
            }
            bytes.write(high << 4 | low);
            i += 2;
        }
        try {
            return StandardCharsets.UTF_8
                    .newDecoder()
                    .decode(ByteBuffer.wrap(bytes.toByteArray()))
                    .toString();
        } catch (CharacterCodingException notUtf8) {
            return null;
        }
    }

    private @Nullable Source open(Authenticated session) throws IOException {
        var access = session.access(mailbox).filter(a -> a.may(Right.READ)).orElse(null);
        if (access == null || uidValidity > 0 && access.mailbox().uidValidity() != uidValidity) {
            return null;
        }
        var row = session.messages().row(access.mailbox().id(), uid).orElse(null);
        if (row == null) {
            return null;
        }
        try {
            var message = session.messages().open(row);
            var wanted = wanted();
            if (wanted == null) {
                return null;
            }
            var map = session.messages().renderings(row).partMap();
            var cut = wanted.cut(message, PartMap.decode(map.unsafeArray()));
            return cut == null ? null : cut.slice(from, length);
        } catch (StoreException.Missing gone) {
            return null;
        }
    }

    private @Nullable BodySection wanted() throws IOException {
        if (section.isEmpty()) {
            return BodySection.of(BodySection.Kind.ALL);
        }
        try {
            var in = ImapReader.of(section);
            var parsed = BodySection.parse(in);
            in.end();
            return parsed;
        } catch (BadCommand noSection) {
            return null;
        }
    }

    /// As `url-resp-text` has to be.
    private static String shown(String url) {
        var out = new StringBuilder();
        for (int i = 0; i < Math.min(url.length(), LONGEST); i++) {
            char c = url.charAt(i);
            out.append(c <= ' ' || c >= 0x7f || c == ']' || c == '"' || c == '\\' ? '_' : c);
        }
        return out.toString();
    }
}
