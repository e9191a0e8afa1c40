package org.pintail.mail;

import java.time.Clock;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.pintail.backend.AccountId;
import org.pintail.backend.Document;
import org.pintail.backend.Store;

/// Accounts: create, find, change, delete.
public final class Accounts {
    Accounts(Store store, Addresses addresses, Folders folders, MailSettings settings, Clock clock) {}

    /// What creating an account takes. `fields` are further fields of the data model, stored as they are (`quota`, `tags`, `metaData` …).
    /// `password` null or "": no password. `hashed`: it is a supported hash already. `address` null: the username if it is an address, else
    /// username@hostname. `temporary`: the password has to be changed within 24 h.
    public record New(
            String username,
            @Nullable String password,
            boolean hashed,
            boolean temporary,
            @Nullable String address,
            boolean emptyAddress,
            @Nullable String language,
            Document fields) {
        public static New of(String username, String password, @Nullable String address) {
            return new New(username, password, false, false, address, false, null, Document.EMPTY);
        }
    }

    /// Creates the account, its mailboxes and its address. Refuses with USER_EXISTS, ADDRESS_EXISTS, BAD_HASH, INVALID.
    /// Hashing takes some 100 ms of CPU behind a semaphore.
    public Account create(New account) {
        throw new UnsupportedOperationException();
    }

    public Optional<Account> find(AccountId id) {
        throw new UnsupportedOperationException();
    }

    /// By user name (dots before "@" do not count), not by address.
    public Optional<Account> find(String username) {
        throw new UnsupportedOperationException();
    }

    public Account require(AccountId id) {
        return find(id).orElseThrow(() -> new Refusal(Refusal.Code.NO_SUCH_USER, "This user does not exist"));
    }

    /// Sets fields of the data model. Refuses NO_SUCH_USER.
    public Account update(AccountId id, Document changes) {
        throw new UnsupportedOperationException();
    }

    /// Sets (or with null removes) the password, ends sessions and tokens.
    public void changePassword(AccountId id, @Nullable String password, boolean hashed) {
        throw new UnsupportedOperationException();
    }

    /// Removes the account with all it has. Refuses NO_SUCH_USER.
    public void delete(AccountId id) {
        throw new UnsupportedOperationException();
    }

    /// By id, after `after`.
    public List<Account> list(@Nullable AccountId after, int limit) {
        throw new UnsupportedOperationException();
    }

    public long count() {
        throw new UnsupportedOperationException();
    }

    /// The quota that holds for the account, in bytes.
    public long quota(Account account) {
        throw new UnsupportedOperationException();
    }

    /// Bytes stored.
    public long usage(AccountId id) {
        throw new UnsupportedOperationException();
    }
}
