package org.pintail.imap;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;
import org.pintail.backend.Mailbox;

/// The mailboxes of an account as LIST shows them: INBOX first, then by path part, with ancestors that do not exist themselves.
final class MailboxTree {
    /// One line of LIST. `mailbox` is null for an ancestor that does not exist.
    record Row(String path, @Nullable Mailbox mailbox, boolean hasChildren) {}

    private static final Comparator<String> ORDER = Comparator.comparing((String path) -> !path.equals("INBOX"))
            .thenComparing(path -> path.replace('/', '\1'), String.CASE_INSENSITIVE_ORDER)
            .thenComparing(Comparator.naturalOrder());

    private MailboxTree() {}

    static List<Row> of(List<Mailbox> mailboxes, boolean withAncestors) {
        var real = new TreeMap<String, @Nullable Mailbox>(ORDER);
        Map<String, Boolean> parents = new HashMap<>();
        for (var mailbox : mailboxes) {
            if (mailbox.hidden()) {
                continue;
            }
            real.put(mailbox.path(), mailbox);
            for (int i = mailbox.path().lastIndexOf('/'); i > 0; i = mailbox.path().lastIndexOf('/', i - 1)) {
                parents.put(mailbox.path().substring(0, i), true);
            }
        }
        if (withAncestors) {
            for (var parent : parents.keySet()) {
                real.putIfAbsent(parent, null);
            }
        }
        var rows = new ArrayList<Row>();
        real.forEach((path, mailbox) -> rows.add(new Row(path, mailbox, parents.containsKey(path))));
        return rows;
    }
}
