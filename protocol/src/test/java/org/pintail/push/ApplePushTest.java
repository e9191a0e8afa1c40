package org.pintail.push;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import javax.net.ssl.TrustManager;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.pintail.backend.Document;
import org.pintail.backend.Flags;
import org.pintail.backend.Jobs.NewJob;
import org.pintail.backend.Mailbox;
import org.pintail.backend.memory.MemoryStore;
import org.pintail.certificate.TestCertificates;
import org.pintail.mail.Account;
import org.pintail.mail.Accounts;
import org.pintail.mail.Mail;
import org.pintail.mail.MailSettings;
import org.pintail.mail.Mailstore;
import org.pintail.mail.PushDevices.Device;
import org.pintail.mail.Right;
import org.pintail.mail.Rights;
import org.pintail.mime.Source;
import org.pintail.net.ClientIdentity;
import org.pintail.net.Tls;

/// From a message that comes to the request at the push service, over HTTP/2 with a client's certificate.
class ApplePushTest {
    private static final String TOPIC = "com.apple.mail.XServer.test";
    private static final String TOKEN = "abcdef0123456789";
    private static final Duration PATIENCE = Duration.ofSeconds(20);
    private static final Duration A_WHILE = Duration.ofMillis(700);

    @TempDir
    Path directory = Path.of(".");

    private final MemoryStore store = new MemoryStore(Clock.systemUTC());
    private final Mail mail = new Mail(store, MailSettings.defaults("mail.example.org"), Clock.systemUTC());
    private final ApplePush push = new ApplePush(mail, TOPIC);
    private final Account ada = mail.accounts().create(Accounts.New.of("ada", "secret", "ada@example.org"));
    private final Account bob = mail.accounts().create(Accounts.New.of("bob", "secret", "bob@example.org"));
    private final Mailbox inbox = mail.folders().find(ada.id(), "INBOX").orElseThrow();
    private PushService service;
    private PushSender sender;

    @BeforeEach
    void start() throws Exception {
        service = new PushService();
        var file = directory.resolve("push.pem");
        Files.writeString(file, TestCertificates.subject("APSP:1,UID=" + TOPIC, service.authority).pem());
        var trust = new TrustManager[] {TestCertificates.trusting(service.authority.certificate())};
        var identity = ClientIdentity.read(new Tls.Pem(file, file), trust);
        sender = new PushSender(mail, new PushSender.Settings(service.address(), TOPIC, identity, Duration.ofMillis(50)));
        mail.mailstore().tell(push);
        sender.start();
    }

    @AfterEach
    void stop() {
        sender.close();
        service.close();
        store.close();
    }

    private void append(Account to, Mailbox mailbox) {
        var where = new Mailstore.Placement(to, mailbox.id(), Flags.NONE, Instant.now(), new byte[0], Document.EMPTY, false, null);
        mail.mailstore().append(Source.of("Subject: x\r\n\r\nx\r\n".getBytes(StandardCharsets.US_ASCII)), where);
    }

    private PushService.@Nullable Asked next(Duration within) throws InterruptedException {
        return service.asked.poll(within.toMillis(), TimeUnit.MILLISECONDS);
    }

    private Device device() {
        return mail.pushDevices().of(inbox.id()).getFirst();
    }

    private void settled() {
        var end = Instant.now().plus(PATIENCE);
        while (store.jobs().waiting(ApplePush.QUEUE) > 0 && Instant.now().isBefore(end)) {
            LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(5));
        }
        assertThat(store.jobs().waiting(ApplePush.QUEUE)).isZero();
    }

    @Test
    void aDeviceIsWokenWhenAMessageComes() throws Exception {
        mail.pushDevices().register(ada.id(), TOKEN, "Ada \"1\"", List.of(inbox.id()));
        append(ada, inbox);
        var asked = Objects.requireNonNull(next(PATIENCE));
        assertThat(asked.protocol()).isEqualTo("HTTP/2.0");
        assertThat(asked.path()).isEqualTo("/3/device/" + TOKEN);
        assertThat(asked.topic()).isEqualTo(TOPIC);
        assertThat(Instant.ofEpochSecond(asked.expiration())).isBetween(Instant.now().plus(Duration.ofHours(23)), Instant.now().plus(Duration.ofHours(25)));
        assertThat(asked.body()).isEqualTo("{\"aps\":{\"account-id\":\"Ada \\\"1\\\"\"}}");
        assertThat(asked.sender()).contains("CN=APSP:1");
        settled();
        assertThat(device().token()).isEqualTo(TOKEN);
    }

    @Test
    void nobodyIsWokenForMailboxesNobodyAskedFor() throws Exception {
        mail.pushDevices().register(ada.id(), TOKEN, "A", List.of(inbox.id()));
        append(ada, mail.folders().create(ada.id(), "Other", false, false, 0));
        append(bob, mail.folders().find(bob.id(), "INBOX").orElseThrow());
        mail.pushDevices().register(bob.id(), "b0b0b0b0", "B", List.of());
        assertThat(next(A_WHILE)).isNull();
    }

    @Test
    void manyMessagesWakeADeviceTwice() throws Exception {
        mail.pushDevices().register(ada.id(), TOKEN, "A", List.of(inbox.id()));
        for (int i = 0; i < 20; i++) {
            append(ada, inbox);
        }
        assertThat(next(PATIENCE)).isNotNull();
        assertThat(next(PATIENCE)).as("for those after the first").isNotNull();
        assertThat(next(A_WHILE)).isNull();
        settled();
    }

    @ParameterizedTest
    @CsvSource({"410,Unregistered", "400,BadDeviceToken", "400,DeviceTokenNotForTopic"})
    void whoIsGoneIsForgotten(int status, String reason) throws Exception {
        service.answer(status, reason);
        mail.pushDevices().register(ada.id(), TOKEN, "A", List.of(inbox.id()));
        append(ada, inbox);
        assertThat(next(PATIENCE)).isNotNull();
        settled();
        assertThat(mail.pushDevices().of(inbox.id())).isEmpty();
    }

    @ParameterizedTest
    @CsvSource({"429,TooManyRequests", "503,ServiceUnavailable", "500,InternalServerError"})
    void aServiceThatIsBusyIsAskedAgain(int status, String reason) throws Exception {
        service.answer(status, reason);
        mail.pushDevices().register(ada.id(), TOKEN, "A", List.of(inbox.id()));
        append(ada, inbox);
        assertThat(next(PATIENCE)).as("refused").isNotNull();
        assertThat(next(PATIENCE)).as("once more").isNotNull();
        settled();
        assertThat(device().token()).isEqualTo(TOKEN);
        assertThat(store.jobs().dead(ApplePush.QUEUE, 1)).isEmpty();
    }

    /// Of many that fail for one device one is tried again, and none is left behind.
    @Test
    void aServiceThatIsAwayIsGivenUpInTheEnd() throws Exception {
        mail.pushDevices().register(ada.id(), TOKEN, "A", List.of(inbox.id()));
        for (int i = 0; i < 4; i++) {
            service.answer(503, "Shutdown");
        }
        var id = device().id().hex();
        for (int i = 0; i < 3; i++) {
            store.jobs().add(new NewJob(ApplePush.QUEUE, id, 2, Duration.ZERO));
        }
        for (int i = 0; i < 4; i++) {
            assertThat(next(PATIENCE)).as("request " + i).isNotNull();
        }
        settled();
        assertThat(next(A_WHILE)).as("three failed, one of them twice").isNull();
        assertThat(store.jobs().dead(ApplePush.QUEUE, 1)).isEmpty();
        append(ada, inbox);
        assertThat(next(PATIENCE)).as("the next message").isNotNull();
    }

    @Test
    void aRefusalIsNotRepeated() throws Exception {
        service.answer(403, "BadCertificate");
        mail.pushDevices().register(ada.id(), TOKEN, "A", List.of(inbox.id()));
        append(ada, inbox);
        assertThat(next(PATIENCE)).isNotNull();
        settled();
        assertThat(next(A_WHILE)).isNull();
        assertThat(device().token()).isEqualTo(TOKEN);
    }

    @Test
    void aMailboxThatIsNotSharedAnyMoreWakesNobodyElse() throws Exception {
        mail.sharing().change(inbox, "bob", false, _ -> Rights.of(Right.LOOKUP, Right.READ));
        mail.pushDevices().register(bob.id(), TOKEN, "B", List.of(inbox.id()));
        append(ada, inbox);
        assertThat(next(PATIENCE)).isNotNull();
        settled();
        mail.sharing().change(inbox, "bob", false, _ -> Rights.of(Right.LOOKUP));
        mail.pushDevices().register(bob.id(), "0123456789", "B", List.of(inbox.id())); // another, which was not woken just now
        append(ada, inbox);
        assertThat(next(A_WHILE)).isNull();
    }
}
