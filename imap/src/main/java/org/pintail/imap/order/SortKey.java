package org.pintail.imap.order;

import java.io.IOException;
import java.util.Arrays;
import java.util.List;
import org.pintail.header.EncodedWord;
import org.pintail.imap.envelope.Envelope;
import org.pintail.imap.envelope.UnicodeCasemap;
import org.pintail.imap.view.Columns;
import org.pintail.imap.wire.BadCommand;
import org.pintail.imap.wire.ImapReader;

/// `sort-criterion = ["REVERSE" SP] sort-key`, RFC 5256 §3 and RFC 5957 §3.
public record SortKey(What what, boolean reverse) {
    /// By what is sorted: a number out of [Columns], or text out of the envelope.
    enum What {
        ARRIVAL,
        DATE,
        SIZE,
        SUBJECT,
        FROM,
        TO,
        CC,
        DISPLAYFROM,
        DISPLAYTO;

        boolean isText() {
            return compareTo(SIZE) > 0;
        }
    }

    /// `"(" sort-criterion *(SP sort-criterion) ")"`
    public static List<SortKey> parse(ImapReader in) throws IOException {
        var keys = in.list(() -> {
            var word = in.word();
            boolean reverse = word.equals("REVERSE");
            if (reverse) {
                in.sp();
                word = in.word();
            }
            return new SortKey(what(word), reverse);
        });
        if (keys.isEmpty()) {
            throw new BadCommand("SORT needs at least one criterion");
        }
        return keys;
    }

    private static What what(String word) {
        return Arrays.stream(What.values())
                .filter(w -> w.name().equals(word))
                .findFirst()
                .orElseThrow(() -> new BadCommand("Unknown sort criterion"));
    }

    long number(Columns columns, int at) {
        return switch (what) {
            case ARRIVAL -> columns.internalDate(at).toEpochMilli();
            case DATE -> columns.sentDate(at).toEpochMilli();
            case SIZE -> columns.size(at);
            case SUBJECT, FROM, TO, CC, DISPLAYFROM, DISPLAYTO -> throw new IllegalStateException("text has no number");
        };
    }

    /// What [UnicodeCasemap#compare] compares.
    String text(Envelope envelope) {
        if (what == What.SUBJECT) {
            return envelope.subject().text();
        }
        var text =
                switch (what) {
                    case FROM -> mailbox(envelope, Envelope.Field.FROM);
                    case TO -> mailbox(envelope, Envelope.Field.TO);
                    case CC -> mailbox(envelope, Envelope.Field.CC);
                    case DISPLAYFROM -> display(envelope, Envelope.Field.FROM);
                    case DISPLAYTO -> display(envelope, Envelope.Field.TO);
                    case SUBJECT, ARRIVAL, DATE, SIZE -> throw new IllegalStateException("a number has no text");
                };
        return UnicodeCasemap.key(text);
    }

    /// `addr-mailbox` of the first address.
    private static String mailbox(Envelope envelope, Envelope.Field field) {
        for (var first : envelope.addresses(field)) {
            return first.local() == null ? "" : first.local();
        }
        return "";
    }

    /// RFC 5957 §3: the name of the first address, of a group its own, else the address.
    private static String display(Envelope envelope, Envelope.Field field) {
        for (var first : envelope.addresses(field)) {
            var name = first.name() == null ? "" : EncodedWord.decode(first.name());
            if (!name.isEmpty()) {
                return name;
            }
            var local = first.local() == null ? "" : first.local();
            return first.host() == null ? EncodedWord.decode(local) : local + "@" + first.host();
        }
        return "";
    }
}
