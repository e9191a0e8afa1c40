package org.pintail.mime;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import org.pintail.header.Headers;

/// A part whose end the parser has not seen yet.
final class OpenPart {
    private final @Nullable OpenPart parent;
    private final long headerStart;
    private final MimeLimits limits;
    private byte @Nullable [] headerBytes = new byte[1024];
    private int headerLength;
    private boolean headerFull;
    private Headers headers = Headers.EMPTY;
    private long bodyStart = -1;
    private long bodyEnd;
    private int linesAtStart;
    private int lines;
    private ContentType contentType = ContentType.TEXT_PLAIN;
    private String encoding = "7bit";
    private byte @Nullable [] boundary;
    /// The boundary without apostrophes around it: some mailers quote it with them and write delimiters without.
    private byte @Nullable [] bareBoundary;

    private boolean partsEnded;
    private final List<OpenPart> children = new ArrayList<>(0);
    private @Nullable OpenPart message;

    OpenPart(@Nullable OpenPart parent, long headerStart, MimeLimits limits) {
        this.parent = parent;
        this.headerStart = headerStart;
        this.limits = limits;
    }

    boolean inHeader() {
        return bodyStart < 0;
    }

    long headerStart() {
        return headerStart;
    }

    /// False when the line is beyond what is looked into.
    boolean addHeaderLine(byte[] line, int length) {
        var bytes = headerBytes;
        headerFull |= headerLength + length + 2 > limits.headerBytes();
        if (bytes == null || headerFull) {
            return false; // nor anything after it: it might continue what was left out
        }
        if (headerLength + length + 2 > bytes.length) {
            bytes = Arrays.copyOf(bytes, Math.max(bytes.length * 2, headerLength + length + 2));
            headerBytes = bytes;
        }
        System.arraycopy(line, 0, bytes, headerLength, length);
        headerLength += length;
        bytes[headerLength++] = '\r';
        bytes[headerLength++] = '\n';
        return true;
    }

    void endHeader(long bodyStartsAt, int linesBefore) {
        bodyStart = bodyStartsAt;
        linesAtStart = linesBefore;
        var bytes = headerBytes;
        if (bytes != null) {
            headers = Headers.parse(bytes, headerLength, limits.headerFields());
            headerBytes = null;
        }
        contentType = headers.first("content-type")
                .map(f -> ContentType.parse(f.value()))
                .orElse(parent != null && parent.isDigest() ? ContentType.MESSAGE_RFC822 : ContentType.TEXT_PLAIN);
        encoding = headers.value("content-transfer-encoding").map(OpenPart::firstWord).orElse("7bit");
        if (contentType.type().equals("multipart")) {
            boundary = headers.first("content-type")
                    .map(f -> ContentType.boundary(f.unfolded()))
                    .filter(b -> b.length > 0)
                    .orElse(null);
            var b = boundary;
            if (b != null && b.length > 2 && b[0] == '\'' && b[b.length - 1] == '\'') {
                bareBoundary = Arrays.copyOfRange(b, 1, b.length - 1);
            }
        }
    }

    private static String firstWord(String value) {
        var lower = value.toLowerCase(Locale.ROOT);
        int end = 0;
        while (end < lower.length() && " ;\t(".indexOf(lower.charAt(end)) < 0) {
            end++;
        }
        return end == 0 ? "7bit" : lower.substring(0, end);
    }

    private boolean isDigest() {
        return contentType.type().equals("multipart") && contentType.subtype().equals("digest");
    }

    boolean isMultipart() {
        return contentType.type().equals("multipart");
    }

    /// RFC 2046 §5.2.1: only identity encodings may stand on a message/rfc822 that is to be looked into.
    boolean isMessage() {
        return contentType.type().equals("message")
                && (contentType.subtype().equals("rfc822") || contentType.subtype().equals("global"))
                && (encoding.equals("7bit") || encoding.equals("8bit") || encoding.equals("binary"));
    }

    byte @Nullable [] boundary() {
        return boundary;
    }

    void keepWhole() {
        boundary = null;
    }

    /// `--boundary` or `--boundary--`, white space allowed after it.
    boolean isDelimiter(byte[] line, int length) {
        if (partsEnded || inHeader()) {
            return false;
        }
        int end = boundaryEnd(line, length);
        return end > 0 && (blank(line, end, length) || isCloseDelimiter(line, length));
    }

    /// Where the boundary ends in `line`, 0 where it is none.
    private int boundaryEnd(byte[] line, int length) {
        if (startsWith(line, length, boundary)) {
            return 2 + Objects.requireNonNull(boundary).length;
        }
        return startsWith(line, length, bareBoundary) ? 2 + Objects.requireNonNull(bareBoundary).length : 0;
    }

    private static boolean startsWith(byte[] line, int length, byte @Nullable [] b) {
        return b != null && length >= b.length + 2 && Arrays.equals(line, 2, 2 + b.length, b, 0, b.length);
    }

    boolean isCloseDelimiter(byte[] line, int length) {
        int end = boundaryEnd(line, length);
        return end > 0 && length >= end + 2 && line[end] == '-' && line[end + 1] == '-' && blank(line, end + 2, length);
    }

    private static boolean blank(byte[] line, int from, int to) {
        for (int i = from; i < to; i++) {
            if (line[i] != ' ' && line[i] != '\t') {
                return false;
            }
        }
        return true;
    }

    void endParts() {
        partsEnded = true;
    }

    boolean partsMissing() {
        return boundary != null && !partsEnded;
    }

    OpenPart startChild(long at, MimeLimits childLimits) {
        var child = new OpenPart(this, at, childLimits);
        children.add(child);
        return child;
    }

    OpenPart startMessage(long at, MimeLimits childLimits) {
        var child = new OpenPart(null, at, childLimits);
        message = child;
        return child;
    }

    /// Ends the body at `at`, or where it begins if that is later; returns which.
    long end(long at, int linesBefore) {
        bodyEnd = Math.max(at, bodyStart);
        lines = Math.max(0, linesBefore - linesAtStart);
        return bodyEnd;
    }

    /// The finished part; `number` is the IMAP number of its container ("" for the whole message).
    MimePart finish(String number) {
        var finished = new ArrayList<MimePart>(children.size());
        for (int i = 0; i < children.size(); i++) {
            finished.add(children.get(i).finish(number.isEmpty() ? String.valueOf(i + 1) : number + "." + (i + 1)));
        }
        var inner = message == null ? null : finishMessage(message, number);
        var disposition = headers.value("content-disposition").map(ContentType::disposition);
        return new MimePart(
                number,
                headerStart,
                bodyStart,
                bodyEnd,
                lines,
                contentType.type(),
                contentType.subtype(),
                contentType.parameters(),
                encoding,
                disposition.map(ContentType::type).orElse(null),
                disposition.map(ContentType::parameters).orElse(Parameters.NONE),
                headers,
                finished,
                inner);
    }

    /// RFC 9051 §6.4.5.1: parts of an enclosed multipart go on counting below the number of the message; an enclosed leaf is its part 1.
    private static MimePart finishMessage(OpenPart message, String number) {
        var base = number.isEmpty() ? "1" : number;
        return message.finish(message.isMultipart() ? base : base + ".1");
    }
}
