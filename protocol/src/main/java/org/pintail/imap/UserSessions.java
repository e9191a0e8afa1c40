package org.pintail.imap;

import java.util.concurrent.ConcurrentHashMap;
import org.pintail.backend.AccountId;

/// How many sessions each account has open on this server.
final class UserSessions {
    private final ConcurrentHashMap<AccountId, Integer> open = new ConcurrentHashMap<>();

    /// False, and nothing counted, when the account has `limit` already.
    boolean enter(AccountId account, int limit) {
        var before = new int[1];
        open.compute(account, (id, n) -> {
            before[0] = n == null ? 0 : n;
            return before[0] < limit ? before[0] + 1 : n;
        });
        return before[0] < limit;
    }

    void leave(AccountId account) {
        open.computeIfPresent(account, (id, n) -> n == 1 ? null : n - 1);
    }
}
