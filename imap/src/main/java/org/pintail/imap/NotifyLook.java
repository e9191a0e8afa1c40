package org.pintail.imap;

import java.util.Collection;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.pintail.backend.Bytes;
import org.pintail.backend.MailboxId;
import org.pintail.backend.ObjectId;

/// What falls into a group of a [NotifyRequest], all of it read.
///
final class NotifyLook {
    private final Map<MailboxId, Notified> mailboxes = new LinkedHashMap<>();
    private final Set<String> parents = new LinkedHashSet<>();
    private Map<String, Bytes> annotations = Map.of();

    static NotifyLook of(Authenticated session, NotifyRequest request) {
        var inboxes = request.needsInboxes() ? inboxes(session) : Set.<String>of();
        var found = new NotifyLook();
        for (var row : MailboxTree.of(session, new MailboxTree.Scope(true, true))) {
            var access = row.access();
            boolean own = access == null
                    ? !SharedName.reserved(row.path())
                    : access.mailbox().account().equals(session.id());
            var events = request.events(row, inboxes, own).orElse(NotifyRequest.Events.NONE);
            if (access == null) {
                if (row.hasChildren() && events.names()) {
                    found.parents.add(row.path());
                }
            } else if (!events.equals(NotifyRequest.Events.NONE)) {
                var annotations = events.annotations() ? Metadata.visible(session, access) : Map.<String, Bytes>of();
                found.put(new Notified(row, events, annotations));
            }
        }
        if (request.wantsServerAnnotations()) {
            found.annotations = Metadata.of(session, "").entries();
        }
        return found;
    }

    Collection<Notified> all() {
        return mailboxes.values();
    }

    /// Null where the mailbox falls into no group.
    @Nullable Notified find(MailboxId id) {
        return mailboxes.get(id);
    }

    /// In place of what was known of that mailbox.
    void put(Notified mailbox) {
        mailboxes.put(mailbox.id(), mailbox);
    }

    /// Names that are there for mailboxes below them only, where names are told of.
    Set<String> parents() {
        return parents;
    }

    /// Those of the server.
    Map<String, Bytes> annotations() {
        return annotations;
    }

    /// RFC 5465 §6.3: where new mail may go. INBOX, Junk, and what filters name.
    static Set<String> inboxes(Authenticated session) {
        var targets = new HashSet<ObjectId>();
        for (var filter : session.mail().filters().list(session.id())) {
            filter.document("action").flatMap(a -> a.objectId("mailbox")).ifPresent(targets::add);
        }
        var paths = new HashSet<String>();
        for (var mailbox : session.folders().list(session.id())) {
            boolean junk = "\\Junk".equals(mailbox.specialUse());
            if (junk || mailbox.path().equals("INBOX") || targets.contains(mailbox.id().value())) {
                paths.add(mailbox.path());
            }
        }
        return paths;
    }

    /// Is there a mailbox of that name, whatever is told of it?
    boolean has(String path) {
        return mailboxes.values().stream().anyMatch(m -> m.path().equals(path));
    }
}
