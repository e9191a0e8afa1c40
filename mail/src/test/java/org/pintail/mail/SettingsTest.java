package org.pintail.mail;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.pintail.backend.Document;
import org.pintail.backend.LocalCluster;
import org.pintail.backend.ObjectId;
import org.pintail.backend.Signals;
import org.pintail.backend.TestClock;
import org.pintail.backend.memory.MemoryStore;

/// Two nodes here are two Mails over one store.
class SettingsTest {
    private static final String KEY = "const:max:recipients";
    private final TestClock clock = new TestClock();
    private final LocalCluster cluster = new LocalCluster(clock);
    private final MemoryStore store = new MemoryStore(clock, cluster);
    private final Settings here = mail().stored();
    private final Settings there = mail().stored();

    private Mail mail() {
        return new Mail(store, MailSettings.defaults("mail.example.org"), clock);
    }

    private void await(long expected) {
        long until = System.nanoTime() + Duration.ofSeconds(10).toNanos();
        while (there.number(KEY) != expected) {
            assertThat(System.nanoTime()).as("heard in time").isLessThan(until);
            Thread.onSpinWait();
        }
    }

    private void storeBehindTheirBack(long value) {
        var document = store.documents().find(Collections.SETTINGS, "key_unique", KEY).orElseThrow();
        store.documents().update(Collections.SETTINGS, document.id(), d -> d.with("value", value));
    }

    @Test
    void aChangedSettingIsForgottenOnEveryNode() {
        assertThat(there.number(KEY)).isEqualTo(2000);
        here.set(here.known(KEY).orElseThrow(), 5L);
        assertThat(here.number(KEY)).isEqualTo(5);
        await(5);
    }

    @Test
    void whenTheWordIsLostItIsSeenAfterAWhile() {
        // nothing has been said about this key: a word still on its way would make it look again at any moment
        store.documents().insert(Collections.SETTINGS, Document.of("_id", ObjectId.next(), "key", KEY, "value", 5L));
        assertThat(there.number(KEY)).isEqualTo(5);
        storeBehindTheirBack(6);
        assertThat(there.number(KEY)).isEqualTo(5);
        clock.advance(Duration.ofMinutes(1));
        assertThat(there.number(KEY)).isEqualTo(6);
    }

    @Test
    void whenAnythingMayHaveHappenedEverythingIsLookedUpAgain() {
        here.set(here.known(KEY).orElseThrow(), 5L);
        await(5);
        storeBehindTheirBack(6);
        cluster.signals().send("settings", Signals.ANYTHING);
        await(6);
    }
}
