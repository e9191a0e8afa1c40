package org.pintail.mail;

import java.text.Normalizer;
import java.util.Locale;
import org.pintail.address.MailAddress;

/// The forms an address is kept in: `address` and `addrview` (http-api §5).
final class StoredAddress {
    /// Characters of a wildcard's fixed part in the local part (data-model §11).
    static final int MAX_WILDCARD = 32;

    private StoredAddress() {}

    /// Normal form as stored: NFC, lower case, domain in Unicode; no label.
    /// Wildcards are `*@d`, `*suffix@d`, `prefix*@d`, `user@*`.
    static String normal(String address) {
        var text = Normalizer.normalize(address.strip(), Normalizer.Form.NFC).toLowerCase(Locale.ROOT);
        if (text.indexOf('+') >= 0) {
            throw new Refusal(Refusal.Code.INVALID, "Address can not contain +");
        }
        int star = text.indexOf('*');
        if (star < 0) {
            return MailAddress.parse(text).map(MailAddress::normalized).orElseThrow(() -> invalid(address));
        }
        int at = text.lastIndexOf('@');
        if (at < 1 || text.indexOf('*', star + 1) >= 0) {
            throw invalid(address);
        }
        var local = text.substring(0, at);
        if (star > at) {
            if (at + 2 != text.length() || MailAddress.parse(local + "@example.com").isEmpty()) {
                throw invalid(address);
            }
            return text;
        }
        if (star != 0 && star != local.length() - 1 || local.length() - 1 > MAX_WILDCARD) {
            throw invalid(address);
        }
        var stand = MailAddress.parse(local.replace('*', 'x') + text.substring(at)).orElseThrow(() -> invalid(address));
        return local + "@" + stand.domain();
    }

    private static Refusal invalid(String address) {
        return new Refusal(Refusal.Code.INVALID, "Not a usable address: " + address);
    }

    static String view(String normal) {
        int at = normal.lastIndexOf('@');
        return normal.substring(0, at).replace(".", "") + normal.substring(at);
    }

    /// A domain in normal form. Refuses INVALID.
    static String domain(String text) {
        return MailAddress.parse("x@" + text.strip())
                .map(MailAddress::domain)
                .orElseThrow(() -> new Refusal(Refusal.Code.INVALID, "Not a domain: " + text));
    }
}
