package org.pintail.mail;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;
import org.pintail.backend.AccountId;
import org.pintail.backend.Bytes;
import org.pintail.backend.Document;
import org.pintail.backend.MailboxId;
import org.pintail.backend.ObjectId;
import org.pintail.backend.Store;
import org.pintail.backend.StoreException;

/// What clients note about mailboxes and about the server (METADATA, RFC 5464). One document of each [Place], so that a change of several
/// entries is one step: `{user, place, reader, entries: [{name, value}]}`. Names are lower case.
public final class Annotations {
    public static final int MOST_ENTRIES = 100;
    public static final int MOST_BYTES = 64 * 1024;
    private static final int MOST_TOGETHER = 1 << 20;
    private static final String INDEX = "place";
    private final Store store;

    Annotations(Store store) {
        this.store = store;
    }

    /// Where entries stand: with a mailbox, or with the server as one account sees it. `reader`: whose private ones, null for shared ones.
    /// They go when `owner` goes.
    public record Place(AccountId owner, ObjectId id, @Nullable AccountId reader) {
        public static Place privateOf(MailboxId mailbox, AccountId reader) {
            return new Place(reader, mailbox.value(), reader);
        }

        public static Place sharedOf(MailboxId mailbox, AccountId owner) {
            return new Place(owner, mailbox.value(), null);
        }

        public static Place serverOf(AccountId reader) {
            return new Place(reader, reader.value(), reader);
        }

        private List<@Nullable Object> key() {
            var key = new ArrayList<@Nullable Object>();
            key.add(id);
            key.add(reader == null ? null : reader.value());
            return key;
        }
    }

    /// By name.
    public Map<String, Bytes> read(Place place) {
        return documents(place).stream().findFirst().map(Annotations::entries).orElseGet(TreeMap::new);
    }

    private List<Document> documents(Place place) {
        return store.documents().list(Collections.ANNOTATIONS, INDEX, place.key(), null, true, 1);
    }

    private static TreeMap<String, Bytes> entries(Document document) {
        var found = new TreeMap<String, Bytes>();
        for (var e : document.documents("entries")) {
            if (e.value("value") instanceof Bytes value) {
                found.put(e.string("name", ""), value);
            }
        }
        return found;
    }

    /// Sets all of them or none, and wakes who watches the owner; a null value removes. Refuses NOT_ALLOWED for more than 100 entries in one place, TOO_BIG beyond 1 MiB of
    /// values there. What one value may have is the caller's business ([#MOST_BYTES]).
    public void change(Place place, Map<String, @Nullable Bytes> values) {
        boolean done = false;
        while (!done) {
            var known = documents(place);
            done = known.isEmpty()
                    ? inserted(place, values)
                    : store.documents()
                            .update(Collections.ANNOTATIONS, known.getFirst().id(), d -> d.with("entries", written(entries(d), values)))
                            .isPresent();
        }
        store.events().publish(place.owner());
    }

    /// Refuses what [#change] would refuse now, and changes nothing.
    public void check(Place place, Map<String, @Nullable Bytes> values) {
        written(new TreeMap<>(read(place)), values);
    }

    private boolean inserted(Place place, Map<String, @Nullable Bytes> values) {
        var entries = written(new TreeMap<>(), values);
        if (entries.isEmpty()) {
            return true;
        }
        var reader = place.reader();
        try {
            store.documents()
                    .insert(
                            Collections.ANNOTATIONS,
                            Document.of(
                                    "_id", ObjectId.next(),
                                    "user", place.owner().value(),
                                    "place", place.id(),
                                    "reader", reader == null ? null : reader.value(),
                                    "entries", entries));
            return true;
        } catch (StoreException.Duplicate again) {
            return false; // somebody else was first: change theirs
        }
    }

    private static List<Document> written(TreeMap<String, Bytes> before, Map<String, @Nullable Bytes> values) {
        var after = new LinkedHashMap<String, Bytes>(before);
        values.forEach((name, value) -> {
            if (value == null) {
                after.remove(name);
            } else {
                after.put(name, value);
            }
        });
        if (after.size() > MOST_ENTRIES && after.size() > before.size()) {
            throw new Refusal(Refusal.Code.NOT_ALLOWED, "There can be " + MOST_ENTRIES + " entries");
        }
        if (after.values().stream().mapToLong(Bytes::size).sum() > MOST_TOGETHER) {
            throw new Refusal(Refusal.Code.TOO_BIG, "Entries together are larger than " + MOST_TOGETHER + " bytes");
        }
        var out = new ArrayList<Document>();
        after.forEach((name, value) -> out.add(Document.of("name", name, "value", value)));
        return out;
    }

    /// What stands with a mailbox that is gone goes.
    void forget(MailboxId mailbox) {
        List<Document> page;
        do {
            page = store.documents().list(Collections.ANNOTATIONS, INDEX, List.of(mailbox.value()), null, true, MOST_ENTRIES);
            page.forEach(d -> store.documents().delete(Collections.ANNOTATIONS, d.id()));
        } while (!page.isEmpty());
    }
}
