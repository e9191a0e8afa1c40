package org.pintail.imap;

import java.io.IOException;
import java.util.List;
import org.pintail.imap.wire.ImapReader;
import org.pintail.imap.wire.Responses;

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
            out.untagged("LSUB (\\Noselect) \"/\" \"\"");
            return Reply.COMPLETED;
        }
        var wanted = MailboxPattern.of(reference, pattern);
        var scope = new MailboxTree.Scope(wanted.reaches(SharedName.PREFIX), true);
        var rows = MailboxTree.of(session, scope);
        for (var row : rows) {
            if (!wanted.matches(row.path())) {
                continue;
            }
            if (row.subscribed()) {
                write(row, row.access() == null, out);
            } else if (pattern.endsWith("%") && stands(row, rows, wanted)) {
                write(row, true, out);
            }
        }
        return Reply.COMPLETED;
    }

    /// RFC 3501 §6.3.9: with "%" a name stands for subscribed names below it that the pattern does not reach.
    private static boolean stands(MailboxTree.Row row, List<MailboxTree.Row> rows, MailboxPattern wanted) {
        var above = row.path() + "/";
        return rows.stream()
                .anyMatch(r -> r.subscribed() && r.path().startsWith(above) && !wanted.matches(r.path()));
    }

    private static void write(MailboxTree.Row row, boolean noSelect, Responses out) throws IOException {
        out.ascii("* LSUB (").ascii(noSelect ? "\\Noselect " : "");
        out.ascii(row.hasChildren() ? "\\HasChildren" : "\\HasNoChildren");
        out.ascii(") \"/\" ").mailbox(row.path()).crlf();
    }
}
