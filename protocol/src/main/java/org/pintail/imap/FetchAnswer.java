package org.pintail.imap;

import java.io.IOException;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.pintail.backend.MessageId;
import org.pintail.backend.MessageRow;
import org.pintail.backend.Renderings;
import org.pintail.mime.PartMap;
import org.pintail.mime.Source;

/// Writes `* n FETCH (…)`. Columns come from the row, renderings from the stored content, bytes stream from the store.
final class FetchAnswer {
    private final Authenticated session;
    private final List<FetchItem> items;
    private final Responses out;
    private final boolean needsContent;
    private final boolean needsBytes;
    private long sent;

    FetchAnswer(Authenticated session, List<FetchItem> items, Responses out) {
        this.session = session;
        this.items = items;
        this.out = out;
        this.needsContent = items.stream().anyMatch(FetchAnswer::needsContent);
        this.needsBytes = items.stream().anyMatch(i -> i instanceof FetchItem.Bytes);
    }

    private static boolean needsContent(FetchItem item) {
        return switch (item) {
            case FetchItem.Bytes b -> !b.section().isWholeMessage();
            case FetchItem.Column c ->
                switch (c) {
                    case ENVELOPE, BODYSTRUCTURE, BODY -> true;
                    case UID, FLAGS, INTERNALDATE, SIZE, MODSEQ -> false;
                };
        };
    }

    /// False when [Columns] have it all.
    boolean needsRows() {
        return needsContent || needsBytes;
    }

    /// A line of what [#needsRows] does not ask for.
    void write(int number, Columns columns, int at) throws IOException {
        out.ascii("* ").number(number).ascii(" FETCH (");
        boolean first = true;
        for (var item : items) {
            if (!first) {
                out.sp();
            }
            first = false;
            switch (item) {
                case FetchItem.Column c -> column(c, columns, at);
                case FetchItem.Bytes _ -> throw new IllegalStateException("bytes do not stand in columns");
            }
        }
        out.put(')').crlf();
    }

    private void column(FetchItem.Column column, Columns columns, int at) throws IOException {
        switch (column) {
            case UID -> out.ascii("UID ").number(columns.uid(at));
            case FLAGS -> out.ascii("FLAGS ").bytes(columns.table().rendered(columns.flagNumber(at)));
            case INTERNALDATE -> {
                out.ascii("INTERNALDATE ");
                ImapDate.write(out, columns.internalDate(at));
            }
            case SIZE -> out.ascii("RFC822.SIZE ").number(columns.size(at));
            case MODSEQ -> out.ascii("MODSEQ (").number(columns.modSeq(at)).put(')');
            case ENVELOPE, BODYSTRUCTURE, BODY -> throw new IllegalStateException("renderings do not stand in columns");
        }
    }

    /// Bytes of messages so far.
    long sent() {
        return sent;
    }

    /// A message to be written.
    record Line(int number, MessageRow row, boolean seenChanged) {}

    /// Asks the store for all of them together. Nothing is written for a message that went meanwhile.
    void write(List<Line> lines) throws IOException {
        var rows = lines.stream().map(Line::row).toList();
        var contents = needsContent ? session.messages().renderings(rows) : Map.<MessageId, Renderings>of();
        var messages = needsBytes ? session.messages().open(rows) : Map.<MessageId, Source>of();
        for (var line : lines) {
            var content = contents.get(line.row().id());
            var message = messages.get(line.row().id());
            if ((content != null || !needsContent) && (message != null || !needsBytes)) {
                write(line, content, message);
            }
        }
    }

    /// Once the line has begun, failing ends the dialogue.
    private void write(Line line, @Nullable Renderings content, @Nullable Source message) throws IOException {
        var row = line.row();
        out.ascii("* ").number(line.number()).ascii(" FETCH (");
        try {
            boolean first = true;
            for (var item : items) {
                if (!first) {
                    out.sp();
                }
                first = false;
                item(item, row, content, message);
            }
            if (line.seenChanged()) {
                changed(row);
            }
        } catch (Bye already) {
            throw already;
        } catch (RuntimeException failed) {
            throw new Bye("Internal Server Error", failed);
        }
        out.put(')').crlf();
    }

    private void changed(MessageRow row) throws IOException {
        if (!items.contains(FetchItem.Column.FLAGS)) {
            out.ascii(" FLAGS ").flags(row.flags());
        }
        if (session.dialogue().announcer().condstore() && !items.contains(FetchItem.Column.MODSEQ)) {
            out.ascii(" MODSEQ (").number(row.modSeq()).put(')');
        }
    }

    private void item(FetchItem item, MessageRow row, @Nullable Renderings content, @Nullable Source message)
            throws IOException {
        switch (item) {
            case FetchItem.Column c -> column(c, row, content);
            case FetchItem.Bytes b -> {
                if (message != null) {
                    bytes(b, cut(b.section(), message, content));
                }
            }
        }
    }

    private static @Nullable Source cut(BodySection section, Source message, @Nullable Renderings content) throws IOException {
        return content == null ? message : section.cut(message, PartMap.decode(content.partMap().unsafeArray()));
    }

    private void column(FetchItem.Column column, MessageRow row, @Nullable Renderings content) throws IOException {
        switch (column) {
            case UID -> out.ascii("UID ").number(row.uid());
            case FLAGS -> out.ascii("FLAGS ").flags(row.flags());
            case INTERNALDATE -> {
                out.ascii("INTERNALDATE ");
                ImapDate.write(out, row.internalDate());
            }
            case SIZE -> out.ascii("RFC822.SIZE ").number(row.size());
            case MODSEQ -> out.ascii("MODSEQ (").number(row.modSeq()).put(')');
            case ENVELOPE, BODYSTRUCTURE, BODY -> {
                if (content != null) {
                    rendered(column, content);
                }
            }
        }
    }

    private void rendered(FetchItem.Column column, Renderings content) throws IOException {
        out.ascii(column.name()).sp();
        if (column == FetchItem.Column.ENVELOPE) {
            out.bytes(content.envelope());
        } else if (column == FetchItem.Column.BODYSTRUCTURE) {
            out.bytes(content.bodyStructure());
        } else {
            out.bytes(StructureTrim.body(content.bodyStructure().unsafeArray()));
        }
    }

    private void bytes(FetchItem.Bytes item, @Nullable Source source) throws IOException {
        var section = item.section();
        out.ascii(item.label());
        if (section.from() >= 0) {
            out.put('<').number(section.from()).put('>');
        }
        out.sp();
        if (source == null) {
            out.ascii("NIL");
            return;
        }
        long from = Math.clamp(section.from(), 0, source.size());
        long length = Math.min(section.length(), source.size() - from);
        try (var in = source.open(from, length)) {
            out.literal(in, length);
            sent += length;
        }
    }
}
