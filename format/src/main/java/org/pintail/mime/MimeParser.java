package org.pintail.mime;

import java.io.IOException;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// Finds the structure of a message in one streaming pass. Any bytes in: a tree and a list of problems out, in time linear
/// in the input and with memory bounded by [MimeLimits]. RFC 2045, 2046 §5.1.
public final class MimeParser {
    private static final int MAX_BOUNDARY_LINE = 256;
    private static final int MAX_PROBLEMS = 20;
    private final MimeLimits limits;
    private final LineReader in;
    private final ArrayDeque<OpenPart> open = new ArrayDeque<>();
    private final List<String> problems = new ArrayList<>();
    private int parts;
    private int lines;
    private int previousBreak;

    private MimeParser(LineReader in, MimeLimits limits) {
        this.in = in;
        this.limits = limits;
    }

    public static ParsedMessage parse(Source message, MimeLimits limits) throws IOException {
        var digest = Sha256.digest();
        try (var stream = message.open()) {
            var parser = new MimeParser(new LineReader(stream, digest), limits);
            var root = parser.run();
            return new ParsedMessage(root, parser.in.end(), HexFormat.of().formatHex(digest.digest()), parser.problems);
        }
    }

    public static ParsedMessage parse(Source message) throws IOException {
        return parse(message, MimeLimits.DEFAULT);
    }

    private MimePart run() throws IOException {
        var root = new OpenPart(null, 0, limits);
        push(root);
        while (in.next(keep())) {
            line();
            previousBreak = in.breakLength();
            lines += in.breakLength() > 0 ? 1 : 0;
        }
        close(root, in.end(), lines);
        return root.finish("");
    }

    /// How much of the next line matters: header lines whole, others only as far as a boundary can reach.
    private int keep() {
        return open.getFirst().inHeader() ? limits.headerBytes() : MAX_BOUNDARY_LINE;
    }

    private void line() {
        var current = open.getFirst();
        if (in.keptLength() >= 2 && in.kept()[0] == '-' && in.kept()[1] == '-' && in.isWhole() && boundary()) {
            return;
        }
        if (!current.inHeader()) {
            return;
        }
        if (in.isEmpty()) {
            endHeader(current, in.end(), lines + (in.breakLength() > 0 ? 1 : 0));
        } else if (!current.addHeaderLine(in.kept(), in.keptLength())) {
            problem("header beyond " + limits.headerBytes() + " bytes not looked into");
        }
    }

    private void endHeader(OpenPart part, long bodyStart, int linesBefore) {
        part.endHeader(bodyStart, linesBefore);
        if (part.isMultipart() && part.boundary() == null) {
            problem("multipart without boundary");
        }
        if (part.isMessage() || part.boundary() != null) {
            if (open.size() >= limits.depth()) {
                part.keepWhole();
                problem("parts nested deeper than " + limits.depth() + " not divided");
            } else if (part.isMessage() && mayAdd()) {
                push(part.startMessage(bodyStart, limits));
            }
        }
    }

    private boolean mayAdd() {
        if (parts < limits.parts()) {
            return true;
        }
        problem("more than " + limits.parts() + " parts; the rest is not divided");
        return false;
    }

    private void push(OpenPart part) {
        parts++;
        open.addFirst(part);
    }

    /// Handles the line if it is a delimiter of an open multipart, the innermost first (RFC 2046 §5.1.1, §5.1.2).
    private boolean boundary() {
        var owner = owner();
        if (owner == null) {
            return false;
        }
        boolean last = owner.isCloseDelimiter(in.kept(), in.keptLength());
        if (!last && !mayAdd()) {
            return false;
        }
        long end = in.start() - previousBreak;
        while (open.getFirst() != owner) {
            end = close(open.getFirst(), end, lines - (previousBreak > 0 ? 1 : 0));
        }
        if (last) {
            owner.endParts();
        } else {
            push(owner.startChild(in.end(), limits));
        }
        return true;
    }

    private @Nullable OpenPart owner() {
        for (var part : open) {
            if (part.isDelimiter(in.kept(), in.keptLength())) {
                return part;
            }
        }
        return null;
    }

    /// Ends `part` and everything inside it at `wanted`, or later where a part without a body begins there: the line break before a
    /// delimiter may be the one that ended the header. Returns the place, for what is around.
    private long close(OpenPart part, long wanted, int linesBefore) {
        long end = wanted;
        while (true) {
            var inner = open.removeFirst();
            if (inner.inHeader()) {
                inner.endHeader(Math.max(end, inner.headerStart()), linesBefore);
            }
            end = inner.end(end, linesBefore);
            if (inner.partsMissing()) {
                problem("multipart without its closing boundary");
            }
            if (inner == part) {
                return end;
            }
        }
    }

    private void problem(String text) {
        if (problems.size() < MAX_PROBLEMS && !problems.contains(text)) {
            problems.add(text);
        }
    }
}
