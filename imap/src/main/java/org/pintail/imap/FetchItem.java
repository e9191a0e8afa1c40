package org.pintail.imap;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import org.pintail.imap.wire.BadCommand;
import org.pintail.imap.wire.ImapReader;
import org.pintail.imap.wire.SequenceSet;

/// `fetch-att`, RFC 3501 §6.4.5 and §9; BINARY — RFC 3516, EMAILID and THREADID — RFC 8474, SAVEDATE — RFC 8514, PREVIEW — RFC 8970.
///
///     fetch-att = "ENVELOPE" / "FLAGS" / "INTERNALDATE" / "RFC822" [".HEADER" / ".SIZE" / ".TEXT"] / "BODY" ["STRUCTURE"] / "UID" /
///                 "MODSEQ" / "BODY" [".PEEK"] section ["<" number "." nz-number ">"]
sealed interface FetchItem {
    /// What a message's row answers, or what was rendered when it was stored.
    enum Column implements FetchItem {
        UID,
        FLAGS,
        INTERNALDATE,
        SIZE,
        MODSEQ,
        SAVEDATE,
        EMAILID,
        THREADID,
        PREVIEW,
        ENVELOPE,
        BODYSTRUCTURE,
        BODY
    }

    /// Bytes of the message, under the name the answer carries.
    record Bytes(String label, BodySection section, boolean setsSeen) implements FetchItem {}

    /// A part decoded.
    record Binary(BinarySection section, boolean setsSeen) implements FetchItem {}

    record BinarySize(BinarySection section) implements FetchItem {}

    /// Does answering it make the message \Seen?
    default boolean seen() {
        return switch (this) {
            case Bytes b -> b.setsSeen();
            case Binary b -> b.setsSeen();
            case BinarySize _, Column _ -> false;
        };
    }

    /// Does answering it send bytes of the message?
    default boolean sendsBytes() {
        return this instanceof Bytes || this instanceof Binary;
    }

    /// One item or a macro, which stands alone.
    static List<FetchItem> parse(ImapReader in) throws IOException {
        if (in.peek() == '(') {
            var items = in.list(() -> item(in, in.word()));
            if (items.isEmpty()) {
                throw new BadCommand("FETCH needs at least one item");
            }
            return items;
        }
        var word = in.word();
        return switch (word) {
            case "ALL" -> List.of(Column.FLAGS, Column.INTERNALDATE, Column.SIZE, Column.ENVELOPE);
            case "FAST" -> List.of(Column.FLAGS, Column.INTERNALDATE, Column.SIZE);
            case "FULL" -> List.of(Column.FLAGS, Column.INTERNALDATE, Column.SIZE, Column.ENVELOPE, Column.BODY);
            default -> List.of(item(in, word));
        };
    }

    private static FetchItem item(ImapReader in, String word) throws IOException {
        return switch (word) {
            case "UID" -> Column.UID;
            case "FLAGS" -> Column.FLAGS;
            case "INTERNALDATE" -> Column.INTERNALDATE;
            case "MODSEQ" -> Column.MODSEQ;
            case "SAVEDATE" -> Column.SAVEDATE;
            case "EMAILID" -> Column.EMAILID;
            case "THREADID" -> Column.THREADID;
            case "PREVIEW" -> preview(in);
            case "ENVELOPE" -> Column.ENVELOPE;
            case "BODYSTRUCTURE" -> Column.BODYSTRUCTURE;
            case "RFC822.SIZE" -> Column.SIZE;
            case "RFC822" -> new Bytes(word, BodySection.of(BodySection.Kind.ALL), true);
            case "RFC822.HEADER" -> new Bytes(word, BodySection.of(BodySection.Kind.HEADER), false);
            case "RFC822.TEXT" -> new Bytes(word, BodySection.of(BodySection.Kind.TEXT), true);
            case "BODY" -> in.peek() == '[' ? section(in, true) : Column.BODY;
            case "BODY.PEEK" -> section(in, false);
            case "BINARY" -> binary(in, true);
            case "BINARY.PEEK" -> binary(in, false);
            case "BINARY.SIZE" -> new BinarySize(BinarySection.parse(in));
            default -> throw new BadCommand("Invalid message data item");
        };
    }

    /// `"PREVIEW" [SP "(" preview-mod *(SP preview-mod) ")"]`, RFC 8970 §3. LAZY asks for what is there at once, which a preview always is.
    private static Column preview(ImapReader in) throws IOException {
        if (in.looksAt(" (LAZY")) {
            in.sp();
            in.list(() -> {
                if (!in.word().equals("LAZY")) {
                    throw new BadCommand("expected LAZY");
                }
                return true;
            });
        }
        return Column.PREVIEW;
    }

    private static Bytes section(ImapReader in, boolean setsSeen) throws IOException {
        in.expect('[');
        var section = BodySection.parse(in);
        in.expect(']');
        var partial = partial(in);
        return new Bytes("BODY[" + section.name() + "]", section.part(partial.first(), partial.last()), setsSeen);
    }

    private static Binary binary(ImapReader in, boolean setsSeen) throws IOException {
        var section = BinarySection.parse(in);
        var partial = partial(in);
        return new Binary(section.part(partial.first(), partial.last()), setsSeen);
    }

    /// `["<" number "." nz-number ">"]`: where it begins, -1 when it was not given, and how much. QUIRK: some clients leave the length out.
    private static SequenceSet.Range partial(ImapReader in) {
        if (!in.accept('<')) {
            return new SequenceSet.Range(-1, Long.MAX_VALUE);
        }
        long from = in.number();
        long length = Long.MAX_VALUE;
        if (in.accept('.')) {
            length = in.number();
            if (length == 0) {
                throw new BadCommand("Invalid partial: length must not be 0");
            }
        }
        in.expect('>');
        return new SequenceSet.Range(from, length);
    }

    /// Adds an item unless it is there.
    static List<FetchItem> with(List<FetchItem> items, Column more) {
        if (items.contains(more)) {
            return items;
        }
        var all = new ArrayList<>(items);
        all.add(more);
        return all;
    }
}
