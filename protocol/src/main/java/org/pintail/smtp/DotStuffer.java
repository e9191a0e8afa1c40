package org.pintail.smtp;

import java.io.IOException;
import java.io.OutputStream;
import org.pintail.mime.Source;

/// Writes a message as DATA wants it (RFC 5321 §4.5.2): every line break is CRLF, a line that begins with a dot gets another one, and CRLF "." CRLF ends it.
public record DotStuffer(OutputStream out) {
    private static final int BLOCK = 16 * 1024;

    public void write(Source message) throws IOException {
        body(message);
        out.write(new byte[] {'.', '\r', '\n'});
    }

    /// Without the final dot.
    private void body(Source message) throws IOException {
        int last = '\n';
        boolean lineStart = true;
        try (var in = message.open()) {
            var block = new byte[BLOCK];
            for (int count = in.read(block); count >= 0; count = in.read(block)) {
                int from = 0;
                for (int i = 0; i < count; i++) {
                    byte b = block[i];
                    if (lineStart && b == '.') {
                        out.write(block, from, i - from);
                        out.write('.');
                        from = i;
                    } else if (b == '\n' && last != '\r') {
                        out.write(block, from, i - from);
                        out.write('\r');
                        from = i;
                    } else if (last == '\r' && b != '\n') {
                        out.write(block, from, i - from);
                        out.write('\n');
                        from = i;
                        if (b == '.') {
                            out.write('.');
                        }
                    }
                    lineStart = b == '\n';
                    last = b;
                }
                out.write(block, from, count - from);
            }
        }
        if (last == '\r') {
            out.write('\n');
        } else if (!lineStart) {
            out.write(new byte[] {'\r', '\n'});
        }
    }
}
