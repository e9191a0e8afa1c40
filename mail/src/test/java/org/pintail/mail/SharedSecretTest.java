package org.pintail.mail;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Clock;
import org.junit.jupiter.api.Test;
import org.pintail.backend.memory.MemoryStore;

class SharedSecretTest {
    private static final Clock CLOCK = Clock.systemUTC();

    @Test
    void aSecretIsMadeOnceForEachNameAndStore() {
        try (var store = new MemoryStore(CLOCK); var other = new MemoryStore(CLOCK)) {
            var secret = SharedSecret.of(store.documents(), "srs", CLOCK);
            assertThat(secret).matches("[0-9a-f]{64}");
            assertThat(SharedSecret.of(store.documents(), "srs", CLOCK)).isEqualTo(secret);
            assertThat(SharedSecret.of(store.documents(), "else", CLOCK)).isNotEqualTo(secret);
            assertThat(SharedSecret.of(other.documents(), "srs", CLOCK)).isNotEqualTo(secret);
        }
    }

    @Test
    void itIsNoSettingThatCanBeListed() {
        try (var store = new MemoryStore(CLOCK)) {
            SharedSecret.of(store.documents(), "srs", CLOCK);
            var settings = new Settings(store, MailSettings.defaults("mail.example.org"), CLOCK);
            assertThat(settings.known()).noneMatch(k -> k.key().contains("secret"));
        }
    }
}
