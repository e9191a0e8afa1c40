package org.pintail.imap.search;

import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.Reader;
import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import java.util.Locale;
import org.pintail.mime.MimePart;
import org.pintail.mime.Source;
import org.pintail.mime.TransferEncoding;

/// Looks for text in the decoded text parts of a message, those of attached messages as well, a window at a time.
final class TextParts {
    private static final int WINDOW = 16 * 1024;

    private TextParts() {}

    static boolean contain(Source message, MimePart part, String lowerCase) throws IOException {
        if (part.message() != null) {
            return contain(message, part.message(), lowerCase);
        }
        for (var child : part.children()) {
            if (contain(message, child, lowerCase)) {
                return true;
            }
        }
        if (!part.isText()) {
            return false;
        }
        try (InputStream raw = message.open(part.bodyStart(), part.bodySize());
                var reader = new InputStreamReader(TransferEncoding.decode(raw, part.encoding()), charset(part))) {
            return contains(reader, lowerCase);
        }
    }

    private static boolean contains(Reader reader, String lowerCase) throws IOException {
        var window = new StringBuilder();
        var chars = new char[WINDOW];
        int got = reader.read(chars);
        while (got >= 0) {
            window.append(new String(chars, 0, got).toLowerCase(Locale.ROOT));
            if (window.indexOf(lowerCase) >= 0) {
                return true;
            }
            window.delete(0, Math.max(0, window.length() - lowerCase.length()));
            got = reader.read(chars);
        }
        return lowerCase.isEmpty();
    }

    private static Charset charset(MimePart part) {
        var name = part.parameters().value("charset").orElse("us-ascii");
        try {
            if (!name.equalsIgnoreCase("us-ascii") && Charset.isSupported(name)) {
                return Charset.forName(name);
            }
        } catch (IllegalArgumentException noName) {
            return StandardCharsets.UTF_8;
        }
        return StandardCharsets.UTF_8;
    }
}
