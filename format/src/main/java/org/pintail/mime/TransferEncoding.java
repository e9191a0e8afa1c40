package org.pintail.mime;

import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.InputStream;

/// Content-Transfer-Encoding, RFC 2045 §6: base64 and quoted-printable, tolerant when reading.
public final class TransferEncoding {
    private TransferEncoding() {}

    /// The decoded bytes of `in`, streaming; for identity encodings and unknown ones `in` itself.
    public static InputStream decode(InputStream in, String encoding) {
        return switch (encoding) {
            case "base64" -> new Base64Stream(new BufferedInputStream(in));
            case "quoted-printable" -> new QuotedPrintableStream(new BufferedInputStream(in));
            default -> in;
        };
    }

    /// base64, RFC 2045 §6.8: characters outside the alphabet are ignored, padding ends a group.
    private static final class Base64Stream extends InputStream {
        private final InputStream in;
        private int bits;
        private int count;

        Base64Stream(InputStream in) {
            this.in = in;
        }

        @Override
        public int read() throws IOException {
            while (count < 8) {
                int c = in.read();
                if (c < 0) {
                    return -1;
                }
                int value = value(c);
                if (value >= 0) {
                    bits = bits << 6 | value;
                    count += 6;
                } else if (c == '=') {
                    bits = 0;
                    count = 0;
                }
            }
            count -= 8;
            int b = bits >>> count & 0xff;
            bits &= (1 << count) - 1;
            return b;
        }

        @Override
        public int read(byte[] into, int from, int length) throws IOException {
            return readSome(this, into, from, length);
        }

        private static int value(int c) {
            if (c >= 'A' && c <= 'Z') {
                return c - 'A';
            }
            if (c >= 'a' && c <= 'z') {
                return c - 'a' + 26;
            }
            if (c >= '0' && c <= '9') {
                return c - '0' + 52;
            }
            return c == '+' ? 62 : c == '/' ? 63 : -1;
        }

        @Override
        public void close() throws IOException {
            in.close();
        }
    }

    /// quoted-printable, RFC 2045 §6.7: soft line breaks go, white space before a line break goes, broken escapes stay as they are.
    private static final class QuotedPrintableStream extends InputStream {
        private static final int MAX_BLANKS = 1000;
        private final InputStream in;
        private final StringBuilder pending = new StringBuilder();
        private int next;

        QuotedPrintableStream(InputStream in) {
            this.in = in;
        }

        @Override
        public int read() throws IOException {
            while (true) {
                if (next < pending.length()) {
                    return pending.charAt(next++);
                }
                pending.setLength(0);
                next = 0;
                int c = in.read();
                if (c == ' ' || c == '\t') {
                    blanks(c);
                } else if (c == '=') {
                    escape();
                } else {
                    return c;
                }
            }
        }

        private void blanks(int first) throws IOException {
            int c = first;
            while ((c == ' ' || c == '\t') && pending.length() < MAX_BLANKS) {
                pending.append((char) c);
                in.mark(1);
                c = in.read();
            }
            if (c == '\r' || c == '\n') {
                pending.setLength(0);
                pending.append((char) c);
            } else if (c >= 0) {
                in.reset();
            }
        }

        private void escape() throws IOException {
            in.mark(MAX_BLANKS + 2);
            int first = in.read();
            int skipped = 0;
            while ((first == ' ' || first == '\t') && skipped++ < MAX_BLANKS) {
                first = in.read();
            }
            if (first == '\n' || first < 0) {
                return;
            }
            int second = in.read();
            if (first == '\r') {
                if (second != '\n') {
                    in.reset();
                    in.read();
                }
                return;
            }
            int high = skipped > 0 ? -1 : Character.digit(first, 16);
            int low = Character.digit(second, 16);
            if (high >= 0 && low >= 0) {
                pending.append((char) (high << 4 | low));
            } else {
                in.reset();
                pending.append('=');
            }
        }

        @Override
        public int read(byte[] into, int from, int length) throws IOException {
            return readSome(this, into, from, length);
        }

        @Override
        public void close() throws IOException {
            in.close();
        }
    }

    private static int readSome(InputStream in, byte[] into, int from, int length) throws IOException {
        int count = 0;
        while (count < length) {
            int b = in.read();
            if (b < 0) {
                break;
            }
            into[from + count++] = (byte) b;
        }
        return count == 0 && length > 0 ? -1 : count;
    }
}
