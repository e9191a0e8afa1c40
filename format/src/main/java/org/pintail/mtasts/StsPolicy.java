package org.pintail.mtasts;

import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.pintail.address.MailAddress;

/// What a domain promises about its MX hosts (RFC 8461 §3.2).
///
///     sts-policy-record = sts-policy-field *(LF sts-policy-field) [LF]
///     sts-policy-field  = name ":" *WSP value *WSP          ; version, mode, max_age, mx, others are ignored
///     mx value          = ["*."] Domain
///
/// @param mx patterns, lower case, A-labels; empty only when the mode is NONE
public record StsPolicy(Mode mode, Duration maxAge, List<String> mx) {
    private static final int MAX_LENGTH = 64 * 1024;
    private static final int MAX_MX = 1000;
    private static final long MAX_AGE = 31_557_600; // a year

    /// What happens to a host that does not keep the promise.
    public enum Mode {
        /// It gets no mail.
        ENFORCE,
        /// It gets mail, and its domain a report.
        TESTING,
        /// There is no promise any more.
        NONE
    }

    public StsPolicy {
        mx = List.copyOf(mx);
    }

    /// A text is no policy; the message says what was expected.
    public static final class Invalid extends RuntimeException {
        Invalid(String message) {
            super(message);
        }
    }

    /// Throws [Invalid].
    public static StsPolicy parse(String text) {
        if (text.length() > MAX_LENGTH) {
            throw new Invalid("policy of more than " + MAX_LENGTH + " characters");
        }
        Map<String, String> fields = new HashMap<>();
        var mx = new ArrayList<String>();
        for (var line : text.split("\r?\n", -1)) {
            int colon = line.indexOf(':');
            if (line.isBlank()) {
                continue;
            }
            if (colon < 1) {
                throw new Invalid("expected name: value, found \"" + shown(line) + "\"");
            }
            var name = line.substring(0, colon).strip();
            var value = line.substring(colon + 1).strip();
            if (name.equals("mx")) {
                mx.add(pattern(value));
            } else {
                fields.putIfAbsent(name, value); // §3.2: of a field given twice the first counts
            }
            if (mx.size() > MAX_MX) {
                throw new Invalid("more than " + MAX_MX + " mx fields");
            }
        }
        if (!"STSv1".equals(fields.get("version"))) {
            throw new Invalid("expected version: STSv1");
        }
        var mode = mode(fields.getOrDefault("mode", ""));
        if (mx.isEmpty() && mode != Mode.NONE) {
            throw new Invalid("expected at least one mx");
        }
        return new StsPolicy(mode, maxAge(fields.getOrDefault("max_age", "")), mx);
    }

    private static String shown(String line) {
        var printable = line.replaceAll("\\P{Print}", "?");
        return printable.length() > 60 ? printable.substring(0, 60) : printable;
    }

    private static String pattern(String value) {
        var host = value.startsWith("*.") ? value.substring(2) : value;
        var ascii = MailAddress.parse("x@" + host).map(MailAddress::asciiDomain).filter(d -> !d.startsWith("["));
        if (ascii.isEmpty()) {
            throw new Invalid("expected mx: [*.]host, found \"" + shown(value) + "\"");
        }
        return (value.startsWith("*.") ? "*." : "") + ascii.get();
    }

    private static Mode mode(String text) {
        return switch (text) {
            case "enforce" -> Mode.ENFORCE;
            case "testing" -> Mode.TESTING;
            case "none" -> Mode.NONE;
            default -> throw new Invalid("expected mode: enforce, testing or none");
        };
    }

    private static Duration maxAge(String text) {
        boolean digits = !text.isEmpty() && text.length() <= 10 && text.chars().allMatch(c -> c >= '0' && c <= '9');
        if (!digits || Long.parseLong(text) > MAX_AGE) {
            throw new Invalid("expected max_age: 0 to " + MAX_AGE);
        }
        return Duration.ofSeconds(Long.parseLong(text));
    }

    /// May this MX host take the domain's mail? `*.` stands for exactly one label (§4.1).
    public boolean covers(String host) {
        var wanted = host.toLowerCase(Locale.ROOT);
        int dot = wanted.indexOf('.');
        return mx.contains(wanted) || dot > 0 && mx.contains("*" + wanted.substring(dot));
    }

    /// As its file, one field a line; parses to the same.
    public String text() {
        var text = new StringBuilder("version: STSv1\nmode: " + mode.name().toLowerCase(Locale.ROOT) + "\n");
        mx.forEach(m -> text.append("mx: ").append(m).append('\n'));
        return text.append("max_age: ").append(maxAge.toSeconds()).append('\n').toString();
    }
}
