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
    static PathArguments parse(String text, boolean nullAllowed, String syntax) {
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
        int route = path.startsWith("@") ? path.indexOf(':') : -1;
        path = path.substring(route + 1); // RFC 5321 §4.1.1.3: a source route is ignored
        if (path.isEmpty() && nullAllowed) {
            return new PathArguments(null, parameters(rest.substring(close + 1)));
        }
        var address = path.equalsIgnoreCase("postmaster") && !nullAllowed ? MailAddress.parse("postmaster@localhost") : MailAddress.parse(path);
        if (address.isEmpty()) {
            throw new SmtpReply.Refused(new SmtpReply(nullAllowed ? 501 : 553, nullAllowed ? "5.1.7" : "5.1.3", "This is no valid address"));
        }
        return new PathArguments(address.get(), parameters(rest.substring(close + 1)));
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
            if (!name.chars().allMatch(c -> Character.isLetterOrDigit(c) || c == '-') || parameters.size() >= MAX_PARAMETERS) {
                throw bad("expected keyword=value after the address");
            }
            parameters.put(name.toUpperCase(Locale.ROOT), equals < 0 ? "" : word.substring(equals + 1));
        }
        return parameters;
    }

    private static SmtpReply.Refused bad(String text) {
        return new SmtpReply.Refused(new SmtpReply(501, "5.5.4", "Syntax error: " + text));
    }
}
