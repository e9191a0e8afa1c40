package org.pintail.mail;

import java.security.SecureRandom;
import java.time.Clock;
import java.time.Instant;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.pintail.address.MailAddress;
import org.pintail.backend.AccountId;
import org.pintail.backend.Collection;
import org.pintail.backend.Document;
import org.pintail.backend.Store;
import org.pintail.backend.StoreException;

/// Accounts: create, find, change, delete.
public final class Accounts {
    private static final int MAX_USERNAME = 128;
    private static final int MAX_PASSWORD = 1024;
    private static final int OLD_PASSWORDS = 20;
    private static final int PAGE = 500;
    private static final int TEMPORARY_LENGTH = 12;
    private static final String TEMPORARY_LETTERS = "ABCDEFGHJKLMNPQRSTUVWXYZabcdefghijkmnopqrstuvwxyz23456789";
    private static final SecureRandom RANDOM = new SecureRandom();
    private static final String BY_VIEW = "users_dotless";
    private final Store store;
    private final Addresses addresses;
    private final Folders folders;
    private final Sharing sharing;
    private final MailSettings settings;
    private final Hashing hashing;
    private final Clock clock;

    Accounts(
            Store store,
            Addresses addresses,
            Folders folders,
            Sharing sharing,
            MailSettings settings,
            Hashing hashing,
            Clock clock) {
        this.store = store;
        this.addresses = addresses;
        this.folders = folders;
        this.sharing = sharing;
        this.settings = settings;
        this.hashing = hashing;
        this.clock = clock;
    }

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
        var username = username(account.username());
        var address = account.emptyAddress() ? "" : mainAddress(account, username);
        if (find(username).isPresent()) {
            throw userExists(null);
        }
        if (!address.isEmpty()
                && MailAddress.parse(address).flatMap(a -> addresses.resolve(a, false)).isPresent()) {
            throw new Refusal(Refusal.Code.ADDRESS_EXISTS, "This email address already exists");
        }
        var hash = hash(account.password(), account.hashed());
        var initial = NewAccount.document(account, username, clock.instant());
        var id = new AccountId(initial.id());
        try {
            store.documents().insert(Collections.USERS, initial);
        } catch (StoreException.Duplicate e) {
            throw userExists(e);
        }
        try {
            folders.createDefaults(id, account.language(), initial.number("retention"));
            if (!address.isEmpty()) {
                addresses.add(id, address, NewAccount.addressFields(account));
            }
            return update(id, activation(account, hash, address));
        } catch (RuntimeException e) {
            rollBack(id, e);
            throw e;
        }
    }

    private Document activation(New account, String hash, String address) {
        var changes = Document.of("address", address, "activated", true, "disabled", account.fields().bool("disabled"));
        if (!account.temporary() || hash.isEmpty()) {
            return changes.with("password", hash).with(scram(account.password(), account.hashed(), hash));
        }
        var now = clock.instant();
        return changes.with("tempPassword", Document.of("validAfter", now, "password", hash, "created", now));
    }

    /// Takes back what a failed creation left; what cannot be taken back now is noted with the failure.
    private void rollBack(AccountId id, RuntimeException why) {
        try {
            remove(id);
        } catch (RuntimeException e) {
            why.addSuppressed(e);
        }
    }

    private static Refusal userExists(StoreException.@Nullable Duplicate cause) {
        var text = "This username already exists";
        return cause == null
                ? new Refusal(Refusal.Code.USER_EXISTS, text)
                : new Refusal(Refusal.Code.USER_EXISTS, text, cause);
    }

    private static String username(String text) {
        var name = text.strip().toLowerCase(Locale.ROOT);
        boolean plain = name.chars().allMatch(c -> Character.isLetterOrDigit(c) || "-._=:@".indexOf(c) >= 0);
        if (name.isEmpty()
                || name.length() > MAX_USERNAME
                || !plain
                || name.indexOf('@') != name.lastIndexOf('@')
                || MailAddress.usernameView(name).isEmpty()) {
            throw new Refusal(Refusal.Code.INVALID, "Not a usable username");
        }
        return name;
    }

    /// `+label` goes; wildcards are no main address.
    private String mainAddress(New account, String username) {
        var text = account.address();
        if (text == null || text.isEmpty()) {
            text = username.indexOf('@') >= 0 && MailAddress.parse(username).isPresent()
                    ? username
                    : username.split("@", 2)[0] + "@" + settings.hostname();
        }
        var address = MailAddress.parse(text).filter(a -> a.local().indexOf('*') < 0);
        return address.map(a -> a.withoutLabel().normalized())
                .orElseThrow(() -> new Refusal(Refusal.Code.INVALID, "Not a usable address"));
    }

    /// "" for no password. Refuses BAD_HASH, INVALID.
    private String hash(@Nullable String password, boolean hashed) {
        if (password == null || password.isEmpty()) {
            return "";
        }
        if (hashed) {
            if (!PasswordHash.isSupported(password)) {
                throw new Refusal(Refusal.Code.BAD_HASH, "Password hash is of no supported form");
            }
            return password;
        }
        if (password.length() > MAX_PASSWORD) {
            throw new Refusal(Refusal.Code.INVALID, "Password is longer than " + MAX_PASSWORD + " characters");
        }
        return hashing.create(password);
    }

    /// Keys for SCRAM, where the password is known in clear.
    private Document scram(@Nullable String password, boolean hashed, String hash) {
        return password == null || hashed || hash.isEmpty() ? Document.EMPTY : hashing.scram(password, hash);
    }

    public Optional<Account> find(AccountId id) {
        return store.documents().find(Collections.USERS, id.value()).map(Account::new);
    }

    /// By user name (dots before "@" do not count), not by address.
    public Optional<Account> find(String username) {
        return store.documents()
                .find(Collections.USERS, BY_VIEW, MailAddress.usernameView(username.strip()))
                .map(Account::new);
    }

    public Account require(AccountId id) {
        return find(id).orElseThrow(Accounts::missing);
    }

    private static Refusal missing() {
        return new Refusal(Refusal.Code.NO_SUCH_USER, "This user does not exist");
    }

    /// Sets fields of the data model. Refuses NO_SUCH_USER.
    public Account update(AccountId id, Document changes) {
        var applied = Tags.applied(changes);
        var after = store.documents()
                .update(Collections.USERS, id.value(), u -> u.with(applied))
                .orElseThrow(Accounts::missing);
        if (changes.bool("disabled") || changes.bool("suspended")) {
            store.events().logout(id, "Account was disabled");
        }
        return new Account(after);
    }

    /// Sets (or with null removes) the password, ends sessions and tokens.
    public void changePassword(AccountId id, @Nullable String password, boolean hashed) {
        require(id);
        var hash = hash(password, hashed);
        var keys = scram(password, hashed, hash);
        var now = clock.instant();
        var changed = store.documents()
                .update(Collections.USERS, id.value(), u -> NewAccount.withPassword(u, hash, now, OLD_PASSWORDS).with(keys));
        if (changed.isEmpty()) {
            throw missing();
        }
        removeOf(Collections.TOKENS, "user", id);
        store.events().logout(id, "Password was changed");
    }

    /// Is this the password of the account? Takes some 100 ms of CPU behind a semaphore.
    public boolean hasPassword(Account account, String password) {
        var hash = account.document().string("password", "");
        return !hash.isEmpty() && hashing.verify(password, hash);
    }

    /// Sets a password of 12 letters and digits that is good for 24 h from now, not before `validAfter`, and has to be changed.
    /// The password of the account stays. Refuses NO_SUCH_USER.
    public String temporaryPassword(AccountId id, Instant validAfter) {
        require(id);
        var password = new StringBuilder();
        for (int i = 0; i < TEMPORARY_LENGTH; i++) {
            password.append(TEMPORARY_LETTERS.charAt(RANDOM.nextInt(TEMPORARY_LETTERS.length())));
        }
        var hash = hashing.create(password.toString());
        update(id, Document.of("tempPassword", Document.of("validAfter", validAfter, "password", hash, "created", clock.instant())));
        return password.toString();
    }

    /// Removes the account with all it has. Refuses NO_SUCH_USER.
    /// Disabled first, the account itself last: a deletion that was cut short can be asked for again.
    public void delete(AccountId id) {
        update(id, Document.of("disabled", true));
        remove(id);
    }

    private void remove(AccountId id) {
        removeOf(Collections.ADDRESSES, "user", id);
        folders.list(id).forEach(m -> folders.forgetExtras(m.id()));
        store.messages().deleteAll(id);
        find(id).ifPresent(sharing::forget);
        removeOf(Collections.SUBSCRIPTIONS, "name", id);
        removeOf(Collections.ANNOTATIONS, "user", id);
        removeOf(Collections.ASPS, "asps_user", id);
        removeOf(Collections.TOKENS, "user", id);
        removeOf(Collections.AUTH_LOG, "user", id);
        removeOf(Collections.THREADS, "thread", id);
        removeOf(Collections.FILES, "user_files", id);
        removeOf(Collections.FILTERS, "user", id);
        removeOf(Collections.AUTOREPLIES, "autoreply", id);
        removeOf(Collections.ADDRESS_REGISTER, "by_address", id);
        removeOf(Collections.PUSH_DEVICES, "device", id);
        store.documents().delete(Collections.USERS, id.value());
    }

    private void removeOf(Collection collection, String index, AccountId id) {
        List<Document> page;
        do {
            page = store.documents().list(collection, index, List.of(id.value()), null, true, PAGE);
            for (var d : page) {
                store.documents().delete(collection, d.id());
            }
        } while (!page.isEmpty());
    }

    /// By id, after `after`.
    public List<Account> list(@Nullable AccountId after, int limit) {
        return store.documents().list(Collections.USERS, after == null ? null : after.value(), true, limit).stream()
                .map(Account::new)
                .toList();
    }

    public long count() {
        return store.documents().count(Collections.USERS);
    }

    /// The quota that holds for the account, in bytes.
    public long quota(Account account) {
        return account.quota() > 0 ? account.quota() : settings.maxStorage();
    }

    /// Bytes stored.
    public long usage(AccountId id) {
        return store.messages().usage(id);
    }
}
