package org.pintail.imap;

import java.io.IOException;
import java.io.InputStream;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.pintail.imap.wire.BadCommand;
import org.pintail.imap.wire.ImapReader;
import org.pintail.mime.MimePart;
import org.pintail.mime.Source;
import org.pintail.mime.TransferEncoding;

/// A part without its transfer encoding: BINARY and BINARY.SIZE — RFC 3516 §4.2.
///
///     section-binary = "[" [section-part] "]"
///
/// @param number part number, "" for the message as it is
/// @param from first byte wanted, -1 when no partial was asked for
record BinarySection(String number, long from, long length) {
    private static final Set<String> KNOWN = Set.of("7bit", "8bit", "binary", "base64", "quoted-printable");

    /// How much there is of what is decoded, and whether a literal can hold it.
    record Measured(long size, boolean hasNul) {}

    static BinarySection parse(ImapReader in) throws IOException {
        in.expect('[');
        var section = BodySection.parse(in);
        in.expect(']');
        if (section.kind() != BodySection.Kind.ALL) {
            throw new BadCommand("Invalid section: BINARY takes a part number");
        }
        return new BinarySection(section.number(), -1, Long.MAX_VALUE);
    }

    BinarySection part(long newFrom, long newLength) {
        return new BinarySection(number, newFrom, newLength);
    }

    /// False where the encoding of the part is none that can be taken off.
    boolean canDecode(MimePart root) {
        var part = find(root);
        return number.isEmpty() || part == null || KNOWN.contains(part.encoding());
    }

    private @Nullable MimePart find(MimePart root) {
        return root.find(number).orElse(null);
    }

    /// Null when the message has no such part. The caller closes it.
    @Nullable InputStream open(Source message, MimePart root) throws IOException {
        if (number.isEmpty()) {
            return message.open();
        }
        var part = find(root);
        return part == null ? null : TransferEncoding.decode(message.open(part.bodyStart(), part.bodySize()), part.encoding());
    }

    /// Reads it all: how large it is only decoding tells.
    @Nullable Measured measure(Source message, MimePart root) throws IOException {
        try (var in = open(message, root)) {
            if (in == null) {
                return null;
            }
            var buffer = new byte[16 * 1024];
            long size = 0;
            boolean nul = false;
            for (int n = in.read(buffer); n >= 0; n = in.read(buffer)) {
                size += n;
                for (int i = 0; i < n && !nul; i++) {
                    nul = buffer[i] == 0;
                }
            }
            return new Measured(size, nul);
        }
    }
}
