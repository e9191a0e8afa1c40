package org.pintail.imap;

import java.util.Optional;
import org.pintail.backend.AccountId;
import org.pintail.backend.Mailbox;
import org.pintail.backend.Messages;
import org.pintail.mail.Account;
import org.pintail.mail.Folders;
import org.pintail.mail.Mail;
import org.pintail.mail.Refusal;

/// What a command may use once somebody has logged in.
record Authenticated(Dialogue dialogue, AccountId id, String username) {
    Mail mail() {
        return dialogue.mail();
    }

    Folders folders() {
        return mail().folders();
    }

    Messages messages() {
        return mail().store().messages();
    }

    /// Names this session to the store, so that its journal can tell who did what.
    String session() {
        return dialogue.sessionId();
    }

    /// The account as it is now.
    Account account() {
        return mail().accounts().require(id);
    }

    Optional<Mailbox> find(String path) {
        String name;
        try {
            name = Folders.normalize(path);
        } catch (Refusal refused) {
            return Optional.empty(); // a name that cannot exist
        }
        return name.isEmpty() ? Optional.empty() : folders().find(id, name);
    }

    Mailbox mailbox(String path) {
        return find(path).orElseThrow(() -> new No("NONEXISTENT", "No such mailbox"));
    }

    /// The mailbox messages are to go into; RFC 3501 §7.1: TRYCREATE where it is missing.
    Mailbox target(String path) {
        return find(path).orElseThrow(() -> new No("TRYCREATE", "No such mailbox"));
    }
}
