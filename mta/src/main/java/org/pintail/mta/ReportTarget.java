package org.pintail.mta;

import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.util.Locale;
import java.util.Optional;
import org.pintail.address.MailAddress;

/// Where a domain wants reports by mail.
///
///     dmarc-uri = URI [ "!" 1*DIGIT [ "k" / "m" / "g" / "t" ] ]     ; RFC 7489 §6.3: the largest report it takes
///
/// @param limit bytes
record ReportTarget(MailAddress address, long limit) {
    /// Empty for what is no `mailto:` of one address, and for what could begin another header field.
    static Optional<ReportTarget> parse(String uri) {
        if (!uri.regionMatches(true, 0, "mailto:", 0, 7)) {
            return Optional.empty();
        }
        int mark = uri.indexOf('!');
        var text = uri.substring(7, mark < 0 ? uri.length() : mark).split("\\?", 2)[0];
        long limit = mark < 0 ? Long.MAX_VALUE : size(uri.substring(mark + 1).toLowerCase(Locale.ROOT));
        try {
            var decoded = URLDecoder.decode(text.replace("+", "%2B"), StandardCharsets.UTF_8);
            return limit <= 0 ? Optional.empty() : MailAddress.parse(decoded).map(address -> new ReportTarget(address, limit));
        } catch (IllegalArgumentException e) {
            return Optional.empty(); // % that encodes nothing
        }
    }

    private static long size(String text) {
        var digits = text.isEmpty() || Character.isDigit(text.charAt(text.length() - 1)) ? text : text.substring(0, text.length() - 1);
        boolean number = !digits.isEmpty() && digits.length() <= 6 && digits.chars().allMatch(c -> c >= '0' && c <= '9');
        int shift = text.equals(digits)
                ? 0
                : switch (text.charAt(text.length() - 1)) {
                    case 'k' -> 10;
                    case 'm' -> 20;
                    case 'g' -> 30;
                    case 't' -> 40;
                    default -> -1;
                };
        return number && shift >= 0 ? Long.parseLong(digits) << shift : 0;
    }
}
