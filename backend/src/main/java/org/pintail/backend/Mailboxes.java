package org.pintail.backend;

import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/// Mailboxes of accounts. Paths come normalised. Every change is durable on return and goes into the account's journal.
public interface Mailboxes {
    /// What a new mailbox is to be.
    record New(
            AccountId account,
            String path,
            @Nullable String specialUse,
            boolean subscribed,
            boolean hidden,
            boolean encryptMessages,
            long retention) {}

    /// What an update changes; null leaves a field as it is.
    record Changes(
            @Nullable Boolean subscribed,
            @Nullable Boolean hidden,
            @Nullable Boolean encryptMessages,
            @Nullable Long retention) {}

    /// uidValidity is the time in seconds, raised as needed so that no (account, path) ever sees a value twice.
    /// Throws [StoreException.Duplicate] when the path is taken.
    Mailbox create(New mailbox);

    Optional<Mailbox> find(MailboxId id);

    Optional<Mailbox> find(AccountId account, String path);

    /// The id of the mailbox at a path, without its counters.
    default Optional<MailboxId> findId(AccountId account, String path) {
        return find(account, path).map(Mailbox::id);
    }

    /// All mailboxes of an account by path.
    List<Mailbox> list(AccountId account);

    /// Gives several mailboxes new paths in one atomic step (a rename with its children). `Duplicate` or `Missing` change nothing.
    void rename(List<Renaming> renamings);

    /// One step of a rename.
    record Renaming(MailboxId mailbox, String path) {}

    Mailbox update(MailboxId id, Changes changes);

    /// Removes the mailbox with its messages; the account's usage falls at once. Bodies are collected in the background.
    void delete(MailboxId id);
}
