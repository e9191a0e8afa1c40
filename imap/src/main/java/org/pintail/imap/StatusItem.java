package org.pintail.imap;

import java.io.IOException;
import java.util.List;
import org.pintail.backend.Flags;
import org.pintail.backend.Mailbox;
import org.pintail.imap.wire.BadCommand;
import org.pintail.imap.wire.ImapReader;
import org.pintail.imap.wire.Responses;

/// `status-att`: RFC 3501 §6.3.10, HIGHESTMODSEQ: RFC 7162 §3.1.7, SIZE: RFC 8438, MAILBOXID: RFC 8474 §4.3, APPENDLIMIT: RFC 7889 §3.1,
/// DELETED and DELETED-STORAGE (KiB): RFC 9208 §4.1.4.
enum StatusItem {
    MESSAGES("MESSAGES"),
    RECENT("RECENT"),
    UIDNEXT("UIDNEXT"),
    UIDVALIDITY("UIDVALIDITY"),
    UNSEEN("UNSEEN"),
    HIGHESTMODSEQ("HIGHESTMODSEQ"),
    SIZE("SIZE"),
    MAILBOXID("MAILBOXID"),
    APPENDLIMIT("APPENDLIMIT"),
    DELETED("DELETED"),
    DELETED_STORAGE("DELETED-STORAGE");

    private final String word;

    StatusItem(String word) {
        this.word = word;
    }

    /// `"(" status-att *(SP status-att) ")"`
    static List<StatusItem> list(ImapReader in) throws IOException {
        var items = in.list(() -> item(in.word()));
        if (items.isEmpty()) {
            throw new BadCommand("Invalid status items");
        }
        return List.copyOf(items);
    }

    private static StatusItem item(String word) {
        for (var item : values()) {
            if (item.word.equals(word)) {
                return item;
            }
        }
        throw new BadCommand("Invalid status items");
    }

    /// RFC 7162 §3.1: who asks for HIGHESTMODSEQ wants modseqs from then on, and is told so in a line of its own: to be called before the answer
    /// begins.
    static void asked(Authenticated session, List<StatusItem> items) throws IOException {
        if (items.contains(HIGHESTMODSEQ)) {
            session.dialogue().announcer().enableCondstore();
        }
    }

    /// `(MESSAGES 3 UIDNEXT 4)`
    static void write(Authenticated session, Mailbox mailbox, List<StatusItem> items, Responses out) throws IOException {
        out.put('(');
        boolean first = true;
        for (var item : items) {
            if (!first) {
                out.sp();
            }
            first = false;
            out.ascii(item.word).sp();
            switch (item) {
                case MESSAGES -> out.number(mailbox.messages());
                case RECENT -> out.number(recent(session, mailbox));
                case UIDNEXT -> out.number(mailbox.uidNext());
                case UIDVALIDITY -> out.number(mailbox.uidValidity());
                case UNSEEN -> out.number(mailbox.unseen());
                case HIGHESTMODSEQ -> out.number(mailbox.highestModSeq());
                case SIZE -> out.number(mailbox.size());
                case MAILBOXID -> out.ascii("(" + mailbox.id().hex() + ")");
                case APPENDLIMIT -> out.number(session.dialogue().limits().append());
                case DELETED -> out.number(deleted(session, mailbox, false));
                case DELETED_STORAGE -> out.number((deleted(session, mailbox, true) + 1023) / 1024);
            }
        }
        out.put(')');
    }

    /// RFC 3501 §6.3.10; of the selected mailbox what this session sees, elsewhere what the next one would.
    private static long recent(Authenticated session, Mailbox mailbox) {
        var announcer = session.dialogue().announcer();
        var selected = announcer.selected();
        if (announcer.rev2()) {
            return 0;
        }
        return selected != null && selected.id().equals(mailbox.id())
                ? selected.countRecent()
                : session.dialogue().kept().snapshots().countRecent(mailbox);
    }

    /// Messages that an EXPUNGE would remove, or their bytes.
    private static long deleted(Authenticated session, Mailbox mailbox, boolean bytes) {
        var messages = session.dialogue().kept().snapshots().now(mailbox.id());
        long sum = 0;
        for (int i = 0; i < messages.count(); i++) {
            if (messages.flags(i).has(Flags.DELETED)) {
                sum += bytes ? messages.size(i) : 1;
            }
        }
        return sum;
    }
}
