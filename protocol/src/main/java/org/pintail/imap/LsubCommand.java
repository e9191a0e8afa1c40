package org.pintail.imap;

import java.io.IOException;

/// LSUB — RFC 3501 §6.3.9: what is subscribed. INBOX always is.
///
///     lsub = "LSUB" SP mailbox SP list-mailbox
record LsubCommand(String reference, String pattern) implements Command.InAuthenticated {
    static LsubCommand parse(ImapReader in) throws IOException {
        in.sp();
        var reference = in.mailbox();
        in.sp();
        var pattern = in.listMailbox();
        in.end();
        return new LsubCommand(reference, pattern);
    }

    @Override
    public Reply run(Authenticated session, Responses out) throws IOException {
        if (pattern.isEmpty()) {
            out.untagged("LSUB (\\Noselect) \"/\" \"/\"");
            return Reply.COMPLETED;
        }
        var wanted = new MailboxPattern(ListCommand.normalInbox(reference + pattern));
        for (var row : MailboxTree.of(session.folders().list(session.id()), false)) {
            var mailbox = row.mailbox();
            if (mailbox == null || !mailbox.subscribed() && !row.path().equals("INBOX") || !wanted.matches(row.path())) {
                continue;
            }
            out.ascii("* LSUB (").ascii(row.hasChildren() ? "\\HasChildren" : "\\HasNoChildren");
            out.ascii(") \"/\" ").mailbox(row.path()).crlf();
        }
        return Reply.COMPLETED;
    }
}
