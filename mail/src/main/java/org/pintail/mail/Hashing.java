package org.pintail.mail;

import java.security.SecureRandom;
import java.time.Duration;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import org.pintail.backend.Document;

/// Room for CPU-heavy work: as many at once as there are cores, so that logins cannot starve mail.
final class Hashing {
    private static final Duration PATIENCE = Duration.ofSeconds(20);
    private final Semaphore cores = new Semaphore(Runtime.getRuntime().availableProcessors(), true);
    private final SecureRandom random = new SecureRandom();

    /// A new hash of `password`. Refuses TEMPORARY when no core gets free in time.
    String create(String password) {
        return within(() -> PasswordHash.create(password, random));
    }

    /// The field of an account that keeps its SCRAM keys, for a password in clear and the hash that is stored for it.
    Document scram(String password, String hash) {
        return within(() -> Scram.derived(password, hash, random));
    }

    /// A hash that no password has.
    String ofNothing() {
        return PasswordHash.ofNothing(random);
    }

    boolean verify(String password, String hash) {
        return within(() -> PasswordHash.verify(password, hash));
    }

    /// Runs `work` when a core is free. Refuses TEMPORARY when that takes too long. Not to be nested.
    <T> T within(Supplier<T> work) {
        try {
            if (!cores.tryAcquire(PATIENCE.toMillis(), TimeUnit.MILLISECONDS)) {
                throw new Refusal(Refusal.Code.TEMPORARY, "Too many logins at once, try again later");
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new Refusal(Refusal.Code.TEMPORARY, "The server is going down", e);
        }
        try {
            return work.get();
        } finally {
            cores.release();
        }
    }

    byte[] randomKey(int length) {
        var key = new byte[length];
        random.nextBytes(key);
        return key;
    }
}
