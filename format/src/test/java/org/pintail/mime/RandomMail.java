package org.pintail.mime;

import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.List;
import java.util.Random;

/// Messages that nobody would write: parts in parts, boundaries that begin alike or occur twice, every kind of line break, and damage.
final class RandomMail {
    private static final List<String> BOUNDARIES = List.of("x", "xx", "x-", "'y'", "a b", "x");
    private static final List<String> TYPES = List.of(
            "text/plain; charset=utf-8", "text/html", "image/png; name=\"a.png\"", "message/rfc822", "application/pdf", "text", "", "multipart/mixed");
    private static final List<String> LINES = List.of(
            "text", "", " ", "--", "--x", "--x--", "--xx", "--x-", "--a b", "--a b--", "--y", "--'y'--", "--x \t", "--x junk", "From a", "A: b", ".", "\0");

    private RandomMail() {}

    static byte[] message(Random random, int depth) {
        var out = new ByteArrayOutputStream();
        var end = List.of("\r\n", "\r\n", "\n", "\r").get(random.nextInt(4));
        write(out, "Subject: a" + end + "From: b@c" + end);
        part(out, random, end, depth);
        var bytes = out.toByteArray();
        if (random.nextInt(3) == 0) {
            for (int n = random.nextInt(5); n > 0; n--) {
                bytes[random.nextInt(bytes.length)] = (byte) random.nextInt(256);
            }
        }
        return bytes;
    }

    private static void write(ByteArrayOutputStream out, String text) {
        out.writeBytes(text.getBytes(StandardCharsets.UTF_8));
    }

    private static void part(ByteArrayOutputStream out, Random random, String end, int depth) {
        if (depth > 0 && random.nextInt(3) > 0) {
            var boundary = BOUNDARIES.get(random.nextInt(BOUNDARIES.size()));
            write(out, "Content-Type: multipart/" + List.of("mixed", "digest", "related").get(random.nextInt(3)) + "; boundary=\"" + boundary + "\"" + end + end);
            for (int n = random.nextInt(4); n > 0; n--) {
                write(out, "--" + boundary + end);
                part(out, random, end, depth - 1);
                write(out, random.nextInt(5) == 0 ? "" : end);
            }
            write(out, random.nextInt(4) == 0 ? "" : "--" + boundary + "--" + end);
            return;
        }
        var type = TYPES.get(random.nextInt(TYPES.size()));
        write(out, type.isEmpty() ? "" : "Content-Type: " + type + end);
        if (random.nextInt(3) == 0) {
            var data = new byte[random.nextInt(12_000)];
            random.nextBytes(data);
            int line = 4 * random.nextInt(1, 30);
            write(out, "Content-Transfer-Encoding: base64" + end + end);
            out.writeBytes(Base64.getMimeEncoder(line, end.getBytes(StandardCharsets.US_ASCII)).encode(data));
            return;
        }
        write(out, random.nextInt(6) == 0 ? "" : end);
        for (int n = random.nextInt(6); n > 0; n--) {
            write(out, LINES.get(random.nextInt(LINES.size())) + end);
        }
        write(out, random.nextInt(8) == 0 ? "z".repeat(random.nextInt(9000)) : "");
    }
}
