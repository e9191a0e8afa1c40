package org.pintail.mail;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.pintail.address.MailAddress;
import org.pintail.backend.AccountId;
import org.pintail.backend.Cluster;
import org.pintail.backend.Collection;
import org.pintail.backend.Document;
import org.pintail.backend.Documents;
import org.pintail.backend.ObjectId;
import org.pintail.backend.Signals;

/// What every message on its way in is looked up by: its address, the account, the filters of the account. Remembered for a minute; every node
/// hears when one of them changes, and while it could not hear it remembers nothing. For deliveries, for the limits of accounts, and to find whose
/// an address is; passwords are checked against, and changes made to, the documents themselves. What another program changes in the same
/// database is seen a minute later.
public final class Lookups {
    private static final String TOPIC = "lookups";
    private static final Set<Collection> REMEMBERING = Set.of(Collections.USERS, Collections.ADDRESSES, Collections.FILTERS);
    private static final Duration REMEMBERED = Duration.ofMinutes(1);
    private static final int MOST = 20_000;
    private final Documents documents;
    private final Addresses addresses;
    private final Filters stored;
    private final Cluster cluster;
    private final Cache<String, Document> byAddress;
    private final Cache<ObjectId, Document> users;
    private final Cache<AccountId, List<Document>> filters;

    Lookups(Documents documents, Cluster cluster, Clock clock) {
        this.documents = documents;
        this.addresses = new Addresses(documents, clock);
        this.stored = new Filters(documents);
        this.cluster = cluster;
        this.byAddress = cache(clock);
        this.users = cache(clock);
        this.filters = cache(clock);
        cluster.signals().watch(TOPIC, this::forget);
    }

    private static <K, V> Cache<K, V> cache(Clock clock) {
        return Caffeine.newBuilder()
                .maximumSize(MOST)
                .executor(Runnable::run)
                .expireAfterWrite(REMEMBERED)
                .ticker(() -> TimeUnit.MILLISECONDS.toNanos(clock.millis()))
                .build();
    }

    /// Whether changes of a collection have to be told.
    static boolean remembers(Collection in) {
        return REMEMBERING.contains(in);
    }

    /// To be told after a change: `document` as it was before, or as it came in.
    void changed(Collection in, Document document) {
        var word = in.name() + ' ' + key(in, document);
        forget(word);
        cluster.signals().send(TOPIC, word);
    }

    private static String key(Collection in, Document document) {
        if (in.equals(Collections.ADDRESSES)) {
            return document.string("addrview", "");
        }
        return in.equals(Collections.FILTERS) ? document.objectId("user").map(ObjectId::hex).orElse("") : document.id().hex();
    }

    private void forget(String word) {
        int space = word.indexOf(' ');
        var key = word.substring(space + 1);
        switch (space < 0 ? Signals.ANYTHING : word.substring(0, space)) {
            case "addresses" -> byAddress.invalidate(key);
            case "users" -> ObjectId.parse(key).ifPresent(users::invalidate);
            case "filters" -> ObjectId.parse(key).map(AccountId::new).ifPresent(filters::invalidate);
            default -> {
                byAddress.invalidateAll();
                users.invalidateAll();
                filters.invalidateAll();
            }
        }
    }

    private boolean hears() {
        if (cluster.connected()) {
            return true;
        }
        forget(Signals.ANYTHING);
        return false;
    }

    /// As [Addresses#resolve]; only addresses that are written like the stored one, labels and dots aside, are remembered.
    public Optional<Addresses.Resolved> resolve(MailAddress address, boolean wildcards) {
        return addresses.resolve(
                address, wildcards, view -> Optional.ofNullable(hears() ? byAddress.get(view, this::storedAddress) : storedAddress(view)));
    }

    private @Nullable Document storedAddress(String view) {
        return addresses.byView(view).orElse(null);
    }

    public Optional<Account> account(AccountId id) {
        return Optional.ofNullable(hears() ? users.get(id.value(), this::user) : user(id.value())).map(Account::new);
    }

    private @Nullable Document user(ObjectId id) {
        return documents.find(Collections.USERS, id).orElse(null);
    }

    /// As [Filters#list].
    List<Document> filters(AccountId account) {
        return hears() ? filters.get(account, stored::list) : stored.list(account);
    }
}
