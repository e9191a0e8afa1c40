package org.pintail.imap;

import java.io.IOException;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.pintail.imap.wire.BadCommand;
import org.pintail.imap.wire.ImapReader;
import org.pintail.imap.wire.Responses;

/// LIST — RFC 3501 §6.3.8, RFC 5258 (LIST-EXTENDED), with RFC 3348 (CHILDREN), RFC 6154 (SPECIAL-USE), RFC 5819 (LIST-STATUS), RFC 8440
/// (LIST-MYRIGHTS) and RFC 9590 (LIST-METADATA). XLIST is what Gmail made of it before.
///
///     list = "LIST" [SP list-select-opts] SP mailbox SP mbox-or-pat [SP list-return-opts]
///     mbox-or-pat = list-mailbox / "(" list-mailbox *(SP list-mailbox) ")"
record ListCommand(ListOptions options, String reference, List<String> patterns, boolean extended, boolean xlist)
        implements Command.InAuthenticated {
    private static final int PATTERNS = 100;
    private static final int PATTERN_LENGTH = 4096;

    ListCommand {
        patterns = List.copyOf(patterns);
    }

    static ListCommand parse(ImapReader in, boolean xlist) throws IOException {
        in.sp();
        var selection = ListOptions.BASIC.selection();
        if (in.peek() == '(') {
            selection = ListOptions.selection(in);
            in.sp();
        }
        var reference = in.mailbox();
        in.sp();
        boolean several = in.peek() == '(';
        var patterns = several ? in.list(in::listMailbox) : List.of(in.listMailbox());
        if (patterns.isEmpty() || patterns.size() > PATTERNS) {
            throw new BadCommand("expected 1 to " + PATTERNS + " mailbox patterns");
        }
        if (patterns.stream().mapToInt(String::length).sum() + reference.length() > PATTERN_LENGTH) {
            throw new BadCommand("mailbox patterns are too long");
        }
        var returned = ListOptions.everything(selection);
        boolean returns = in.accept(' ');
        if (returns) {
            if (!in.word().equals("RETURN")) {
                throw new BadCommand("expected RETURN");
            }
            in.sp();
            returned = ListOptions.returned(in, selection);
        }
        in.end();
        boolean extended = several || returns || selection.given();
        return new ListCommand(new ListOptions(selection, returned), reference, patterns, extended, xlist);
    }

    @Override
    public Reply run(Authenticated session, Responses out) throws IOException {
        if (!extended && patterns.getFirst().isEmpty()) {
            out.untagged((xlist ? "XLIST" : "LIST") + " (\\Noselect) \"/\" \"\"");
            return Reply.COMPLETED;
        }
        StatusItem.asked(session, options.returned().status());
        var wanted = patterns.stream().map(p -> MailboxPattern.of(reference, p)).toList();
        boolean others = !xlist && wanted.stream().anyMatch(p -> p.reaches(SharedName.PREFIX));
        boolean subscriptions = options.returned().subscribed();
        var rows = MailboxTree.of(session, new MailboxTree.Scope(others, subscriptions));
        var matched = new HashSet<String>();
        for (var row : rows) {
            if (wanted.stream().anyMatch(p -> p.matches(row.path()))) {
                matched.add(row.path());
            }
        }
        var answer = new ListAnswer(session, out, options.returned(), extended || session.dialogue().announcer().rev2(), xlist);
        for (var row : rows) {
            if (matched.contains(row.path())) {
                var below = options.selection().recursive() ? below(row, rows, matched) : List.<String>of();
                boolean taken = options.selection().takes(row) && shown(row);
                if (taken || !below.isEmpty()) {
                    answer.write(row, below, taken);
                }
            }
        }
        return Reply.COMPLETED;
    }

    /// A name without a mailbox is shown for its children, or because it is subscribed to and that was asked for.
    private boolean shown(MailboxTree.Row row) {
        return row.access() != null || row.hasChildren() || options.selection().subscribed();
    }

    /// RFC 5258 §3.5: what names below this one are selected for, which are not shown themselves.
    private List<String> below(MailboxTree.Row row, List<MailboxTree.Row> rows, Set<String> matched) {
        var above = row.path() + "/";
        for (var other : rows) {
            if (other.path().startsWith(above)
                    && options.selection().takes(other)
                    && !matched.contains(other.path())) {
                var why = new ArrayList<String>();
                if (options.selection().subscribed()) {
                    why.add("SUBSCRIBED");
                }
                if (options.selection().specialUse()) {
                    why.add("SPECIAL-USE");
                }
                return why;
            }
        }
        return List.of();
    }
}
