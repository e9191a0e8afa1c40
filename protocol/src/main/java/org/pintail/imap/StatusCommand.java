package org.pintail.imap;

import java.io.IOException;
import java.util.List;
import org.pintail.backend.Bytes;
import org.pintail.backend.Mailbox;

/// STATUS — RFC 3501 §6.3.10, HIGHESTMODSEQ: RFC 7162 §3.1.7, SIZE: RFC 8438. The name is echoed as the client wrote it.
///
///     status = "STATUS" SP mailbox SP "(" status-att *(SP status-att) ")"
record StatusCommand(Bytes name, String mailbox, List<Item> items) implements Command.InAuthenticated {
    enum Item {
        MESSAGES,
        RECENT,
        UIDNEXT,
        UIDVALIDITY,
        UNSEEN,
        HIGHESTMODSEQ,
        SIZE
    }

    StatusCommand {
        items = List.copyOf(items);
    }

    static StatusCommand parse(ImapReader in) throws IOException {
        in.sp();
        var name = Bytes.wrap(in.astring());
        in.sp();
        var items = in.list(() -> item(in.word()));
        if (items.isEmpty()) {
            throw new BadCommand("Invalid status items");
        }
        in.end();
        return new StatusCommand(name, in.mailboxName(name.unsafeArray()), items);
    }

    private static Item item(String word) {
        for (var item : Item.values()) {
            if (item.name().equals(word)) {
                return item;
            }
        }
        throw new BadCommand("Invalid status items");
    }

    @Override
    public Reply run(Authenticated session, Responses out) throws IOException {
        var found = session.mailbox(mailbox);
        if (items.contains(Item.HIGHESTMODSEQ)) {
            session.dialogue().announcer().enableCondstore();
        }
        out.ascii("* STATUS ").astring(name.unsafeArray()).ascii(" (");
        boolean first = true;
        for (var item : items) {
            if (!first) {
                out.sp();
            }
            first = false;
            out.ascii(item.name()).sp().number(value(found, item));
        }
        out.put(')').crlf();
        return Reply.COMPLETED;
    }

    private static long value(Mailbox mailbox, Item item) {
        return switch (item) {
            case MESSAGES -> mailbox.messages();
            case RECENT -> 0;
            case UIDNEXT -> mailbox.uidNext();
            case UIDVALIDITY -> mailbox.uidValidity();
            case UNSEEN -> mailbox.unseen();
            case HIGHESTMODSEQ -> mailbox.highestModSeq();
            case SIZE -> mailbox.size();
        };
    }
}
