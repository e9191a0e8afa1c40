package org.pintail.imap;

import java.io.FilterOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Locale;
import org.pintail.imap.wire.No;
import org.pintail.mime.MimeParser;
import org.pintail.mime.MimePart;
import org.pintail.mime.Source;
import org.pintail.mime.Spool;

/// A message that came as a literal8 (RFC 3516 §4.4), as it is kept: what was declared `binary` is base64, so that every client can fetch it
/// as text. Everything else stays byte for byte.
final class BinaryParts {
    private static final String FIELD = "content-transfer-encoding:";
    private final Source message;
    private final OutputStream out;
    private long written;

    private BinaryParts(Source message, OutputStream out) {
        this.message = message;
        this.out = out;
    }

    /// `message` itself where nothing is binary, else `into`; the other one is closed.
    static Spool encoded(Spool message, Spool into) throws IOException {
        var binary = new ArrayList<MimePart>();
        collect(MimeParser.parse(message).root(), binary);
        var result = message;
        try {
            if (!binary.isEmpty()) {
                new BinaryParts(message, into).write(binary);
                result = into;
            }
            refuseNul(result);
            return result;
        } finally {
            (result == message ? into : message).close();
        }
    }

    /// In the order of their places.
    private static void collect(MimePart part, List<MimePart> binary) {
        if (part.encoding().equals("binary")) {
            binary.add(part);
        }
        part.children().forEach(p -> collect(p, binary));
        if (part.message() != null) {
            collect(part.message(), binary);
        }
    }

    private void write(List<MimePart> binary) throws IOException {
        for (var part : binary) {
            boolean leaf = part.children().isEmpty() && part.message() == null;
            copyTo(part.headerStart());
            header(part, leaf ? "base64" : "8bit");
            if (leaf) {
                body(part);
            }
        }
        copyTo(message.size());
    }

    private void copyTo(long place) throws IOException {
        if (place > written) {
            message.slice(written, place - written).writeTo(out);
            written = place;
        }
    }

    /// The header with another Content-Transfer-Encoding.
    private void header(MimePart part, String encoding) throws IOException {
        var text = new String(
                message.read(part.headerStart(), part.bodyStart() - part.headerStart()), StandardCharsets.ISO_8859_1);
        boolean skipping = false;
        for (int at = 0; at < text.length(); ) {
            int end = text.indexOf('\n', at);
            var line = text.substring(at, end < 0 ? text.length() : end + 1);
            at += line.length();
            boolean folded = line.startsWith(" ") || line.startsWith("\t");
            if (folded && skipping) {
                continue;
            }
            skipping = line.toLowerCase(Locale.ROOT).startsWith(FIELD);
            var kept = skipping ? "Content-Transfer-Encoding: " + encoding + "\r\n" : line;
            out.write(kept.getBytes(StandardCharsets.ISO_8859_1));
        }
        written = part.bodyStart();
    }

    private void body(MimePart part) throws IOException {
        try (var base64 = Base64.getMimeEncoder().wrap(new Open(out));
                var in = message.open(part.bodyStart(), part.bodySize())) {
            in.transferTo(base64);
        }
        written = part.bodyEnd();
        if (written == message.size()) {
            out.write('\r');
            out.write('\n');
        }
    }

    /// Ends what is written to it without ending what is below.
    private static final class Open extends FilterOutputStream {
        Open(OutputStream out) {
            super(out);
        }

        @Override
        public void write(byte[] bytes, int from, int length) throws IOException {
            out.write(bytes, from, length);
        }

        @Override
        public void close() throws IOException {
            flush();
        }
    }

    private static void refuseNul(Source message) throws IOException {
        var buffer = new byte[16 * 1024];
        try (var in = message.open()) {
            for (int got = in.read(buffer); got >= 0; got = in.read(buffer)) {
                for (int i = 0; i < got; i++) {
                    if (buffer[i] == 0) {
                        throw new No("UNKNOWN-CTE", "NUL outside of parts that are declared binary");
                    }
                }
            }
        }
    }
}
