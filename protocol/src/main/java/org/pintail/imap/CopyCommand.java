package org.pintail.imap;

import java.io.IOException;
import java.util.List;
import org.pintail.backend.Messages;
import org.pintail.mail.Refusal;

/// COPY — RFC 3501 §6.4.7; MOVE — RFC 6851; COPYUID — RFC 4315 §3.
///
///     copy = "COPY" SP sequence-set SP mailbox
record CopyCommand(SequenceSet set, boolean byUid, String target, boolean move) implements Command.InSelected {
    static CopyCommand parse(ImapReader in, boolean byUid, boolean move) throws IOException {
        in.sp();
        var set = in.sequenceSet();
        in.sp();
        var target = in.mailbox();
        in.end();
        return new CopyCommand(set, byUid, target, move);
    }

    @Override
    public Reply run(Authenticated session, SelectedMailbox selected, Responses out) {
        var to = session.target(target);
        if (move && selected.readOnly()) {
            throw new No("READ-ONLY", "Mailbox is selected read-only");
        }
        var from = session.folders()
                .find(session.id(), selected.id())
                .orElseThrow(() -> new Bye("Selected mailbox was deleted, have to disconnect"));
        var uids = selected.uids(selected.indexes(set, byUid));
        if (uids.isEmpty()) {
            return Reply.COMPLETED;
        }
        List<Messages.Copied> copied;
        try {
            var store = session.mail().mailstore();
            copied = move
                    ? store.move(session.account(), from, uids, to, session.session())
                    : store.copy(session.account(), from, uids, to, session.session());
        } catch (Refusal refused) {
            if (refused.code() == Refusal.Code.NO_SUCH_MAILBOX) {
                throw new No("TRYCREATE", refused.text());
            }
            throw refused;
        }
        if (copied.isEmpty()) {
            return Reply.COMPLETED;
        }
        var old = SequenceSet.write(copied.stream().map(Messages.Copied::uid).toList());
        var now = SequenceSet.write(copied.stream().map(c -> c.row().uid()).toList());
        return Reply.coded("COPYUID " + to.uidValidity() + " " + old + " " + now);
    }
}
