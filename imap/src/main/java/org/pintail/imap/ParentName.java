package org.pintail.imap;

import java.util.List;
import java.util.Optional;
import org.pintail.backend.AccountId;
import org.pintail.imap.wire.No;
import org.pintail.mail.Folders;
import org.pintail.mail.Refusal;
import org.pintail.mail.Right;

/// A name that is no mailbox, but has some below it that the session may look up: LIST shows it as `\Noselect` (RFC 3501 §7.2.2) or
/// `\NonExistent` (RFC 9051 §7.3.1).
///
/// @param name normalised, as the session knows it
/// @param visible the mailboxes below it that the session may look up
record ParentName(String name, List<Access> visible) {
    ParentName {
        visible = List.copyOf(visible);
    }

    /// Empty where nothing stands below the name that may be looked up; to be asked where there is no mailbox.
    static Optional<ParentName> find(Authenticated session, String name) {
        String normal;
        try {
            normal = Folders.normalize(name);
        } catch (Refusal refused) {
            return Optional.empty(); // a name that cannot exist
        }
        var scope = new MailboxTree.Scope(SharedName.reserved(normal), false);
        var below = MailboxTree.of(session, scope).stream()
                .filter(row -> row.path().startsWith(normal + "/"))
                .flatMap(row -> Optional.ofNullable(row.access()).stream())
                .toList();
        return below.isEmpty() ? Optional.empty() : Optional.of(new ParentName(normal, below));
    }

    /// As its owner has it.
    String path() {
        return SharedName.reserved(name)
                ? SharedName.parse(name).map(SharedName::path).orElse(name)
                : name;
    }

    /// Whose name it is. All of what stands below moves, so it takes the right to rename each (RFC 4314 §4), also those that are not
    /// seen, among which the name itself may be.
    AccountId renamable(Authenticated session) {
        var owner = visible.getFirst().mailbox().account();
        if (owner.equals(session.id())) {
            return owner;
        }
        if (SharedName.parse(name).isEmpty()) {
            throw new No("CANNOT", "This name can not be renamed"); // Users, Users/bob
        }
        for (var mailbox : session.folders().list(owner)) {
            var concerned = mailbox.path().equals(path()) || mailbox.path().startsWith(path() + "/");
            if (concerned && !session.mail().sharing().rights(mailbox, session.account()).has(Right.DELETE_MAILBOX)) {
                throw new No("NOPERM", "Permission denied");
            }
        }
        return owner;
    }
}
