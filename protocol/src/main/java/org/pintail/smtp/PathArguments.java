package org.pintail.smtp;

import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.pintail.address.MailAddress;

/// What stands behind MAIL FROM: and RCPT TO:.
///
///     path-and-parameters = "<" [[source-route] address] ">" *(SP esmtp-param)
///     esmtp-param         = keyword ["=" value]
///
/// RFC 5321 §4.1.2. `address` is null for `<>`.
record PathArguments(@Nullable MailAddress address, Map<String, String> parameters) {
    private static final int MAX_PARAMETERS = 20;

    PathArguments {
        parameters = Map.copyOf(parameters);
    }

    /// Throws [SmtpReply.Refused] (501) naming what was expected.
    static PathArguments sender(String text, String syntax) {
        var split = Split.of(text, syntax);
        var address = split.path.isEmpty() ? null : MailAddress.parse(split.path).orElseThrow(() -> noAddress(501, "5.1.7"));
        return new PathArguments(address, parameters(split.rest));
    }

    /// Throws [SmtpReply.Refused] (501, 553). `postmaster` alone is the one of this host (RFC 5321 §4.5.1).
    static PathArguments recipient(String text, String hostname, String syntax) {
        var split = Split.of(text, syntax);
        var path = split.path.equalsIgnoreCase("postmaster") ? split.path + "@" + hostname : split.path;
        return new PathArguments(MailAddress.parse(path).orElseThrow(() -> noAddress(553, "5.1.3")), parameters(split.rest));
    }

    /// What is between the brackets, without a source route, and what is behind them.
    private record Split(String path, String rest) {
        static Split of(String text, String syntax) {
            var rest = text.strip();
            if (rest.isEmpty()) {
                throw bad("expected " + syntax);
            }
            if (!rest.startsWith("<")) {
                // QUIRK: some clients leave the angle brackets out; RFC 5321 §4.1.1.2 wants them.
                int space = rest.indexOf(' ');
                rest = space < 0 ? "<" + rest + ">" : "<" + rest.substring(0, space) + ">" + rest.substring(space);
            }
            int close = closing(rest);
            if (close < 0) {
                throw bad("expected " + syntax);
            }
            var path = rest.substring(1, close);
            int route = path.startsWith("@") ? path.indexOf(':') : -1; // RFC 5321 §4.1.1.3: a source route is ignored
            return new Split(path.substring(route + 1), rest.substring(close + 1));
        }
    }

    private static SmtpReply.Refused noAddress(int code, String status) {
        return new SmtpReply.Refused(new SmtpReply(code, status, "This is no valid address"));
    }

    /// The bracket that ends the path; quoted strings may hold others.
    private static int closing(String text) {
        boolean quoted = false;
        for (int i = 1; i < text.length(); i++) {
            char c = text.charAt(i);
            if (quoted && c == '\\') {
                i++;
            } else if (c == '"') {
                quoted = !quoted;
            } else if (c == '>' && !quoted) {
                return i;
            }
        }
        return -1;
    }

    private static Map<String, String> parameters(String text) {
        var parameters = new LinkedHashMap<String, String>();
        for (var word : text.strip().split(" +", -1)) {
            if (word.isEmpty()) {
                continue;
            }
            int equals = word.indexOf('=');
            var name = equals < 0 ? word : word.substring(0, equals);
            if (!isKeyword(name) || parameters.size() >= MAX_PARAMETERS) {
                throw bad("expected keyword=value after the address");
            }
            parameters.put(name.toUpperCase(Locale.ROOT), equals < 0 ? "" : word.substring(equals + 1));
        }
        return parameters;
    }

    ///     esmtp-keyword = (ALPHA / DIGIT) *(ALPHA / DIGIT / "-")
    private static boolean isKeyword(String name) {
        return !name.isEmpty() && !name.startsWith("-") && name.chars().allMatch(c -> c < 0x80 && Character.isLetterOrDigit(c) || c == '-');
    }

    private static SmtpReply.Refused bad(String text) {
        return new SmtpReply.Refused(new SmtpReply(501, "5.5.4", "Syntax error: " + text));
    }
}
