package org.pintail.imap;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;

/// `fetch-att`, RFC 3501 §6.4.5 and §9.
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
        ENVELOPE,
        BODYSTRUCTURE,
        BODY
    }

    /// Bytes of the message, under the name the answer carries.
    record Bytes(String label, BodySection section, boolean setsSeen) implements FetchItem {}

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
            case "ENVELOPE" -> Column.ENVELOPE;
            case "BODYSTRUCTURE" -> Column.BODYSTRUCTURE;
            case "RFC822.SIZE" -> Column.SIZE;
            case "RFC822" -> new Bytes(word, BodySection.of(BodySection.Kind.ALL), true);
            case "RFC822.HEADER" -> new Bytes(word, BodySection.of(BodySection.Kind.HEADER), false);
            case "RFC822.TEXT" -> new Bytes(word, BodySection.of(BodySection.Kind.TEXT), true);
            case "BODY" -> in.peek() == '[' ? section(in, true) : Column.BODY;
            case "BODY.PEEK" -> section(in, false);
            default -> throw new BadCommand("Invalid message data item");
        };
    }

    private static Bytes section(ImapReader in, boolean setsSeen) throws IOException {
        in.expect('[');
        var section = BodySection.parse(in);
        in.expect(']');
        long from = -1;
        long length = Long.MAX_VALUE;
        if (in.accept('<')) {
            from = in.number();
            if (in.accept('.')) {
                length = in.number();
                if (length == 0) {
                    throw new BadCommand("Invalid partial: length must not be 0");
                }
            }
            in.expect('>');
        }
        return new Bytes("BODY[" + section.name() + "]", section.part(from, length), setsSeen);
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
