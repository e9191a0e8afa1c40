package org.pintail.mongodb;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicLong;
import org.pintail.backend.AccountId;
import org.pintail.backend.Document;
import org.pintail.backend.StoreException;

/// `users.storageUsed`: the bytes of all messages of an account. It is raised before messages come, or right after them where the quota is far
/// away, and lowered after they went. An account without a user document has no counter; its messages are added up.
final class Usage {
    private static final int COUNTED = 16; // steps: more than an account gets while one of them waits for help
    private static final int MOST_RECENT = 50_000;
    private final Cache<AccountId, AtomicLong> recent = Caffeine.newBuilder()
            .executor(Runnable::run)
            .maximumSize(MOST_RECENT)
            .expireAfterWrite(Duration.ofMinutes(1))
            .build();
    private final Table users;
    private final Table messages;

    Usage(Databases databases) {
        this.users = databases.table("users");
        this.messages = databases.table("messages");
    }

    long of(AccountId account) {
        var user = users.first(Table.Query.of(Document.of("_id", account.value())).fields("storageUsed"));
        return user.map(u -> Math.max(0, u.number("storageUsed"))).orElseGet(() -> sum(account));
    }

    long sum(AccountId account) {
        var match = Document.of("$match", Document.of("user", account.value()));
        var group = Document.of("$group", Document.of("_id", null, "size", Document.of("$sum", "$size")));
        return messages.aggregate(match, group).stream().mapToLong(d -> d.number("size")).sum();
    }

    /// Adds when less than `quota` is used (0: whatever is used); else throws OverQuota.
    void reserve(AccountId account, long size, long quota) {
        var filter = Document.of("_id", account.value());
        if (quota > 0) {
            filter = filter.with("storageUsed", Document.of("$not", Document.of("$gte", quota)));
        }
        if (users.updateOnce(filter, Document.of("$inc", Document.of("storageUsed", size))) || quota <= 0) {
            return;
        }
        long used = of(account);
        if (used >= quota) {
            throw new StoreException.OverQuota("usage " + used + " of " + quota);
        }
    }

    /// Whether so much more may come that nobody needs to ask before a message is there. By what was used a minute ago at most and what
    /// this process brought since; half of a quota is left to what others bring in that minute.
    boolean isFar(AccountId account, long size, long quota) {
        if (quota <= 0) {
            return true;
        }
        var used = recent.get(account, a -> new AtomicLong(of(a)));
        return used.addAndGet(size) < quota / 2;
    }

    /// Counts what steps brought, each once however often this is called: the last of them are remembered in the account.
    void count(Map<AccountId, List<Step>> brought) {
        var changes = new ArrayList<Table.Change>();
        brought.forEach((account, steps) -> changes.add(counted(account, steps)));
        if (users.updateEach(changes) < changes.size()) {
            brought.forEach((account, steps) -> steps.forEach(s -> count(account, s)));
        }
    }

    /// Counts what one step brought, once.
    void count(AccountId account, Step step) {
        var one = counted(account, List.of(step));
        users.update(one.filter(), one.update());
    }

    private static Table.Change counted(AccountId account, List<Step> steps) {
        var ids = steps.stream().map(Step::id).toList();
        var remembered = Document.of("$each", ids, "$slice", -Math.max(COUNTED, ids.size()));
        return new Table.Change(
                Document.of("_id", account.value(), "pintail.counted", Document.of("$nin", ids)),
                Document.of(
                        "$inc", Document.of("storageUsed", steps.stream().mapToLong(Step::size).sum()),
                        "$push", Document.of("pintail.counted", remembered)));
    }

    void release(AccountId account, long size) {
        if (size != 0) {
            users.updateOnce(Document.of("_id", account.value()), Document.of("$inc", Document.of("storageUsed", -size)));
        }
    }

    /// Sets the counter, if it still is what it was. For repairs.
    boolean correct(Document user, long used) {
        return users.update(
                Document.of("_id", user.id(), "storageUsed", user.value("storageUsed")),
                Document.of("$set", Document.of("storageUsed", used)));
    }
}
