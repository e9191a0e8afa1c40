package org.pintail.mail;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Optional;
import java.util.function.UnaryOperator;
import org.pintail.address.MailAddress;
import org.pintail.backend.Document;
import org.pintail.backend.Mailbox;
import org.pintail.backend.MailboxId;
import org.pintail.backend.ObjectId;
import org.pintail.backend.Store;
import org.pintail.backend.StoreException;

/// Who else may do what with a mailbox. One document of each shared mailbox, under its id: `{user, entries: [{who, name, negative, rights}],
/// who: […]}`. The owner has every right, whatever stands there. Flags and quota of a shared mailbox are those of its owner.
public final class Sharing {
    /// Whoever logs in: nobody else speaks IMAP here, so both mean the same.
    private static final List<String> EVERYBODY = List.of("anyone", "authuser");

    private static final String WHO = "who";
    private static final int MOST_ENTRIES = 200;
    private static final int MOST_SHARED = 1000;
    private final Store store;

    Sharing(Store store) {
        this.store = store;
    }

    /// What one name was given, or with `negative` is kept from (RFC 4314 §2). `name` as it was written.
    public record Entry(String name, boolean negative, Rights rights) {}

    /// What `username` may do with a mailbox.
    public Rights rights(Mailbox mailbox, Account account) {
        if (mailbox.account().equals(account.id())) {
            return Rights.ALL;
        }
        return rights(entries(mailbox.id()), account);
    }

    private static Rights rights(List<Entry> entries, Account account) {
        var own = MailAddress.usernameView(account.username());
        var given = Rights.NONE;
        var kept = Rights.NONE;
        for (var e : entries) {
            if (!EVERYBODY.contains(view(e.name())) && !view(e.name()).equals(own)) {
                continue;
            }
            if (e.negative()) {
                kept = kept.plus(e.rights());
            } else {
                given = given.plus(e.rights());
            }
        }
        return given.minus(kept);
    }

    /// A user name in the form that two spellings of it share.
    private static String view(String name) {
        return EVERYBODY.contains(name) ? name : MailAddress.usernameView(name);
    }

    /// In the order they were given.
    public List<Entry> entries(MailboxId mailbox) {
        return store.documents().find(Collections.SHARES, mailbox.value()).map(Sharing::entries).orElse(List.of());
    }

    private static List<Entry> entries(Document share) {
        var found = new ArrayList<Entry>();
        for (var e : share.documents("entries")) {
            Rights.parse(e.string("rights", ""))
                    .ifPresent(rights -> found.add(new Entry(e.string("name", ""), e.bool("negative"), rights)));
        }
        return found;
    }

    /// Changes what a name has; without rights left its entry goes. Refuses NOT_ALLOWED beyond 200 entries.
    public void change(Mailbox mailbox, String name, boolean negative, UnaryOperator<Rights> change) {
        replace(mailbox, entries -> changed(entries, name, negative, change));
    }

    private static List<Entry> changed(List<Entry> entries, String name, boolean negative, UnaryOperator<Rights> change) {
        var after = new ArrayList<Entry>();
        var before = Rights.NONE;
        var shown = name;
        for (var e : entries) {
            if (e.negative() == negative && view(e.name()).equals(view(name))) {
                before = e.rights();
                shown = e.name();
            } else {
                after.add(e);
            }
        }
        var rights = change.apply(before);
        if (!rights.isEmpty()) {
            after.add(new Entry(shown, negative, rights));
        }
        if (after.size() > MOST_ENTRIES) {
            throw new Refusal(Refusal.Code.NOT_ALLOWED, "A mailbox is shared with " + MOST_ENTRIES + " at most");
        }
        return after;
    }

    private void replace(Mailbox mailbox, UnaryOperator<List<Entry>> change) {
        var documents = store.documents();
        while (true) {
            if (documents
                    .update(Collections.SHARES, mailbox.id().value(), d -> share(mailbox, change.apply(entries(d))))
                    .isPresent()) {
                return;
            }
            try {
                documents.insert(Collections.SHARES, share(mailbox, change.apply(List.of())));
                return;
            } catch (StoreException.Duplicate again) {
                // somebody else was first: change theirs
            }
        }
    }

    private static Document share(Mailbox mailbox, List<Entry> entries) {
        var written = new ArrayList<Document>();
        for (var e : entries) {
            written.add(Document.of("name", e.name(), "negative", e.negative(), "rights", e.rights().letters()));
        }
        var who = entries.stream().filter(e -> !e.negative()).map(e -> view(e.name())).distinct().toList();
        return Document.of(
                "_id", mailbox.id().value(), "user", mailbox.account().value(), "entries", written, WHO, who);
    }

    /// A new mailbox begins with what its parent is shared as (RFC 4314 §3).
    public void inherit(Mailbox parent, Mailbox child) {
        var entries = entries(parent.id());
        if (!entries.isEmpty()) {
            replace(child, _ -> entries);
        }
    }

    /// The mailboxes of others that an account may look up, at most 1000.
    public List<Mailbox> sharedWith(Account account) {
        var found = new LinkedHashMap<ObjectId, Mailbox>();
        for (var who : List.of(view(account.username()), EVERYBODY.get(0), EVERYBODY.get(1))) {
            for (var share : store.documents().list(Collections.SHARES, WHO, List.of(who), null, true, MOST_SHARED)) {
                shared(share, account).ifPresent(m -> found.put(share.id(), m));
            }
        }
        return found.values().stream().limit(MOST_SHARED).toList();
    }

    private Optional<Mailbox> shared(Document share, Account account) {
        if (account.id().value().equals(share.value("user")) || !rights(entries(share), account).has(Right.LOOKUP)) {
            return Optional.empty();
        }
        return store.mailboxes().find(new MailboxId(share.id())).filter(m -> !m.hidden());
    }

    /// What an account was given goes with it, so that another one of its name does not get it.
    void forget(Account account) {
        var own = view(account.username());
        List<Document> page;
        do {
            page = store.documents().list(Collections.SHARES, WHO, List.of(own), null, true, MOST_SHARED);
            for (var share : page) {
                store.documents().update(Collections.SHARES, share.id(), d -> without(d, own));
            }
        } while (!page.isEmpty());
    }

    private static Document without(Document share, String who) {
        var left = share.documents("entries").stream()
                .filter(e -> !view(e.string("name", "")).equals(who))
                .toList();
        var names = share.strings(WHO).stream().filter(n -> !n.equals(who)).toList();
        return share.with("entries", left).with(WHO, names);
    }
}
