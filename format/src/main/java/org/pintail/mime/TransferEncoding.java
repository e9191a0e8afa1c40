package org.pintail.mime;

import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.util.Arrays;

/// Content-Transfer-Encoding, RFC 2045 §6: base64 and quoted-printable, tolerant when reading.
public final class TransferEncoding {
    private static final int BUFFER = 8192;

    private TransferEncoding() {}

    /// Whether [#decode] gives what it gets.
    public static boolean isIdentity(String encoding) {
        return !encoding.equals("base64") && !encoding.equals("quoted-printable");
    }

    /// The decoded bytes of `in`, streaming; for identity encodings and unknown ones `in` itself.
    public static InputStream decode(InputStream in, String encoding) {
        return switch (encoding) {
            case "base64" -> new Base64Stream(in);
            case "quoted-printable" -> new QuotedPrintableStream(new BufferedInputStream(in));
            default -> in;
        };
    }

    /// base64, RFC 2045 §6.8: characters outside the alphabet are ignored, padding ends a group.
    private static final class Base64Stream extends InputStream {
        private static final byte IGNORED = -1;
        private static final byte PADDING = -2;
        private static final byte[] VALUES = values();
        private final InputStream in;
        private final byte[] buffer = new byte[BUFFER];
        private int next;
        private int end;
        private int bits;
        private int count;

        Base64Stream(InputStream in) {
            this.in = in;
        }

        private static byte[] values() {
            var alphabet = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
            var values = new byte[256];
            Arrays.fill(values, IGNORED);
            for (int i = 0; i < alphabet.length(); i++) {
                values[alphabet.charAt(i)] = (byte) i;
            }
            values['='] = PADDING;
            return values;
        }

        @Override
        public int read() throws IOException {
            var one = new byte[1];
            return read(one, 0, 1) < 0 ? -1 : one[0] & 0xff;
        }

        @Override
        public int read(byte[] into, int from, int length) throws IOException {
            int at = from;
            int stop = from + length;
            while (at < stop && (next < end || fill())) {
                at = count == 0 ? groups(into, at, stop) : at;
                at = next < end && at < stop ? character(into, at) : at;
            }
            return at == from && length > 0 ? -1 : at - from;
        }

        private boolean fill() throws IOException {
            next = 0;
            end = Math.max(0, in.read(buffer, 0, buffer.length));
            return end > 0;
        }

        /// Whole groups of four characters of the alphabet, as far as they go without anything in between.
        private int groups(byte[] into, int from, int stop) {
            int at = from;
            int i = next;
            while (end - i >= 4 && stop - at >= 3) {
                int group = VALUES[buffer[i] & 0xff] << 18 | VALUES[buffer[i + 1] & 0xff] << 12
                        | VALUES[buffer[i + 2] & 0xff] << 6 | VALUES[buffer[i + 3] & 0xff];
                if (group < 0) { // one of them is negative
                    break;
                }
                into[at++] = (byte) (group >> 16);
                into[at++] = (byte) (group >> 8);
                into[at++] = (byte) group;
                i += 4;
            }
            next = i;
            return at;
        }

        private int character(byte[] into, int at) {
            int value = VALUES[buffer[next++] & 0xff];
            if (value == PADDING) {
                bits = 0;
                count = 0;
            } else if (value >= 0) {
                bits = bits << 6 | value;
                count += 6;
            }
            if (count < 8) {
                return at;
            }
            count -= 8;
            into[at] = (byte) (bits >>> count);
            bits &= (1 << count) - 1;
            return at + 1;
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
