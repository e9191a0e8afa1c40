package org.pintail.imap;

import java.io.IOException;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/// LIST — RFC 3501 §6.3.8, with RFC 3348 (CHILDREN) and RFC 6154 (SPECIAL-USE as selection and return option). XLIST is what Gmail made
/// of it before.
///
///     list = "LIST" SP [ "(" ["SPECIAL-USE"] ")" SP ] mailbox SP list-mailbox [SP "RETURN" SP "(" ["SPECIAL-USE"] ")"]
record ListCommand(String reference, String pattern, boolean onlySpecial, boolean returnSpecial, boolean xlist)
        implements Command.InAuthenticated {
    static ListCommand parse(ImapReader in, boolean xlist) throws IOException {
        in.sp();
        boolean onlySpecial = false;
        if (in.peek() == '(') {
            onlySpecial = specialUse(in);
            in.sp();
        }
        var reference = in.mailbox();
        in.sp();
        var pattern = in.listMailbox();
        boolean returnSpecial = false;
        if (in.accept(' ')) {
            if (!in.atom().toUpperCase(Locale.ROOT).equals("RETURN")) {
                throw new BadCommand("expected RETURN");
            }
            in.sp();
            returnSpecial = specialUse(in);
        }
        in.end();
        return new ListCommand(reference, pattern, onlySpecial, returnSpecial, xlist);
    }

    private static boolean specialUse(ImapReader in) throws IOException {
        List<String> options = in.list(() -> in.atom().toUpperCase(Locale.ROOT));
        if (!options.isEmpty() && !options.equals(List.of("SPECIAL-USE"))) {
            throw new BadCommand("only SPECIAL-USE is known here");
        }
        return !options.isEmpty();
    }

    @Override
    public Reply run(Authenticated session, Responses out) throws IOException {
        var name = xlist ? "XLIST" : "LIST";
        if (pattern.isEmpty()) {
            out.untagged(name + " (\\Noselect) \"/\" \"/\"");
            return Reply.COMPLETED;
        }
        var wanted = new MailboxPattern(normalInbox(reference + pattern));
        for (var row : MailboxTree.of(session.folders().list(session.id()), true)) {
            var use = row.mailbox() == null ? null : row.mailbox().specialUse();
            if (!wanted.matches(row.path()) || onlySpecial && use == null) {
                continue;
            }
            out.ascii("* ").ascii(name).ascii(" (").ascii(attributes(row, use)).ascii(") \"/\" ");
            out.mailbox(xlist && row.path().equals("INBOX") ? "Inbox" : row.path()).crlf();
        }
        return Reply.COMPLETED;
    }

    private String attributes(MailboxTree.Row row, @Nullable String use) {
        if (returnSpecial) {
            return use == null ? "" : use;
        }
        var text = new StringBuilder(row.mailbox() == null ? "\\Noselect " : "");
        text.append(row.hasChildren() ? "\\HasChildren" : "\\HasNoChildren");
        if (xlist && row.path().equals("INBOX")) {
            text.append(" \\Inbox");
        }
        if (use != null) {
            text.append(' ').append(xlist ? xlistName(use) : use);
        }
        return text.toString();
    }

    private static String xlistName(String use) {
        return switch (use) {
            case "\\Junk" -> "\\Spam";
            case "\\Flagged" -> "\\Starred";
            default -> use;
        };
    }

    /// RFC 3501 §5.1: INBOX in any case, also as the first part of a path.
    static String normalInbox(String pattern) {
        boolean inbox = pattern.regionMatches(true, 0, "INBOX", 0, 5) && (pattern.length() == 5 || pattern.charAt(5) == '/');
        return inbox ? "INBOX" + pattern.substring(5) : pattern;
    }
}
