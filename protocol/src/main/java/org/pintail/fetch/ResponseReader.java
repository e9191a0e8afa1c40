package org.pintail.fetch;

import java.io.ByteArrayOutputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.Locale;
import java.util.Map;
import org.pintail.backend.Bytes;

/// Reads one HTTP/1.1 answer (RFC 9112 §6): a body by its length, in chunks, or to the end of the connection; never more than allowed.
final class ResponseReader {
    private static final int MAX_LINE = 8192;
    private static final int MAX_FIELDS = 100;
    private static final int MAX_INFORMATIONAL = 5;
    private final InputStream in;
    private final int maxBytes;
    private final ByteArrayOutputStream body = new ByteArrayOutputStream();

    ResponseReader(InputStream in, int maxBytes) {
        this.in = in;
        this.maxBytes = maxBytes;
    }

    HttpsClient.Response read() throws IOException {
        for (int i = 0; i < MAX_INFORMATIONAL; i++) {
            int status = status(line());
            var fields = fields();
            if (status >= 200) {
                readBody(status, fields);
                return new HttpsClient.Response(status, fields, Bytes.wrap(body.toByteArray()));
            }
        }
        throw new IOException("the server sent only informational answers");
    }

    ///     status-line = "HTTP/1." DIGIT SP 3DIGIT SP [reason-phrase]
    private static int status(String line) throws IOException {
        boolean fits = line.length() >= 12 && line.startsWith("HTTP/1.") && line.charAt(8) == ' '
                && line.substring(9, 12).chars().allMatch(c -> c >= '0' && c <= '9')
                && (line.length() == 12 || line.charAt(12) == ' ');
        if (!fits) {
            throw new IOException("expected an HTTP/1.1 answer");
        }
        return Integer.parseInt(line.substring(9, 12));
    }

    private Map<String, String> fields() throws IOException {
        var fields = new HashMap<String, String>();
        for (int count = 0; count <= MAX_FIELDS; count++) {
            var line = line();
            if (line.isEmpty()) {
                return fields;
            }
            int colon = line.indexOf(':');
            if (colon < 1) {
                throw new IOException("expected a header field");
            }
            fields.putIfAbsent(line.substring(0, colon).strip().toLowerCase(Locale.ROOT), line.substring(colon + 1).strip());
        }
        throw new IOException("more than " + MAX_FIELDS + " header fields");
    }

    private void readBody(int status, Map<String, String> fields) throws IOException {
        var encoding = fields.getOrDefault("content-encoding", "identity");
        if (!encoding.equalsIgnoreCase("identity")) {
            throw new IOException("the body is in " + encoding + ", which was not asked for");
        }
        if (status == 204 || status == 304) {
            return;
        }
        var transfer = fields.get("transfer-encoding");
        var length = fields.get("content-length");
        if (transfer != null) {
            if (!transfer.equalsIgnoreCase("chunked")) {
                throw new IOException("transfer encoding " + transfer + " was not asked for");
            }
            chunks();
        } else if (length != null) {
            take(number(length, 10));
        } else {
            copy(Long.MAX_VALUE, false);
        }
    }

    private void chunks() throws IOException {
        while (true) {
            long size = number(line().split(";", 2)[0].strip(), 16);
            if (size == 0) {
                return; // trailers, if any, are not read
            }
            take(size);
            if (!line().isEmpty()) {
                throw new IOException("a chunk is longer than it says");
            }
        }
    }

    private static long number(String text, int radix) throws IOException {
        boolean digits = !text.isEmpty() && text.length() <= 15 && text.chars().allMatch(c -> c < 0x80 && Character.digit(c, radix) >= 0);
        if (!digits) {
            throw new IOException("expected a length, found \"" + (text.length() > 20 ? text.substring(0, 20) : text) + "\"");
        }
        return Long.parseLong(text, radix);
    }

    private void take(long length) throws IOException {
        if (length > maxBytes - body.size()) {
            throw tooBig();
        }
        copy(length, true);
    }

    private void copy(long length, boolean whole) throws IOException {
        var block = new byte[8192];
        for (long left = length; left > 0; ) {
            int count = in.read(block, 0, (int) Math.min(block.length, left));
            if (count < 0 && whole) {
                throw new EOFException("the body ends too early");
            }
            if (count < 0) {
                return;
            }
            if (count > maxBytes - body.size()) {
                throw tooBig();
            }
            body.write(block, 0, count);
            left -= count;
        }
    }

    private IOException tooBig() {
        return new IOException("the body is larger than " + maxBytes + " bytes");
    }

    private String line() throws IOException {
        var line = new ByteArrayOutputStream();
        while (line.size() <= MAX_LINE) {
            int b = in.read();
            if (b < 0) {
                throw new EOFException("the answer ends too early");
            }
            if (b == '\n') {
                return line.toString(StandardCharsets.ISO_8859_1).stripTrailing();
            }
            line.write(b);
        }
        throw new IOException("a line is longer than " + MAX_LINE + " bytes");
    }
}
