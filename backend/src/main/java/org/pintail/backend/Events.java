package org.pintail.backend;

import java.util.function.BooleanSupplier;
import java.util.function.Consumer;

/// Tells watchers of an account that something changed; what changed is in the journal and in [Messages#changes].
public interface Events {
    /// `watcher` runs soon after each change (several changes may share one run, and it may run when nothing changed), on a thread of the
    /// engine's: it must return at once and must not block. Close to stop watching.
    Watch watch(AccountId account, Runnable watcher);

    /// As [#watch] for somebody who does not always listen: what changes while `listening` says no need not be told. It is asked on any thread, at once.
    default Watch watch(AccountId account, BooleanSupplier listening, Runnable watcher) {
        return watch(account, () -> {
            if (listening.getAsBoolean()) {
                watcher.run();
            }
        });
    }

    /// A wish to be told. Closing twice is harmless.
    interface Watch extends AutoCloseable {
        @Override
        void close();
    }

    /// Wakes the watchers of an account.
    void publish(AccountId account);

    /// Tells every session of an account to log out, with the reason it will show.
    void logout(AccountId account, String reason);

    /// As [#watch] for [#logout].
    Watch watchLogout(AccountId account, Consumer<String> watcher);
}
