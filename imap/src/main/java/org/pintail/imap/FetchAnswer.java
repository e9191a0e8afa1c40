package org.pintail.imap;

import java.io.IOException;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.pintail.backend.MessageId;
import org.pintail.backend.MessageRow;
import org.pintail.backend.Renderings;
import org.pintail.backend.StoreException;
import org.pintail.imap.view.Columns;
import org.pintail.imap.view.SelectedMailbox;
import org.pintail.imap.view.SelectedRows;
import org.pintail.imap.wire.Bye;
import org.pintail.imap.wire.ImapDate;
import org.pintail.imap.wire.Responses;
import org.pintail.mime.PartMap;
import org.pintail.mime.Source;

/// Writes `* n FETCH (…)`. Columns come from the row, renderings from the stored content, bytes stream from the store.
final class FetchAnswer {
    private static final Set<String> INTRO = Set.of("intro");
    private static final int BATCH = 200;
    private static final long BATCH_BYTES = 1 << 20;
    private final Authenticated session;
    private final List<FetchItem> items;
    private final Responses out;
    private final Announcer announcer;
    private final boolean uidOnly;
    private final boolean showsFlags;
    private final boolean needsContent;
    private final boolean needsPreview;
    private final boolean needsBytes;
    private final boolean needsIds;
    private long sent;
    private boolean undecodable;

    FetchAnswer(Authenticated session, List<FetchItem> items, Responses out) {
        this.session = session;
        this.out = out;
        this.announcer = session.dialogue().announcer();
        this.uidOnly = announcer.uidOnly();
        this.items = uidOnly ? withoutUid(items) : List.copyOf(items);
        this.showsFlags = this.items.contains(FetchItem.Column.FLAGS);
        this.needsContent = this.items.stream().anyMatch(FetchAnswer::needsContent);
        this.needsPreview = this.items.contains(FetchItem.Column.PREVIEW);
        this.needsBytes = this.items.stream().anyMatch(i -> i.sendsBytes() || i instanceof FetchItem.BinarySize);
        this.needsIds = this.items.contains(FetchItem.Column.EMAILID) || this.items.contains(FetchItem.Column.THREADID);
    }

    /// RFC 9586 §3.1: the uid stands in front already.
    private static List<FetchItem> withoutUid(List<FetchItem> items) {
        var rest = items.stream().filter(i -> i != FetchItem.Column.UID).toList();
        return rest.isEmpty() ? items : rest;
    }

    private static boolean needsContent(FetchItem item) {
        return switch (item) {
            case FetchItem.Bytes b -> !b.section().isWholeMessage();
            case FetchItem.Binary _, FetchItem.BinarySize _ -> true;
            case FetchItem.Column c ->
                switch (c) {
                    case ENVELOPE, BODYSTRUCTURE, BODY -> true;
                    case UID, FLAGS, INTERNALDATE, SIZE, MODSEQ, SAVEDATE, EMAILID, THREADID, PREVIEW -> false;
                };
        };
    }

    /// False when [Columns] have it all.
    boolean needsRows() {
        return needsContent || needsBytes || needsPreview || needsIds;
    }

    /// Bytes of messages so far.
    long sent() {
        return sent;
    }

    /// Was a message passed over because a part asked for without its encoding has one that is not known (RFC 3516 §4.3)?
    boolean undecodable() {
        return undecodable;
    }

    /// `* n FETCH (`, or as RFC 9586 §3.1 has it.
    private void begin(int number, long uid) throws IOException {
        if (uidOnly) {
            out.ascii("* ").number(uid).ascii(" UIDFETCH (");
        } else {
            out.ascii("* ").number(number).ascii(" FETCH (");
        }
    }

    /// A line of what [#needsRows] does not ask for.
    void write(int number, Columns columns, int at) throws IOException {
        if (showsFlags) {
            announcer.introduce(columns.flags(at));
        }
        begin(number, columns.uid(at));
        boolean first = true;
        for (var item : items) {
            if (!first) {
                out.sp();
            }
            first = false;
            switch (item) {
                case FetchItem.Column c -> column(c, columns, at);
                case FetchItem.Bytes _, FetchItem.Binary _, FetchItem.BinarySize _ ->
                    throw new IllegalStateException("bytes do not stand in columns");
            }
        }
        out.put(')').crlf();
    }

    private void column(FetchItem.Column column, Columns columns, int at) throws IOException {
        switch (column) {
            case UID -> out.ascii("UID ").number(columns.uid(at));
            case FLAGS -> {
                out.ascii("FLAGS ");
                if (announcer.isRecent(columns.uid(at))) {
                    out.flags(columns.flags(at), true);
                } else {
                    out.bytes(columns.renderedFlags(at));
                }
            }
            case INTERNALDATE -> {
                out.ascii("INTERNALDATE ");
                ImapDate.write(out, columns.internalDate(at));
            }
            case SIZE -> out.ascii("RFC822.SIZE ").number(columns.size(at));
            case MODSEQ -> out.ascii("MODSEQ (").number(columns.modSeq(at)).put(')');
            case SAVEDATE -> {
                out.ascii("SAVEDATE ");
                ImapDate.write(out, columns.savedDate(at));
            }
            case EMAILID, THREADID, PREVIEW, ENVELOPE, BODYSTRUCTURE, BODY ->
                throw new IllegalStateException("renderings do not stand in columns");
        }
    }

    /// What of a message is read for its line.
    private record Read(@Nullable Renderings renderings, String preview, @Nullable Source message) {}

    /// A message to be written.
    private record Line(int number, MessageRow row, boolean seenChanged) {}

    /// Lines for the messages at these indexes, in batches of a bounded size, so that a slow client holds little. `seen`: uids of those that
    /// were seen by this.
    void rows(SelectedMailbox selected, BitSet wanted, Set<Long> seen) throws IOException {
        var batch = new ArrayList<Line>();
        var size = new long[1];
        SelectedRows.<IOException>read(session.messages(), selected, wanted, (index, row) -> {
            if (!batch.isEmpty() && (batch.size() == BATCH || size[0] + row.size() > BATCH_BYTES)) {
                write(batch);
                batch.clear();
                size[0] = 0;
            }
            batch.add(new Line(index + 1, row, seen.contains(row.uid())));
            size[0] += row.size();
        });
        write(batch);
    }

    /// Asks the store for all of them together. Nothing is written for a message that went meanwhile.
    private void write(List<Line> lines) throws IOException {
        var rows = lines.stream().map(Line::row).toList();
        var renderings = needsContent ? session.messages().renderings(rows) : Map.<MessageId, Renderings>of();
        var messages = needsBytes ? session.messages().open(rows) : Map.<MessageId, Source>of();
        for (var line : lines) {
            var id = line.row().id();
            boolean there = (!needsContent || renderings.containsKey(id)) && (!needsBytes || messages.containsKey(id));
            if (there) {
                write(line, renderings.get(id), messages.get(id));
            }
        }
    }

    private void write(Line line, @Nullable Renderings renderings, @Nullable Source message) throws IOException {
        String preview;
        try {
            preview = needsPreview ? session.messages().details(line.row(), INTRO).string("intro", "") : "";
        } catch (StoreException.Missing gone) {
            return;
        }
        write(line, new Read(renderings, preview, message));
    }

    /// Once the line has begun, failing ends the dialogue.
    private void write(Line line, Read read) throws IOException {
        var row = line.row();
        if (read.renderings() != null && !canDecode(read.renderings())) {
            undecodable = true;
            return;
        }
        if (showsFlags || line.seenChanged()) {
            announcer.introduce(row.flags());
        }
        begin(line.number(), row.uid());
        try {
            boolean first = true;
            for (var item : items) {
                if (!first) {
                    out.sp();
                }
                first = false;
                item(item, row, read);
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

    private boolean canDecode(Renderings renderings) {
        for (var item : items) {
            var section =
                    switch (item) {
                        case FetchItem.Binary b -> b.section();
                        case FetchItem.BinarySize b -> b.section();
                        case FetchItem.Bytes _, FetchItem.Column _ -> null;
                    };
            if (section != null && !section.canDecode(PartMap.decode(renderings.partMap().unsafeArray()))) {
                return false;
            }
        }
        return true;
    }

    private void changed(MessageRow row) throws IOException {
        if (!items.contains(FetchItem.Column.FLAGS)) {
            out.ascii(" FLAGS ").flags(row.flags(), announcer.isRecent(row.uid()));
        }
        if (announcer.condstore() && !items.contains(FetchItem.Column.MODSEQ)) {
            out.ascii(" MODSEQ (").number(row.modSeq()).put(')');
        }
    }

    private void item(FetchItem item, MessageRow row, Read read) throws IOException {
        var message = read.message();
        var renderings = read.renderings();
        switch (item) {
            case FetchItem.Column c -> column(c, row, read);
            case FetchItem.Bytes b -> {
                if (message != null) {
                    bytes(b, cut(b.section(), message, renderings));
                }
            }
            case FetchItem.Binary b -> {
                if (message != null && renderings != null) {
                    binary(b.section(), message, renderings);
                }
            }
            case FetchItem.BinarySize b -> {
                if (message != null && renderings != null) {
                    var measured = b.section().measure(message, PartMap.decode(renderings.partMap().unsafeArray()));
                    out.ascii("BINARY.SIZE[").ascii(b.section().number()).ascii("] ");
                    out.number(measured == null ? 0 : measured.size());
                }
            }
        }
    }

    private static @Nullable Source cut(BodySection section, Source message, @Nullable Renderings content) throws IOException {
        return content == null ? message : section.cut(message, PartMap.decode(content.partMap().unsafeArray()));
    }

    private void column(FetchItem.Column column, MessageRow row, Read read) throws IOException {
        switch (column) {
            case UID -> out.ascii("UID ").number(row.uid());
            case FLAGS -> out.ascii("FLAGS ").flags(row.flags(), announcer.isRecent(row.uid()));
            case INTERNALDATE -> {
                out.ascii("INTERNALDATE ");
                ImapDate.write(out, row.internalDate());
            }
            case SIZE -> out.ascii("RFC822.SIZE ").number(row.size());
            case MODSEQ -> out.ascii("MODSEQ (").number(row.modSeq()).put(')');
            case SAVEDATE -> {
                out.ascii("SAVEDATE ");
                ImapDate.write(out, row.id().value().created());
            }
            case EMAILID -> out.ascii("EMAILID (").ascii(row.root().hex()).put(')');
            case THREADID -> out.ascii("THREADID (").ascii(row.thread().hex()).put(')');
            case PREVIEW -> out.ascii("PREVIEW ").string(read.preview());
            case ENVELOPE, BODYSTRUCTURE, BODY -> {
                if (read.renderings() != null) {
                    rendered(column, read.renderings());
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
        origin(section.from());
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

    /// `<n> ` where a part of the section was asked for.
    private void origin(long from) throws IOException {
        if (from >= 0) {
            out.put('<').number(from).put('>');
        }
        out.sp();
    }

    /// A literal8 where a literal could not hold it.
    private void binary(BinarySection section, Source message, Renderings renderings) throws IOException {
        var root = PartMap.decode(renderings.partMap().unsafeArray());
        var measured = section.measure(message, root);
        out.ascii("BINARY[").ascii(section.number()).put(']');
        origin(section.from());
        try (var in = section.open(message, root)) {
            if (in == null || measured == null) {
                out.ascii("NIL");
                return;
            }
            long from = Math.clamp(section.from(), 0, measured.size());
            long length = Math.min(section.length(), measured.size() - from);
            in.skipNBytes(from);
            if (measured.hasNul()) {
                out.put('~');
            }
            out.literal(in, length);
            sent += length;
        }
    }
}
