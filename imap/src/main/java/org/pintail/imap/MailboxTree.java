package org.pintail.imap;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;
import org.pintail.backend.AccountId;
import org.pintail.mail.Rights;

/// The names a session can list: INBOX first, then by path part; its own mailboxes, those of others that it may look up, names it has
/// subscribed to, and ancestors that do not exist themselves.
final class MailboxTree {
    /// `access` is null for a name without a mailbox.
    record Row(String path, @Nullable Access access, boolean subscribed, boolean hasChildren) {
        @Nullable String specialUse() {
            return access == null ? null : access.mailbox().specialUse();
        }
    }

    private static final Comparator<String> ORDER = Comparator.comparing((String path) -> !path.equals("INBOX"))
            .thenComparing(path -> path.replace('/', '\1'), String.CASE_INSENSITIVE_ORDER)
            .thenComparing(Comparator.naturalOrder());

    private final TreeMap<String, @Nullable Access> names = new TreeMap<>(ORDER);
    private final Set<String> subscribed = new HashSet<>();
    private final Authenticated session;

    private MailboxTree(Authenticated session) {
        this.session = session;
    }

    /// What there is to look at beyond the account's own mailboxes.
    record Scope(boolean others, boolean subscriptions) {}

    static List<Row> of(Authenticated session, Scope scope) {
        var tree = new MailboxTree(session);
        tree.own();
        if (scope.others) {
            tree.others();
        }
        if (scope.subscriptions) {
            tree.subscriptions();
        }
        return tree.rows();
    }

    private void own() {
        for (var mailbox : session.folders().list(session.id())) {
            if (mailbox.hidden()) {
                continue;
            }
            names.put(mailbox.path(), new Access(mailbox, mailbox.path(), Rights.ALL));
            if (mailbox.subscribed() || mailbox.path().equals("INBOX")) {
                subscribed.add(mailbox.path());
            }
        }
    }

    private void others() {
        var account = session.account();
        Map<AccountId, String> owners = new HashMap<>();
        for (var mailbox : session.mail().sharing().sharedWith(account)) {
            var owner = owners.computeIfAbsent(
                    mailbox.account(),
                    id -> session.mail().accounts().find(id).map(a -> a.username()).orElse(""));
            var name = new SharedName(owner, mailbox.path()).toString();
            if (!owner.isEmpty()) {
                names.putIfAbsent(name, new Access(mailbox, name, session.mail().sharing().rights(mailbox, account)));
            }
        }
    }

    private void subscriptions() {
        for (var name : session.mail().subscriptions().list(session.id())) {
            names.putIfAbsent(name, null);
            subscribed.add(name);
        }
    }

    private List<Row> rows() {
        var parents = new HashSet<String>();
        names.forEach((path, access) -> {
            for (int i = path.lastIndexOf('/'); i > 0 && access != null; i = path.lastIndexOf('/', i - 1)) {
                parents.add(path.substring(0, i));
            }
        });
        parents.forEach(parent -> names.putIfAbsent(parent, null));
        var rows = new ArrayList<Row>();
        names.forEach((path, access) ->
                rows.add(new Row(path, access, subscribed.contains(path), parents.contains(path))));
        return rows;
    }
}
