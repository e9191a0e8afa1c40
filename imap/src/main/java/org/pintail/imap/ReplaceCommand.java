package org.pintail.imap;

import java.io.IOException;
import java.util.List;
import org.pintail.backend.MessageRow;
import org.pintail.backend.StoreException;
import org.pintail.imap.view.SelectedMailbox;
import org.pintail.imap.wire.BadCommand;
import org.pintail.imap.wire.ImapReader;
import org.pintail.imap.wire.No;
import org.pintail.imap.wire.Responses;
import org.pintail.imap.wire.SequenceSet;
import org.pintail.mail.Right;

/// REPLACE and UID REPLACE — RFC 8508: a new message, then the old one goes, so that at every moment one of them is there. Where the old one
/// cannot be removed, or nobody knows whether it was, the new one stays: taking it back could leave none.
///
///     replace = "REPLACE" SP seq-number SP mailbox SP append-message
record ReplaceCommand(long number, boolean byUid, String mailbox, AppendMessage message)
        implements Command.InSelected, AutoCloseable {
    static ReplaceCommand parse(ImapReader in, boolean byUid) throws IOException {
        in.sp();
        var ranges = in.sequenceSet().ranges(); // none where the result of a search is meant
        if (ranges.size() != 1 || ranges.getFirst().first() != ranges.getFirst().last()) {
            throw new BadCommand("expected one message");
        }
        in.sp();
        var mailbox = in.mailbox();
        in.sp();
        var message = AppendMessage.parse(in);
        try {
            in.end();
        } catch (BadCommand bad) {
            message.close();
            throw bad;
        }
        return new ReplaceCommand(ranges.getFirst().first(), byUid, mailbox, message);
    }

    @Override
    public Reply run(Authenticated session, SelectedMailbox selected, Responses out) throws IOException {
        try (message) {
            long old = old(selected);
            if (selected.readOnly()) {
                throw new No("READ-ONLY", "Mailbox is selected read-only");
            }
            var from = session.mailbox(selected);
            new Access(from, "", session.rights(selected)).require(Right.DELETE_MESSAGES, Right.EXPUNGE);
            var appending = Appending.into(session, mailbox);
            boolean sameQuota = appending.to().mailbox().account().equals(from.account());
            long leaving = sameQuota
                    ? session.messages().row(selected.id(), old).map(MessageRow::size).orElse(0L)
                    : 0;
            var rows = appending.append(List.of(message), leaving);
            try {
                session.messages().expunge(selected.id(), List.of(old), session.session());
            } catch (StoreException failed) {
                out.untagged("OK [" + appending.code(rows) + "] Replacement is there, the old message may be as well");
                throw failed;
            }
            out.untagged("OK [" + appending.code(rows) + "] Replacement is ready");
            return Reply.COMPLETED;
        }
    }

    @Override
    public void close() {
        message.close();
    }

    private long old(SelectedMailbox selected) {
        var found = selected.indexes(
                new SequenceSet(List.of(new SequenceSet.Range(number, number))), byUid);
        if (!byUid && number != SequenceSet.STAR && number > selected.count()) {
            throw new BadCommand("Invalid message number");
        }
        if (found.isEmpty() || selected.anyGone(found)) {
            throw new No("NONEXISTENT", "No such message");
        }
        return selected.uid(found.nextSetBit(0));
    }
}
