package org.pintail.mail;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.time.Clock;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;
import org.pintail.backend.AccountId;
import org.pintail.backend.Bytes;

/// Passwords that were right a moment ago, as keyed hashes over account, stored hash, password and scope. The stored hash is in the key, so
/// a changed password finds nothing. The key of the hash lives as long as the process.
final class CheckedPasswords {
    private static final int MOST = 20_000;
    private final Cache<Bytes, Boolean> known;
    private final SecretKeySpec key;

    CheckedPasswords(Duration remembered, byte[] key, Clock clock) {
        this.key = new SecretKeySpec(key, "HmacSHA256");
        this.known = Caffeine.newBuilder()
                .maximumSize(remembered.isPositive() ? MOST : 0)
                .expireAfterWrite(remembered.isPositive() ? remembered : Duration.ofMillis(1))
                .ticker(() -> TimeUnit.MILLISECONDS.toNanos(clock.millis()))
                .build();
    }

    Bytes key(AccountId account, String hash, String password, String scope) {
        try {
            var mac = Mac.getInstance("HmacSHA256");
            mac.init(key);
            for (var part : new String[] {account.hex(), hash, password, scope}) {
                mac.update(part.getBytes(StandardCharsets.UTF_8));
                mac.update((byte) 0);
            }
            return Bytes.wrap(mac.doFinal());
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("this JDK has no HmacSHA256", e);
        }
    }

    boolean contains(Bytes entry) {
        return known.getIfPresent(entry) != null;
    }

    void add(Bytes entry) {
        known.put(entry, true);
    }
}
