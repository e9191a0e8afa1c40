package org.pintail.mail;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.function.BooleanSupplier;
import org.junit.jupiter.api.Test;
import org.pintail.address.MailAddress;
import org.pintail.backend.Cluster;
import org.pintail.backend.Document;
import org.pintail.backend.LocalCluster;
import org.pintail.backend.ObjectId;
import org.pintail.backend.Signals;
import org.pintail.backend.TestClock;
import org.pintail.backend.memory.MemoryStore;

/// Two nodes here are two Mails over one store. What nobody is told of is changed in the store itself.
class LookupsTest {
    private static final MailAddress ADA = MailAddress.parse("ada@example.org").orElseThrow();
    private final TestClock clock = new TestClock();
    private final Cluster cluster = new LocalCluster(clock);
    private final MemoryStore store = new MemoryStore(clock, cluster);
    private final Mail here = mail();
    private final Mail there = mail();
    private final Account ada = here.accounts().create(Accounts.New.of("ada", "secret word", "ada@example.org"));

    private Mail mail() {
        return new Mail(store, MailSettings.defaults("mail.example.org"), clock);
    }

    private static void await(BooleanSupplier heard) {
        long until = System.nanoTime() + Duration.ofSeconds(10).toNanos();
        while (!heard.getAsBoolean()) {
            assertThat(System.nanoTime()).as("heard in time").isLessThan(until);
            Thread.onSpinWait();
        }
    }

    private static boolean disabled(Mail mail, Account account) {
        return mail.lookups().account(account.id()).orElseThrow().disabled();
    }

    private static Document filter(String name) {
        return Document.of("_id", ObjectId.next(), "name", name, "query", Document.EMPTY, "action", Document.of("seen", true));
    }

    @Test
    void whatChangesHereIsSeenHereAtOnceAndSoonElsewhere() {
        for (var mail : java.util.List.of(here, there)) {
            assertThat(mail.lookups().resolve(ADA, false)).isPresent();
            assertThat(mail.lookups().filters(ada.id())).isEmpty();
            assertThat(disabled(mail, ada)).isFalse();
        }
        here.accounts().update(ada.id(), Document.of("disabled", true));
        var added = here.filters().add(ada.id(), filter("one"), 10);
        assertThat(disabled(here, ada)).isTrue();
        assertThat(here.lookups().filters(ada.id())).hasSize(1);
        await(() -> disabled(there, ada) && there.lookups().filters(ada.id()).size() == 1);
        here.filters().update(ada.id(), added.id(), f -> f.with("disabled", true));
        assertThat(here.lookups().filters(ada.id()).getFirst().bool("disabled")).isTrue();
        await(() -> there.lookups().filters(ada.id()).getFirst().bool("disabled"));
        here.filters().delete(ada.id(), added.id());
        assertThat(here.lookups().filters(ada.id())).isEmpty();
        await(() -> there.lookups().filters(ada.id()).isEmpty());
    }

    @Test
    void anAddressThatMovesOrGoesIsNotRememberedForItsOldOwner() {
        var address = here.addresses().findStored("ada@example.org").orElseThrow();
        assertThat(there.lookups().resolve(ADA, false)).isPresent();
        assertThat(here.lookups().resolve(ADA, false)).isPresent();
        here.addresses().update(address.id(), Document.of("address", "countess@example.org"));
        assertThat(here.lookups().resolve(ADA, false)).isEmpty();
        await(() -> there.lookups().resolve(ADA, false).isEmpty());
        here.addresses().add(ada.id(), "ada@example.org", Document.EMPTY);
        assertThat(there.lookups().resolve(ADA, false)).as("what was not there is not remembered").isPresent();
    }

    @Test
    void anAccountThatIsDeletedIsForgotten() {
        assertThat(there.lookups().account(ada.id())).isPresent();
        here.accounts().delete(ada.id());
        assertThat(here.lookups().account(ada.id())).isEmpty();
        await(() -> there.lookups().account(ada.id()).isEmpty());
    }

    @Test
    void aPatternIsLookedUpEachTime() {
        here.addresses().addForwarded("*@example.net", java.util.List.of("far@example.com"), Document.EMPTY);
        var someone = MailAddress.parse("someone@example.net").orElseThrow();
        assertThat(here.lookups().resolve(someone, true)).containsInstanceOf(Addresses.Resolved.Forwarded.class);
        assertThat(here.lookups().resolve(someone, false)).isEmpty();
        here.addresses().add(ada.id(), "someone@example.net", Document.EMPTY);
        assertThat(here.lookups().resolve(someone, true)).containsInstanceOf(Addresses.Resolved.OfAccount.class);
    }

    @Test
    void whatAnotherProgramChangedIsSeenAMinuteLaterOrWhenWordsMayBeLost() {
        assertThat(disabled(there, ada)).isFalse();
        store.documents().update(Collections.USERS, ada.id().value(), u -> u.with("disabled", true));
        assertThat(disabled(there, ada)).isFalse();
        clock.advance(Duration.ofMinutes(1));
        assertThat(disabled(there, ada)).isTrue();
        store.documents().update(Collections.USERS, ada.id().value(), u -> u.with("disabled", false));
        cluster.signals().send("lookups", Signals.ANYTHING);
        await(() -> !disabled(there, ada));
    }
}
