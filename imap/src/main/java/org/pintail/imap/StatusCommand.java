package org.pintail.imap;

import java.io.IOException;
import java.util.List;
import org.pintail.backend.Bytes;
import org.pintail.imap.wire.ImapReader;
import org.pintail.imap.wire.Responses;

/// STATUS — RFC 3501 §6.3.10. The name is echoed as the client wrote it.
///
///     status = "STATUS" SP mailbox SP "(" status-att *(SP status-att) ")"
record StatusCommand(Bytes name, String mailbox, List<StatusItem> items) implements Command.InAuthenticated {
    StatusCommand {
        items = List.copyOf(items);
    }

    static StatusCommand parse(ImapReader in) throws IOException {
        in.sp();
        var name = Bytes.wrap(in.astring());
        in.sp();
        var items = StatusItem.list(in);
        in.end();
        return new StatusCommand(name, in.mailboxName(name.unsafeArray()), items);
    }

    @Override
    public Reply run(Authenticated session, Responses out) throws IOException {
        var found = session.mailbox(mailbox);
        StatusItem.asked(session, items);
        out.ascii("* STATUS ").astring(name.unsafeArray()).sp();
        StatusItem.write(session, found, items, out);
        out.crlf();
        return Reply.COMPLETED;
    }
}
