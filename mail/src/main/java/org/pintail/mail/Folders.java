package org.pintail.mail;

import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.pintail.backend.AccountId;
import org.pintail.backend.Mailbox;
import org.pintail.backend.MailboxId;
import org.pintail.backend.Mailboxes;
import org.pintail.backend.Store;

/// The mailboxes of an account, with the rules of the suite (names, depth, what may be deleted or renamed).
public final class Folders {
    Folders(Store store, MailSettings settings) {}

    /// INBOX, Sent, Trash, Drafts, Junk in the account's language.
    public void createDefaults(AccountId account, @Nullable String language, long retention) {
        throw new UnsupportedOperationException();
    }

    /// `path` normalised as stored: INBOX upper case, one leading and one trailing "/" trimmed. Refuses MAILBOX_NOT_ALLOWED for "//" and limits.
    public static String normalize(String path) {
        throw new UnsupportedOperationException();
    }

    public Optional<Mailbox> find(AccountId account, String path) {
        throw new UnsupportedOperationException();
    }

    /// Only if it belongs to the account.
    public Optional<Mailbox> find(AccountId account, MailboxId id) {
        throw new UnsupportedOperationException();
    }

    /// The mailbox with a special use such as `\Junk`.
    public Optional<Mailbox> findSpecial(AccountId account, String specialUse) {
        throw new UnsupportedOperationException();
    }

    public List<Mailbox> list(AccountId account) {
        throw new UnsupportedOperationException();
    }

    /// Refuses MAILBOX_EXISTS, MAILBOX_NOT_ALLOWED.
    public Mailbox create(AccountId account, String path, boolean hidden, boolean encrypt, long retention) {
        throw new UnsupportedOperationException();
    }

    /// Renames, children with it if `withChildren`. Refuses NO_SUCH_MAILBOX, MAILBOX_EXISTS, MAILBOX_NOT_ALLOWED.
    public void rename(AccountId account, MailboxId mailbox, String path, boolean withChildren) {
        throw new UnsupportedOperationException();
    }

    /// Refuses NO_SUCH_MAILBOX, MAILBOX_NOT_ALLOWED (INBOX, special use, hidden).
    public void delete(AccountId account, MailboxId mailbox) {
        throw new UnsupportedOperationException();
    }

    public Mailbox update(AccountId account, MailboxId mailbox, Mailboxes.Changes changes) {
        throw new UnsupportedOperationException();
    }
}
