package org.pintail.pop3;

import java.io.BufferedInputStream;
import java.io.IOException;
import org.pintail.mime.Source;

/// How far TOP reaches: the header, the empty line, and some lines of the body (RFC 1939 §7).
final class TopLines {
    private TopLines() {}

    static long length(Source message, int bodyLines) throws IOException {
        try (var in = new BufferedInputStream(message.open())) {
            long length = 0;
            boolean inBody = false;
            boolean emptyLine = true;
            int lines = 0;
            for (int b = in.read(); b >= 0; b = in.read()) {
                if (inBody && lines == bodyLines) {
                    return length;
                }
                length++;
                if (b == '\n') {
                    lines += inBody ? 1 : 0;
                    inBody |= emptyLine;
                    emptyLine = true;
                } else if (b != '\r') {
                    emptyLine = false;
                }
            }
            return length;
        }
    }
}
