package org.pintail.mail;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.pintail.backend.AccountId;
import org.pintail.backend.Mailbox;
import org.pintail.backend.MailboxId;
import org.pintail.backend.Mailboxes;
import org.pintail.backend.Store;
import org.pintail.backend.StoreException;

/// The mailboxes of an account, with the rules of the suite (names, depth, what may be deleted or renamed).
public final class Folders {
    private static final String INBOX = "INBOX";
    private static final int MAX_DEPTH = 128;
    private static final int MAX_NAME = 512;
    private static final long TRASH_RETENTION = Duration.ofDays(30).toMillis();
    private final Store store;
    private final MailSettings settings;
    private final Annotations annotations;

    Folders(Store store, MailSettings settings, Annotations annotations) {
        this.store = store;
        this.settings = settings;
        this.annotations = annotations;
    }

    /// INBOX, Sent, Trash, Drafts, Junk in the account's language. Those that are there already are left alone.
    public void createDefaults(AccountId account, @Nullable String language, long retention) {
        var names = FolderNames.of(language);
        long brief = retention > 0 ? Math.min(retention, TRASH_RETENTION) : TRASH_RETENTION;
        createDefault(account, INBOX, null, retention);
        createDefault(account, names.sent(), "\\Sent", retention);
        createDefault(account, names.trash(), "\\Trash", brief);
        createDefault(account, names.drafts(), "\\Drafts", retention);
        createDefault(account, names.junk(), "\\Junk", brief);
    }

    private void createDefault(AccountId account, String path, @Nullable String specialUse, long retention) {
        if (store.mailboxes().find(account, path).isEmpty()) {
            store.mailboxes().create(new Mailboxes.New(account, path, specialUse, true, false, false, retention));
        }
    }

    /// `path` normalised as stored: INBOX upper case, one leading and one trailing "/" trimmed. Refuses MAILBOX_NOT_ALLOWED for "//" and limits.
    public static String normalize(String path) {
        int from = path.startsWith("/") ? 1 : 0;
        int to = path.length() > from && path.endsWith("/") ? path.length() - 1 : path.length();
        var trimmed = path.substring(from, to);
        if (trimmed.isEmpty() || trimmed.contains("//") || trimmed.startsWith("/") || trimmed.endsWith("/")) {
            throw new Refusal(Refusal.Code.MAILBOX_NOT_ALLOWED, "Mailbox name has an empty part");
        }
        if (trimmed.chars().anyMatch(c -> c < ' ' || c == 0x7f)) {
            throw new Refusal(Refusal.Code.MAILBOX_NOT_ALLOWED, "Mailbox name has a control character");
        }
        int depth = 1;
        int start = 0;
        for (int i = 0; i <= trimmed.length(); i++) {
            if (i < trimmed.length() && trimmed.charAt(i) != '/') {
                continue;
            }
            if (i - start > MAX_NAME) {
                throw new Refusal(Refusal.Code.MAILBOX_NOT_ALLOWED, "Mailbox name is longer than " + MAX_NAME);
            }
            start = i + 1;
            depth += i < trimmed.length() ? 1 : 0;
        }
        if (depth > MAX_DEPTH) {
            throw new Refusal(Refusal.Code.MAILBOX_NOT_ALLOWED, "Mailbox is deeper than " + MAX_DEPTH);
        }
        int first = trimmed.indexOf('/');
        var head = first < 0 ? trimmed : trimmed.substring(0, first);
        return head.toUpperCase(Locale.ROOT).equals(INBOX) ? INBOX + trimmed.substring(INBOX.length()) : trimmed;
    }

    /// Empty for a path that could not be a mailbox, too.
    public Optional<Mailbox> find(AccountId account, String path) {
        String normal;
        try {
            normal = normalize(path);
        } catch (Refusal notAName) {
            return Optional.empty();
        }
        return store.mailboxes().find(account, normal);
    }

    /// As [#find], only the id.
    Optional<MailboxId> findId(AccountId account, String path) {
        return store.mailboxes().findId(account, path);
    }

    /// Only if it belongs to the account.
    public Optional<Mailbox> find(AccountId account, MailboxId id) {
        return store.mailboxes().find(id).filter(m -> m.account().equals(account));
    }

    /// The mailbox with a special use such as `\Junk`.
    public Optional<Mailbox> findSpecial(AccountId account, String specialUse) {
        return list(account).stream()
                .filter(m -> specialUse.equalsIgnoreCase(m.specialUse()))
                .findFirst();
    }

    public List<Mailbox> list(AccountId account) {
        return store.mailboxes().list(account);
    }

    /// `retention` 0: that of the account. Refuses MAILBOX_EXISTS, MAILBOX_NOT_ALLOWED.
    public Mailbox create(AccountId account, String path, boolean hidden, boolean encrypt, long retention) {
        return create(new Mailboxes.New(account, path, null, true, hidden, encrypt, retention));
    }

    /// As above; the path need not be normalised. Refuses SPECIAL_USE_TAKEN as well.
    public Mailbox create(Mailboxes.New mailbox) {
        var account = mailbox.account();
        var normal = normalize(mailbox.path());
        if (store.mailboxes().find(account, normal).isPresent()) {
            throw exists(null);
        }
        var user = store.documents().find(Collections.USERS, account.value()).map(Account::new);
        if (list(account).size() >= user.map(this::maxMailboxes).orElse((long) settings.maxMailboxes())) {
            throw new Refusal(Refusal.Code.MAILBOX_NOT_ALLOWED, "Mailbox count limit reached");
        }
        var use = mailbox.specialUse();
        if (use != null && findSpecial(account, use).isPresent()) {
            throw new Refusal(Refusal.Code.SPECIAL_USE_TAKEN, "Another mailbox has this special use");
        }
        long kept = mailbox.retention() > 0
                ? mailbox.retention()
                : user.map(u -> u.document().number("retention")).orElse(0L);
        var wanted = new Mailboxes.New(
                account, normal, use, mailbox.subscribed(), mailbox.hidden(), mailbox.encryptMessages(), kept);
        try {
            return store.mailboxes().create(wanted);
        } catch (StoreException.Duplicate e) {
            throw exists(e);
        }
    }

    /// Mailboxes an account may have.
    public long maxMailboxes(Account account) {
        return account.mailboxQuota() > 0 ? account.mailboxQuota() : settings.maxMailboxes();
    }

    /// Messages an account has.
    public long messages(AccountId account) {
        return list(account).stream().mapToLong(Mailbox::messages).sum();
    }

    private static Refusal exists(StoreException.@Nullable Duplicate cause) {
        var text = "Mailbox already exists";
        return cause == null
                ? new Refusal(Refusal.Code.MAILBOX_EXISTS, text)
                : new Refusal(Refusal.Code.MAILBOX_EXISTS, text, cause);
    }

    private Mailbox require(AccountId account, MailboxId id) {
        return find(account, id).orElseThrow(Folders::missing);
    }

    private static Refusal missing() {
        return new Refusal(Refusal.Code.NO_SUCH_MAILBOX, "This mailbox does not exist");
    }

    /// Renames, children with it if `withChildren`. Refuses NO_SUCH_MAILBOX, MAILBOX_EXISTS, MAILBOX_NOT_ALLOWED.
    public void rename(AccountId account, MailboxId mailbox, String path, boolean withChildren) {
        var from = require(account, mailbox);
        if (from.path().equals(INBOX) || from.hidden()) {
            throw new Refusal(Refusal.Code.MAILBOX_NOT_ALLOWED, "This mailbox can not be renamed");
        }
        var to = free(account, path);
        var steps = new ArrayList<Mailboxes.Renaming>();
        steps.add(new Mailboxes.Renaming(mailbox, to));
        if (withChildren) {
            steps.addAll(below(account, from.path(), to));
        }
        rename(steps);
    }

    /// Renames what stands below a path at which there is no mailbox, all in one step. Refuses NO_SUCH_MAILBOX where nothing does,
    /// MAILBOX_EXISTS, MAILBOX_NOT_ALLOWED.
    public void renameBelow(AccountId account, String from, String path) {
        var to = free(account, path);
        if (to.equals(from)) {
            throw exists(null);
        }
        var steps = below(account, from, to);
        if (steps.isEmpty()) {
            throw missing();
        }
        rename(steps);
    }

    private String free(AccountId account, String path) {
        var normal = normalize(path);
        if (normal.equals(INBOX) || store.mailboxes().find(account, normal).isPresent()) {
            throw exists(null);
        }
        return normal;
    }

    private List<Mailboxes.Renaming> below(AccountId account, String from, String to) {
        var above = from + "/";
        return list(account).stream()
                .filter(child -> child.path().startsWith(above))
                .map(child -> new Mailboxes.Renaming(
                        child.id(), normalize(to + "/" + child.path().substring(above.length()))))
                .toList();
    }

    private void rename(List<Mailboxes.Renaming> steps) {
        try {
            store.mailboxes().rename(steps);
        } catch (StoreException.Duplicate e) {
            throw exists(e);
        } catch (StoreException.Missing e) {
            throw new Refusal(Refusal.Code.NO_SUCH_MAILBOX, "This mailbox does not exist", e);
        }
    }

    /// Refuses NO_SUCH_MAILBOX, MAILBOX_NOT_ALLOWED (INBOX, special use, hidden).
    public void delete(AccountId account, MailboxId mailbox) {
        var found = require(account, mailbox);
        if (found.path().equals(INBOX) || found.specialUse() != null || found.hidden()) {
            throw new Refusal(Refusal.Code.MAILBOX_NOT_ALLOWED, "This mailbox can not be deleted");
        }
        try {
            store.mailboxes().delete(mailbox);
            forgetExtras(mailbox);
        } catch (StoreException.Missing e) {
            throw new Refusal(Refusal.Code.NO_SUCH_MAILBOX, "This mailbox does not exist", e);
        }
    }

    /// What stands with a mailbox that is gone, or goes now.
    void forgetExtras(MailboxId mailbox) {
        store.documents().delete(Collections.SHARES, mailbox.value());
        annotations.forget(mailbox);
    }

    /// Refuses NO_SUCH_MAILBOX.
    public Mailbox update(AccountId account, MailboxId mailbox, Mailboxes.Changes changes) {
        require(account, mailbox);
        try {
            return store.mailboxes().update(mailbox, changes);
        } catch (StoreException.Missing e) {
            throw new Refusal(Refusal.Code.NO_SUCH_MAILBOX, "This mailbox does not exist", e);
        }
    }
}
