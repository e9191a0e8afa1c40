package org.pintail.address;

import java.net.IDN;
import java.nio.charset.StandardCharsets;
import java.text.Normalizer;
import java.util.Locale;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/// An address as SMTP knows it (RFC 5321 §4.1.2, RFC 6531): `local` unquoted and in its original case, `domain` lower case,
/// Unicode form (punycode decoded), or an address literal in brackets.
public record MailAddress(String local, String domain) {
    private static final int MAX_LOCAL = 64;
    private static final int MAX_ADDRESS = 254;
    private static final String ATEXT = "!#$%&'*+-/=?^_`{|}~.";

    /// Reads `local@domain` (no angle brackets, quoted local parts allowed); empty when it is no address. Limits: 64 (but for SRS) and 254 octets.
    public static Optional<MailAddress> parse(String text) {
        int at = text.lastIndexOf('@');
        if (at < 1 || at == text.length() - 1 || text.getBytes(StandardCharsets.UTF_8).length > MAX_ADDRESS) {
            return Optional.empty();
        }
        var local = local(text.substring(0, at));
        var domain = domain(text.substring(at + 1));
        if (local == null || domain == null || local.getBytes(StandardCharsets.UTF_8).length > MAX_LOCAL && !rewritten(local)) {
            return Optional.empty();
        }
        var address = new MailAddress(local, domain);
        boolean fits = address.toString().getBytes(StandardCharsets.UTF_8).length <= MAX_ADDRESS; // quoted where it was not
        return fits ? Optional.of(address) : Optional.empty();
    }

    /// QUIRK: forwarders wrap an address in a longer one (SRS), whose bounces must come back; RFC 5321 §4.5.3.1.1 says 64 octets.
    private static boolean rewritten(String local) {
        return local.regionMatches(true, 0, "SRS", 0, 3) && local.length() > 4 && "01".indexOf(local.charAt(3)) >= 0 && "=-+".indexOf(local.charAt(4)) >= 0;
    }

    ///     Local-part = Dot-string / Quoted-string
    private static @Nullable String local(String text) {
        if (text.startsWith("\"")) {
            return unquote(text);
        }
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            if (c < 0x80 ? !isLdh(c) && ATEXT.indexOf(c) < 0 : !isText(text, i)) {
                return null;
            }
        }
        // QUIRK: some addresses begin or end with a dot or double it; RFC 5321 §4.1.2 wants them quoted.
        return text;
    }

    private static @Nullable String unquote(String text) {
        if (text.length() < 3 || !text.endsWith("\"")) {
            return null;
        }
        var out = new StringBuilder();
        for (int i = 1; i < text.length() - 1; i++) {
            char c = text.charAt(i);
            if (c == '\\' && i + 1 < text.length() - 1) {
                c = text.charAt(++i);
            } else if (c == '"' || c == '\\') {
                return null;
            }
            if (c < 0x20 || c == 0x7f || c >= 0x80 && !isText(text, i)) {
                return null;
            }
            out.append(c);
        }
        return out.toString();
    }

    private static boolean isLdh(int c) {
        return c >= 'a' && c <= 'z' || c >= 'A' && c <= 'Z' || c >= '0' && c <= '9' || c == '-';
    }

    /// UTF8-non-ascii that can be seen (RFC 6531 §3.3): no control characters, no kinds of space, no half of a character.
    private static boolean isText(String text, int at) {
        char c = text.charAt(at);
        if (Character.isHighSurrogate(c)) {
            return at + 1 < text.length() && Character.isLowSurrogate(text.charAt(at + 1));
        }
        if (Character.isLowSurrogate(c)) {
            return at > 0 && Character.isHighSurrogate(text.charAt(at - 1));
        }
        return !Character.isISOControl(c) && !Character.isSpaceChar(c);
    }

    ///     Domain = sub-domain *("." sub-domain) / address-literal
    private static @Nullable String domain(String text) {
        if (text.startsWith("[") && text.endsWith("]") && text.length() > 2) {
            var inside = text.substring(1, text.length() - 1);
            return inside.chars().allMatch(c -> isLdh(c) || c == ':' || c == '.') ? text.toLowerCase(Locale.ROOT) : null;
        }
        var domain = unicode(text);
        return areLabels(text) && areLabels(domain) ? domain : null; // what normalising makes of a domain has to be one as well
    }

    private static boolean areLabels(String domain) {
        for (var label : domain.split("\\.", -1)) {
            if (label.isEmpty() || label.startsWith("-") || label.endsWith("-") || label.length() > 63) {
                return false;
            }
            for (int i = 0; i < label.length(); i++) {
                char c = label.charAt(i);
                boolean dot = c == '\u3002' || c == '\uff0e' || c == '\uff61'; // separators to IDNA, a part of the label to others
                if (c < 0x80 ? !isLdh(c) && c != '_' : dot || !isText(label, i)) {
                    return false;
                }
            }
        }
        return true;
    }

    /// A domain in lower case, A-labels decoded (RFC 5890); what is no valid IDN stays as it is.
    public static String unicode(String domain) {
        var lower = domain.toLowerCase(Locale.ROOT);
        var decoded = lower.contains("xn--") ? IDN.toUnicode(lower).toLowerCase(Locale.ROOT) : lower;
        return Normalizer.normalize(decoded, Normalizer.Form.NFC); // IDN leaves the other labels as they are
    }

    /// The form that goes on the wire, quoted where needed.
    @Override
    public String toString() {
        boolean plain = !local.isEmpty() && !local.startsWith(".") && !local.endsWith(".") && !local.contains("..");
        for (int i = 0; i < local.length() && plain; i++) {
            char c = local.charAt(i);
            plain = Character.isLetterOrDigit(c) || ATEXT.indexOf(c) >= 0 || c >= 0x80;
        }
        return (plain ? local : "\"" + local.replace("\\", "\\\\").replace("\"", "\\\"") + "\"") + "@" + domain;
    }

    /// Domain as A-labels (punycode).
    public String asciiDomain() {
        if (domain.chars().allMatch(c -> c < 0x80)) {
            return domain;
        }
        try {
            return IDN.toASCII(domain, IDN.ALLOW_UNASSIGNED);
        } catch (IllegalArgumentException e) {
            return domain; // no valid IDN; the resolver will say so
        }
    }

    /// Normal form: NFC, lower case, label kept.
    public String normalized() {
        return Normalizer.normalize(local, Normalizer.Form.NFC).toLowerCase(Locale.ROOT).strip() + "@" + domain;
    }

    /// Without `+label`.
    public MailAddress withoutLabel() {
        int plus = local.indexOf('+');
        return plus < 1 ? this : new MailAddress(local.substring(0, plus), domain);
    }

    /// The key an address is looked up by: normal form, no label, no dots in the local part (`addrview`).
    public String view() {
        return usernameView(withoutLabel().normalized());
    }

    /// The dotless key of a user name or address: lower case, dots before the first `@` removed (`unameview`).
    public static String usernameView(String username) {
        var lower = username.toLowerCase(Locale.ROOT);
        int at = lower.indexOf('@');
        return at < 0 ? lower.replace(".", "") : lower.substring(0, at).replace(".", "") + lower.substring(at);
    }
}
