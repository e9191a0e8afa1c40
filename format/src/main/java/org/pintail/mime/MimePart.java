package org.pintail.mime;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.pintail.header.Headers;

/// One node of the tree of parts, by its place in the message: every offset counts bytes from the start of the whole message.
/// `number` is the IMAP part number (RFC 9051 §6.4.5.1): "" for the message itself, "1", "1.2" …
/// The header takes [headerStart, bodyStart) including the empty line that ends it; the body takes [bodyStart, bodyEnd),
/// without the line break that belongs to the boundary after it. `lines` counts line breaks in the body.
/// `type`, `subtype` and `encoding` are lower case and have their defaults (text/plain, 7bit) where the part says nothing.
/// A multipart has `children`; a message/rfc822 (or message/global) has exactly one child in `message`.
public record MimePart(
        String number,
        long headerStart,
        long bodyStart,
        long bodyEnd,
        int lines,
        String type,
        String subtype,
        Parameters parameters,
        String encoding,
        @Nullable String disposition,
        Parameters dispositionParameters,
        Headers headers,
        List<MimePart> children,
        @Nullable MimePart message) {
    public MimePart {
        children = List.copyOf(children);
    }

    public boolean isMultipart() {
        return type.equals("multipart");
    }

    public boolean isText() {
        return type.equals("text");
    }

    public long bodySize() {
        return bodyEnd - bodyStart;
    }

    /// The same message with whole header fields in front of it.
    public MimePart behind(byte[] head) {
        if (head.length == 0) {
            return this;
        }
        var fields = new ArrayList<>(Headers.parse(head).fields());
        fields.addAll(headers.fields());
        var moved = moved(head.length, new Headers(fields));
        return new MimePart(
                number, headerStart, moved.bodyStart, moved.bodyEnd, lines, type, subtype, parameters, encoding, disposition,
                dispositionParameters, moved.headers, moved.children, moved.message);
    }

    private MimePart moved(long bytes, Headers fields) {
        return new MimePart(
                number, headerStart + bytes, bodyStart + bytes, bodyEnd + bytes, lines, type, subtype, parameters, encoding, disposition,
                dispositionParameters, fields, children.stream().map(c -> c.moved(bytes, c.headers)).toList(),
                message == null ? null : message.moved(bytes, message.headers));
    }

    /// The file name from Content-Disposition, else from Content-Type, decoded (RFC 2231, and RFC 2047 where mailers use it).
    public Optional<String> filename() {
        return dispositionParameters.value("filename").or(() -> parameters.value("name"));
    }

    /// The part with this IMAP part number, if there is one. RFC 9051 §6.4.5.1: "1" of a message that is no multipart is its
    /// body; numbers continue inside message/rfc822.
    public Optional<MimePart> find(String partNumber) {
        var node = this;
        boolean first = true;
        for (var step : partNumber.split("\\.", -1)) {
            if (step.isEmpty() || step.length() > 6 || !step.chars().allMatch(Character::isDigit)) {
                return Optional.empty();
            }
            int n = Integer.parseInt(step);
            if (!first) {
                if (node.message != null) {
                    node = node.message;
                } else if (!node.isMultipart()) {
                    return Optional.empty();
                }
            }
            if (node.isMultipart()) {
                if (n < 1 || n > node.children.size()) {
                    return Optional.empty();
                }
                node = node.children.get(n - 1);
            } else if (n != 1) {
                return Optional.empty();
            }
            first = false;
        }
        return Optional.of(node);
    }
}
