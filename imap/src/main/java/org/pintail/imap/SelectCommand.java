package org.pintail.imap;

import java.io.IOException;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.pintail.backend.Flags;
import org.pintail.backend.StoreException;
import org.pintail.imap.view.Columns;
import org.pintail.imap.view.SelectedMailbox;
import org.pintail.imap.wire.BadCommand;
import org.pintail.imap.wire.ImapReader;
import org.pintail.imap.wire.No;
import org.pintail.imap.wire.Responses;
import org.pintail.imap.wire.SequenceSet;
import org.pintail.mail.Right;

/// SELECT and EXAMINE — RFC 3501 §6.3.1, §6.3.2, RFC 9051 §6.3.2; CONDSTORE and QRESYNC: RFC 7162 §3.1.8, §3.2.5. Whatever fails leaves no
/// mailbox selected.
///
///     select       = "SELECT" SP mailbox [SP "(" select-param *(SP select-param) ")"]
///     select-param = "CONDSTORE" / "QRESYNC" SP resync
///
/// @param resync what a client that comes back knows
record SelectCommand(String mailbox, boolean readOnly, boolean condstore, @Nullable Resync resync)
        implements Command.InAuthenticated {
    /// What a client knew when it last looked.
    ///
    ///     resync         = "(" uidvalidity SP mod-sequence-value [SP known-uids] [SP seq-match-data] ")"
    ///     seq-match-data = "(" known-sequence-set SP known-uid-set ")"
    ///
    /// The matching numbers help servers that forget what was expunged; here nothing is forgotten, and they are read over.
    record Resync(long uidValidity, long modSeq, SequenceSet uids, boolean matchesNumbers) {
        static Resync parse(ImapReader in) {
            in.sp();
            in.expect('(');
            long uidValidity = in.number();
            in.sp();
            long modSeq = in.number();
            var uids = SequenceSet.ALL;
            boolean more = in.accept(' ');
            if (more && in.peek() != '(') {
                uids = known(in);
                more = in.accept(' ');
            }
            if (more) {
                in.expect('(');
                known(in);
                in.sp();
                known(in);
                in.expect(')');
            }
            in.expect(')');
            return new Resync(uidValidity, modSeq, uids, more);
        }

        /// `known-uids = sequence-set`, without "*".
        private static SequenceSet known(ImapReader in) {
            var set = in.sequenceSet();
            if (set.saved() || set.ranges().stream().anyMatch(r -> r.first() == SequenceSet.STAR || r.last() == SequenceSet.STAR)) {
                throw new BadCommand("known UIDs are numbers");
            }
            return set;
        }
    }

    static SelectCommand parse(ImapReader in, boolean readOnly) throws IOException {
        in.sp();
        var mailbox = in.mailbox();
        var read = new Object() {
            private boolean condstore;
            private @Nullable Resync resync;
        };
        if (in.accept(' ')) {
            in.list(() -> {
                switch (in.word()) {
                    case "CONDSTORE" -> read.condstore = true;
                    case "QRESYNC" -> read.resync = Resync.parse(in);
                    default -> throw new BadCommand("Unknown SELECT parameter, expected CONDSTORE or QRESYNC");
                }
                return true;
            });
        }
        in.end();
        return new SelectCommand(mailbox, readOnly, read.condstore, read.resync);
    }

    @Override
    public Reply run(Authenticated session, Responses out) throws IOException {
        var dialogue = session.dialogue();
        var announcer = dialogue.announcer();
        if (resync != null && !announcer.qresync()) {
            throw new BadCommand("QRESYNC has to be enabled first");
        }
        if (resync != null && resync.matchesNumbers()) {
            announcer.requireNumbers();
        }
        dialogue.countSelect();
        if (announcer.selected() != null) {
            announcer.unselect();
            out.untagged("OK [CLOSED] Previous mailbox is closed"); // RFC 7162 §3.2.11
        }
        var access = session.permitted(mailbox, Right.READ);
        var found = access.mailbox();
        boolean unchanging = readOnly || !access.mayChange();
        if (found.hidden()) {
            throw new No("CANNOT", "This mailbox can not be selected");
        }
        if (condstore) {
            announcer.enableCondstore();
        }
        try {
            var selected = new SelectedMailbox(found.id(), unchanging, dialogue.kept().snapshots());
            announcer.select(selected, access, session);
            describe(access, selected, announcer, out);
            if (resync != null && resync.uidValidity() == found.uidValidity()) {
                resume(session, selected, resync, out);
            }
        } catch (StoreException.Missing deleted) {
            announcer.unselect();
            throw new No("NONEXISTENT", "No such mailbox");
        }
        var text = (readOnly ? "EXAMINE" : "SELECT") + " completed" + (announcer.condstore() ? ", CONDSTORE is now enabled" : "");
        return Reply.ok(unchanging ? "READ-ONLY" : "READ-WRITE", text);
    }

    static final String SYSTEM_FLAGS = "\\Answered \\Flagged \\Draft \\Deleted \\Seen";

    private static void describe(Access access, SelectedMailbox selected, Announcer announcer, Responses out) throws IOException {
        var messages = selected.now();
        var found = access.mailbox();
        var flags = new StringBuilder(SYSTEM_FLAGS);
        for (var keyword : found.keywords()) {
            flags.append(' ').append(keyword);
        }
        out.untagged("FLAGS (" + flags + ")");
        announcer.toldKeywords(found.keywords());
        out.untagged("OK [PERMANENTFLAGS (" + FlagRights.permanent(flags + " \\*", access.rights()) + ")] Flags permitted");
        out.untagged("OK [UIDVALIDITY " + found.uidValidity() + "] UIDs valid");
        out.untagged(messages.count() + " EXISTS");
        if (announcer.rev2()) {
            out.ascii("* LIST () \"/\" ").mailbox(access.path()).crlf();
        } else {
            out.untagged(selected.countRecent() + " RECENT");
            int unseen = found.unseen() == 0 || announcer.uidOnly() ? -1 : firstUnseen(messages);
            if (unseen >= 0) {
                out.untagged("OK [UNSEEN " + (unseen + 1) + "] First unseen");
            }
        }
        out.untagged("OK [HIGHESTMODSEQ " + messages.modSeq() + "] Highest");
        out.untagged("OK [UIDNEXT " + messages.uidNext() + "] Predicted next UID");
        out.untagged("OK [MAILBOXID (" + found.id().hex() + ")] Never changes"); // RFC 8474 §4.2
    }

    private static int firstUnseen(Columns messages) {
        for (int i = 0; i < messages.count(); i++) {
            if (!messages.flags(i).has(Flags.SEEN)) {
                return i;
            }
        }
        return -1;
    }

    /// RFC 7162 §3.2.5: what went and what changed, of what the client knew.
    private static void resume(Authenticated session, SelectedMailbox selected, Resync resync, Responses out) throws IOException {
        if (resync.modSeq() >= selected.now().modSeq()) {
            return;
        }
        Vanished.writeEarlier(session, selected, resync.modSeq(), resync.uids(), out);
        var columns = selected.now();
        var known = selected.indexes(resync.uids(), true);
        var items = List.<FetchItem>of(FetchItem.Column.UID, FetchItem.Column.FLAGS, FetchItem.Column.MODSEQ);
        var answer = new FetchAnswer(session, items, out);
        for (int i = known.nextSetBit(0); i >= 0; i = known.nextSetBit(i + 1)) {
            if (columns.modSeq(i) > resync.modSeq()) {
                answer.write(i + 1, columns, i);
            }
        }
    }
}
