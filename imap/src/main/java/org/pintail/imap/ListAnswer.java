package org.pintail.imap;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import org.pintail.imap.wire.Responses;
import org.pintail.mail.Right;

/// Writes `* LIST (…) "/" name` and what belongs to it. `extended`: a client that knows RFC 5258 is told `\NonExistent`, others `\Noselect`.
record ListAnswer(Authenticated session, Responses out, ListOptions.Returned returned, boolean extended, boolean xlist) {
    /// `below`: why names below this one are selected, for CHILDINFO. Not `taken` itself, more than its name is not told (RFC 5819 §3, RFC 8440 §4,
    /// RFC 9590 §4).
    void write(MailboxTree.Row row, List<String> below, boolean taken) throws IOException {
        out.ascii(xlist ? "* XLIST (" : "* LIST (").ascii(String.join(" ", attributes(row))).ascii(") \"/\" ");
        out.mailbox(xlist && row.path().equals("INBOX") ? "Inbox" : row.path());
        if (!below.isEmpty()) {
            out.ascii(" (\"CHILDINFO\" (\"" + String.join("\" \"", below) + "\"))");
        }
        out.crlf();
        var access = row.access();
        if (access == null || !taken) {
            return;
        }
        if (!returned.status().isEmpty() && access.may(Right.READ)) {
            out.ascii("* STATUS ").mailbox(row.path()).sp();
            StatusItem.write(session, access.mailbox(), returned.status(), out);
            out.crlf();
        }
        if (returned.rights()) {
            out.ascii("* MYRIGHTS ").mailbox(row.path()).sp().ascii(access.rights().shown()).crlf();
        }
        if (!returned.metadata().isEmpty()) {
            MetadataAnswer.write(session, access, returned.metadata(), out);
        }
    }

    /// A name that is not the one it was, RFC 9051 §6.3.9.7. `exists`: there is a mailbox, and not only others below it.
    static void renamed(String name, String oldName, boolean exists, Responses out) throws IOException {
        out.ascii("* LIST (").ascii(exists ? "" : "\\NonExistent").ascii(") \"/\" ").mailbox(name).ascii(" (\"OLDNAME\" (").mailbox(oldName).ascii("))").crlf();
    }

    private List<String> attributes(MailboxTree.Row row) {
        var all = new ArrayList<String>();
        var access = row.access();
        if (access == null) {
            all.add(extended ? "\\NonExistent" : "\\Noselect");
        } else if (!returned.status().isEmpty() && !access.may(Right.READ)) {
            all.add("\\Noselect"); // RFC 5819 §2: so there is no STATUS
        }
        if (returned.subscribed() && row.subscribed()) {
            all.add("\\Subscribed");
        }
        if (returned.children()) {
            all.add(row.hasChildren() ? "\\HasChildren" : "\\HasNoChildren");
        }
        if (xlist && row.path().equals("INBOX")) {
            all.add("\\Inbox");
        }
        var use = row.specialUse();
        if (returned.specialUse() && use != null) {
            all.add(xlist ? xlistName(use) : use);
        }
        return all;
    }

    private static String xlistName(String use) {
        return switch (use) {
            case "\\Junk" -> "\\Spam";
            case "\\Flagged" -> "\\Starred";
            default -> use;
        };
    }
}
