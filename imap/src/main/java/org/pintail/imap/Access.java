package org.pintail.imap;

import org.pintail.backend.Mailbox;
import org.pintail.imap.wire.No;
import org.pintail.mail.Right;
import org.pintail.mail.Rights;

/// A mailbox as a session may use it: under the name it has for that session, with the rights the session has (RFC 4314).
record Access(Mailbox mailbox, String path, Rights rights) {
    boolean may(Right right) {
        return rights.has(right);
    }

    /// RFC 4314 §4: selected read-only where nothing could be changed.
    boolean mayChange() {
        return may(Right.SEEN)
                || may(Right.WRITE)
                || may(Right.INSERT)
                || may(Right.DELETE_MESSAGES)
                || may(Right.EXPUNGE);
    }

    /// RFC 4314 §6: whoever may look a mailbox up is told that it is there and what is missing.
    Access require(Right... needed) {
        for (var right : needed) {
            if (!may(right)) {
                throw new No("NOPERM", "Permission denied");
            }
        }
        return this;
    }
}
