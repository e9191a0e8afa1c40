package org.pintail.imap;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Map;
import java.util.Objects;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;
import org.pintail.backend.Bytes;
import org.pintail.imap.wire.Responses;

/// What a client is told of mailboxes it has not selected: STATUS, LIST and METADATA, RFC 5465 §5.
record NotifyAnswer(Authenticated session, Responses out) {
    /// `change`: something happened, it is not how things are at first.
    void status(Notified now, boolean change) throws IOException {
        var items = new ArrayList<StatusItem>();
        if (now.events().arrivals() || now.events().expunges()) {
            items.add(StatusItem.MESSAGES);
            items.add(StatusItem.UIDNEXT);
        }
        if (now.events().arrivals() || now.events().flags()) {
            items.add(StatusItem.UIDVALIDITY);
        }
        if (now.events().flags() || session.dialogue().announcer().condstore()) {
            items.add(StatusItem.HIGHESTMODSEQ);
        }
        if (now.events().flags() && change) {
            items.add(StatusItem.UNSEEN);
        }
        out.ascii("* STATUS ").mailbox(now.path()).sp();
        StatusItem.write(session, now.mailbox(), items, out);
        out.crlf();
    }

    void list(Notified now, @Nullable String oldName) throws IOException {
        out.ascii("* LIST (").ascii(now.row().subscribed() ? "\\Subscribed " : "");
        out.ascii(now.row().hasChildren() ? "\\HasChildren" : "\\HasNoChildren").ascii(") \"/\" ").mailbox(now.path());
        if (oldName != null) {
            out.ascii(" (\"OLDNAME\" (").mailbox(oldName).ascii("))");
        }
        out.crlf();
    }

    /// A name without a mailbox that the client could use.
    void noMailbox(String name, boolean hasChildren) throws IOException {
        out.ascii("* LIST (\\NonExistent").ascii(hasChildren ? " \\HasChildren" : "").ascii(") \"/\" ").mailbox(name).crlf();
    }

    void noAccess(String name) throws IOException {
        out.ascii("* LIST (\\NoAccess) \"/\" ").mailbox(name).crlf();
    }

    /// `* METADATA "Work" /shared/comment`: what changed, without values (RFC 5464 §4.4.2).
    void annotations(String mailbox, Map<String, Bytes> before, Map<String, Bytes> now) throws IOException {
        var changed = new TreeSet<String>();
        before.forEach((name, value) -> {
            if (!Objects.equals(value, now.get(name))) {
                changed.add(name);
            }
        });
        now.keySet().stream().filter(name -> !before.containsKey(name)).forEach(changed::add);
        if (changed.isEmpty()) {
            return;
        }
        out.ascii("* METADATA ").mailbox(mailbox);
        for (var name : changed) {
            out.sp().astring(name.getBytes(StandardCharsets.UTF_8));
        }
        out.crlf();
    }
}
