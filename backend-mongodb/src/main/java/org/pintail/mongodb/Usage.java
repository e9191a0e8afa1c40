package org.pintail.mongodb;

import org.pintail.backend.AccountId;
import org.pintail.backend.Document;
import org.pintail.backend.StoreException;

/// `users.storageUsed`: the bytes of all messages of an account. It is raised before messages come and lowered after they went, so it is never
/// too small. An account without a user document has no counter; its messages are added up.
final class Usage {
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
