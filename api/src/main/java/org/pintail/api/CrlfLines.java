package org.pintail.api;

import java.util.Arrays;

/// Uploaded messages: mail has CRLF at the end of its lines (RFC 5322 §2.3), files on many systems do not.
final class CrlfLines {
    private CrlfLines() {}

    /// `message` with CR before each LF that has none; itself where there is no such LF.
    static byte[] of(byte[] message) {
        int missing = 0;
        for (int i = 0; i < message.length; i++) {
            missing += bare(message, i) ? 1 : 0;
        }
        if (missing == 0) {
            return message;
        }
        var out = Arrays.copyOf(message, message.length + missing);
        int to = 0;
        for (int i = 0; i < message.length; i++) {
            if (bare(message, i)) {
                out[to++] = '\r';
            }
            out[to++] = message[i];
        }
        return out;
    }

    private static boolean bare(byte[] message, int at) {
        return message[at] == '\n' && (at == 0 || message[at - 1] != '\r');
    }
}
