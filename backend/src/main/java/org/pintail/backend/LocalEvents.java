package org.pintail.backend;

import java.util.function.BooleanSupplier;
import java.util.function.Consumer;

/// [Events] inside one process.
public final class LocalEvents implements Events {
    private final Wakes<AccountId, AccountId> changes = new Wakes<>();
    private final Wakes<AccountId, String> logouts = new Wakes<>();

    @Override
    public Watch watch(AccountId account, Runnable watcher) {
        return changes.watch(account, changed -> watcher.run());
    }

    @Override
    public Watch watch(AccountId account, BooleanSupplier listening, Runnable watcher) {
        return changes.watch(account, listening, _ -> watcher.run());
    }

    @Override
    public void publish(AccountId account) {
        changes.wake(account, account);
    }

    @Override
    public void logout(AccountId account, String reason) {
        logouts.wake(account, reason);
    }

    @Override
    public Watch watchLogout(AccountId account, Consumer<String> watcher) {
        return logouts.watch(account, watcher);
    }
}
