package org.pintail.imap;

import java.util.Optional;
import org.pintail.backend.AccountId;
import org.pintail.backend.Mailbox;
import org.pintail.mail.Folders;
import org.pintail.mail.Refusal;
import org.pintail.mail.Right;

/// A name a mailbox is to get: whose it will be, its path there, and the closest mailbox above it.
record NewName(AccountId owner, String path, Optional<Mailbox> closest) {
    /// Refuses names that cannot be made. Below a mailbox of another account it takes the right to create there (RFC 4314 §4); where none
    /// may be looked up, the answer is that of a name that cannot be made.
    static NewName of(Authenticated session, String name) {
        var normal = Folders.normalize(name);
        if (!SharedName.reserved(normal)) {
            return new NewName(session.id(), normal, above(session, normal).map(Access::mailbox));
        }
        var shared = SharedName.parse(normal).orElseThrow(NewName::refused);
        var parent = above(session, normal).orElseThrow(NewName::refused).require(Right.CREATE);
        return new NewName(parent.mailbox().account(), Folders.normalize(shared.path()), Optional.of(parent.mailbox()));
    }

    private static Refusal refused() {
        return new Refusal(Refusal.Code.MAILBOX_NOT_ALLOWED, "Mailboxes can not be made here");
    }

    private static Optional<Access> above(Authenticated session, String name) {
        for (int i = name.lastIndexOf('/'); i > 0; i = name.lastIndexOf('/', i - 1)) {
            var found = session.access(name.substring(0, i));
            if (found.isPresent()) {
                return found;
            }
        }
        return Optional.empty();
    }
}
