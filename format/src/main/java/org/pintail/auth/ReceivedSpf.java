package org.pintail.auth;

import java.util.Locale;
import org.pintail.address.IpText;
import org.pintail.spf.SpfClient;
import org.pintail.spf.SpfVerdict;

/// The field `Received-SPF`: RFC 7208 §9.1.
///
///     header-field   = "Received-SPF:" [CFWS] result FWS [comment FWS] [ key-value-list ] CRLF
///     key-value-pair = key [CFWS] "=" ( dot-atom / quoted-string )
public final class ReceivedSpf {
    private ReceivedSpf() {}

    /// Folded, without its final CRLF.
    public static String field(SpfVerdict verdict, SpfClient client) {
        var out = new StringBuilder("Received-SPF: ").append(verdict.result().word());
        out.append(" (").append(escaped(ResultRows.comment(verdict, client), "()\\")).append(')');
        pair(out, "client-ip", IpText.show(client.address()));
        pair(out, "envelope-from", verdict.sender());
        pair(out, "helo", client.helo());
        pair(out, "identity", verdict.identity().name().toLowerCase(Locale.ROOT));
        pair(out, "receiver", client.receiver());
        if (!verdict.mechanism().isEmpty()) {
            pair(out, "mechanism", verdict.mechanism());
        }
        return out.toString();
    }

    private static void pair(StringBuilder out, String key, String value) {
        out.append("\r\n\t").append(key).append('=').append(isDotAtom(value) ? value : '"' + escaped(value, "\"\\") + '"').append(';');
    }

    /// RFC 5322 §3.2.3; a ":" as in addresses of IPv6 asks for quotes.
    private static boolean isDotAtom(String text) {
        return !text.isEmpty()
                && !text.startsWith(".")
                && !text.endsWith(".")
                && !text.contains("..")
                && text.chars().allMatch(c -> c > 0x20 && c < 0x7f && "()<>[]:;@\\,\"".indexOf(c) < 0);
    }

    private static String escaped(String text, String special) {
        var out = new StringBuilder(text.length());
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            if (special.indexOf(c) >= 0) {
                out.append('\\');
            }
            out.append(c < 0x20 || c == 0x7f ? ' ' : c);
        }
        return out.toString();
    }
}
