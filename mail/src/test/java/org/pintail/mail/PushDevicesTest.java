package org.pintail.mail;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.pintail.backend.MailboxId;
import org.pintail.backend.TestClock;
import org.pintail.backend.memory.MemoryStore;
import org.pintail.mail.PushDevices.Device;

class PushDevicesTest {
    private final TestClock clock = new TestClock();
    private final MemoryStore store = new MemoryStore(clock);
    private final Mail mail = new Mail(store, MailSettings.defaults("mail.example.org"), clock);
    private final PushDevices devices = mail.pushDevices();
    private final Account ada = mail.accounts().create(Accounts.New.of("ada", "secret", "ada@example.org"));
    private final MailboxId inbox = mail.folders().find(ada.id(), "INBOX").orElseThrow().id();
    private final MailboxId notes = mail.folders().create(ada.id(), "Notes", false, false, 0).id();

    private List<String> tokens(MailboxId mailbox) {
        return devices.of(mailbox).stream().map(Device::token).toList();
    }

    @Test
    void whoAsksAgainIsOneDeviceWithOtherMailboxes() {
        devices.register(ada.id(), "aa", "Ada", List.of(inbox, notes));
        devices.register(ada.id(), "bb", "Ada", List.of(notes));
        assertThat(tokens(inbox)).containsExactly("aa");
        assertThat(tokens(notes)).containsExactlyInAnyOrder("aa", "bb");
        devices.register(ada.id(), "aa", "Ada", List.of(notes));
        assertThat(tokens(inbox)).isEmpty();
        assertThat(tokens(notes)).containsExactlyInAnyOrder("aa", "bb");
        var one = devices.of(notes).getFirst();
        assertThat(devices.find(one.id())).contains(one);
        devices.forget(one.id());
        assertThat(devices.find(one.id())).isEmpty();
    }

    @Test
    void whoDoesNotAskAgainIsForgotten() {
        devices.register(ada.id(), "aa", "Ada", List.of(inbox));
        devices.register(ada.id(), "bb", "Ada", List.of(inbox));
        clock.advance(PushDevices.KEPT.minus(Duration.ofDays(1)));
        devices.register(ada.id(), "bb", "Ada", List.of(inbox));
        assertThat(tokens(inbox)).containsExactlyInAnyOrder("aa", "bb");
        clock.advance(Duration.ofDays(2));
        assertThat(tokens(inbox)).containsExactly("bb");
    }

    @Test
    void anAccountHasSoManyDevicesAndNoMore() {
        IntStream.rangeClosed(1, PushDevices.MOST + 3).forEach(i -> {
            devices.register(ada.id(), "token" + i, "Ada", List.of(inbox));
            clock.advance(Duration.ofSeconds(1));
        });
        assertThat(tokens(inbox)).hasSize(PushDevices.MOST).doesNotContain("token1", "token2", "token3").contains("token4");
    }

    @Test
    void devicesGoWithTheirAccount() {
        devices.register(ada.id(), "aa", "Ada", List.of(inbox));
        mail.accounts().delete(ada.id());
        assertThat(devices.of(inbox)).isEmpty();
    }
}
