package org.pintail.smtp;

import java.util.List;

/// Takes the enhanced status code (RFC 2034 §4, RFC 3463 §2) off the text of a reply.
///
///     status-code = class "." subject "." detail
final class ReplyText {
    private ReplyText() {}

    static SmtpReply parse(int code, List<String> lines) {
        var first = lines.getFirst();
        int space = first.indexOf(' ');
        var status = space < 0 ? first : first.substring(0, space);
        if (!isStatus(status, code)) {
            return new SmtpReply(code, "", lines);
        }
        return new SmtpReply(code, status, lines.stream().map(l -> l.startsWith(status) ? l.substring(status.length()).strip() : l).toList());
    }

    private static boolean isStatus(String text, int code) {
        var parts = text.split("\\.", -1);
        return parts.length == 3
                && parts[0].equals(Integer.toString(code / 100))
                && parts[1].matches("\\d{1,3}")
                && parts[2].matches("\\d{1,3}");
    }
}
