package org.pintail.imap;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import org.pintail.backend.Document;
import org.pintail.backend.MessageRow;
import org.pintail.backend.NewMessage;
import org.pintail.imap.wire.No;
import org.pintail.imap.wire.SequenceSet;
import org.pintail.mail.Mailstore;
import org.pintail.mail.Refusal;
import org.pintail.mime.Source;

/// Puts messages that came with a command into a mailbox, all of them or none (RFC 3502 §3). Storage counts for the owner of the mailbox,
/// traffic for the session. Flags that the session may not set there are left out (RFC 4314 §4).
record Appending(Authenticated session, Access to) {
    static Appending into(Authenticated session, String mailbox) {
        return new Appending(session, session.target(mailbox));
    }

    /// The rows, in order. The messages stay open. `leaving`: bytes of the owner's that go right after it (RFC 8508 §3.4).
    List<MessageRow> append(List<AppendMessage> messages, long leaving) throws IOException {
        var now = session.mail().clock().instant();
        messages.forEach(m -> m.check(now));
        session.dialogue().messageLimit().refuseSaving(messages.size());
        TrafficLimits.UPLOAD.check(session);
        try {
            var placed = new ArrayList<NewMessage>();
            for (var message : messages) {
                placed.add(placed(message).beside(leaving));
            }
            var rows = session.mail().mailstore().append(placed);
            session.dialogue().announcer().made(to.mailbox().id(), rows.stream().map(MessageRow::uid).toList());
            TrafficLimits.UPLOAD.count(
                    session, messages.stream().mapToLong(AppendMessage::received).sum());
            return rows;
        } catch (Refusal refused) {
            if (refused.code() == Refusal.Code.NO_SUCH_MAILBOX) {
                throw new No("TRYCREATE", refused.text());
            }
            throw refused;
        }
    }

    private NewMessage placed(AppendMessage message) throws IOException {
        var owner = session.quotaOwner(to.mailbox());
        var meta = Document.of(
                "source", "IMAP",
                "from", "",
                "to", List.of(owner.address()),
                "origin", session.dialogue().connection().remoteIp(),
                "transtype", "APPEND",
                "time", session.mail().clock().instant());
        var placement = new Mailstore.Placement(
                owner,
                to.mailbox().id(),
                FlagRights.allowed(message.flags(), to.rights()),
                message.date(),
                new byte[0],
                meta,
                true,
                session.session());
        var store = session.mail().mailstore();
        return store.place(store.prepare(source(message)), placement);
    }

    private Source source(AppendMessage message) throws IOException {
        Source whole = Source.of(new byte[0]);
        for (var part : message.parts()) {
            var more = switch (part) {
                case AppendMessage.Part.Text(var bytes) -> bytes;
                case AppendMessage.Part.Url(var url) -> MessageUrl.read(session, url);
            };
            whole = whole.size() == 0 ? more : Source.concat(whole, more);
        }
        long most = session.dialogue().limits().append();
        if (whole.size() > most) {
            throw new No("TOOBIG", "Message of " + whole.size() + " bytes is larger than " + most);
        }
        if (whole.size() == 0) {
            throw new No("Can't save a zero byte message.");
        }
        return whole;
    }

    /// `APPENDUID validity uids`, RFC 4315 §3.
    String code(List<MessageRow> rows) {
        var uids = SequenceSet.write(rows.stream().map(MessageRow::uid).toList());
        return "APPENDUID " + to.mailbox().uidValidity() + " " + uids;
    }
}
