package org.pintail.imap;

import java.io.IOException;
import java.util.List;
import org.pintail.backend.Mailbox;
import org.pintail.backend.Messages;
import org.pintail.imap.view.SelectedMailbox;
import org.pintail.imap.wire.ImapReader;
import org.pintail.imap.wire.No;
import org.pintail.imap.wire.Responses;
import org.pintail.imap.wire.SequenceSet;
import org.pintail.mail.Handover;
import org.pintail.mail.Refusal;
import org.pintail.mail.Right;
import org.pintail.mail.Rights;

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
    public Reply run(Authenticated session, SelectedMailbox selected, Responses out) throws IOException {
        var to = session.target(target);
        if (move && selected.readOnly()) {
            throw new No("READ-ONLY", "Mailbox is selected read-only");
        }
        var from = session.mailbox(selected);
        var source = new Access(from, "", session.rights(selected)).require(Right.READ);
        if (move) {
            source.require(Right.DELETE_MESSAGES, Right.EXPUNGE);
        }
        var wanted = selected.indexes(set, byUid);
        if (move) {
            session.dialogue().messageLimit().keep(wanted, selected);
        } else {
            session.dialogue().messageLimit().refuseCopying(wanted, selected);
        }
        var uids = selected.uids(wanted);
        if (uids.isEmpty()) {
            return Reply.COMPLETED;
        }
        List<Messages.Copied> copied;
        try {
            copied = copied(session, from, uids, to);
        } catch (Refusal refused) {
            if (refused.code() == Refusal.Code.NO_SUCH_MAILBOX) {
                throw new No("TRYCREATE", refused.text());
            }
            throw refused;
        }
        if (copied.isEmpty()) {
            return Reply.COMPLETED;
        }
        var made = copied.stream().map(c -> c.row().uid()).toList();
        session.dialogue().announcer().made(to.mailbox().id(), made);
        var old = SequenceSet.write(copied.stream().map(Messages.Copied::uid).toList());
        var now = SequenceSet.write(made);
        var code = "COPYUID " + to.mailbox().uidValidity() + " " + old + " " + now;
        if (!move) {
            return Reply.coded(code);
        }
        out.untagged("OK [" + code + "] Moved"); // RFC 6851 §4.3: before the client hears that they are gone
        return Reply.COMPLETED;
    }

    /// Within one account, and with every right, one step of the store. Else the receiving account takes messages in as its own, with the
    /// flags that this session may set there; what is moved goes from its old place once it is safe in the new one.
    private List<Messages.Copied> copied(Authenticated session, Mailbox from, List<Long> uids, Access to) {
        var owner = session.quotaOwner(to.mailbox());
        if (from.account().equals(owner.id()) && to.rights().equals(Rights.ALL)) {
            var store = session.mail().mailstore();
            return move
                    ? store.move(owner, from, uids, to.mailbox(), session.session())
                    : store.copy(owner, from, uids, to.mailbox(), session.session());
        }
        var target = new Handover.Target(
                owner, to.mailbox(), flags -> FlagRights.allowed(flags, to.rights()), session.session());
        var copied = session.mail().handover().copy(from, uids, target);
        if (move && !copied.isEmpty()) {
            session.messages()
                    .expunge(from.id(), copied.stream().map(Messages.Copied::uid).toList(), session.session());
        }
        return copied;
    }
}
