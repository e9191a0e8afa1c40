package org.pintail.mta;

import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;
import javax.net.ssl.X509TrustManager;
import org.jspecify.annotations.Nullable;
import org.pintail.backend.Queue;
import org.pintail.backend.QueueRow;
import org.pintail.backend.TestClock;
import org.pintail.backend.memory.MemoryStore;
import org.pintail.certificate.TestCertificates;
import org.pintail.dns.Dns;
import org.pintail.dns.FakeDns;
import org.pintail.mail.Account;
import org.pintail.mail.Accounts;
import org.pintail.mail.DkimKeys;
import org.pintail.mail.Mail;
import org.pintail.mail.MailSettings;
import org.pintail.mime.Source;
import org.pintail.net.Listener;
import org.pintail.net.Tls;
import org.pintail.smtp.SmtpLimits;
import org.pintail.smtp.SmtpServer;
import org.pintail.testkit.Wire;

/// Accounts alice (password `secret`) and bob at example.org, a queue, and what a test starts of submission and dispatcher.
/// The clock stands at 2026-03-01 12:00 until it is moved.
final class MtaFixture implements AutoCloseable {
    static final List<Duration> RETRIES = List.of(Duration.ofMinutes(5), Duration.ofHours(1));
    private final TestClock clock = new TestClock();
    private final MemoryStore store = new MemoryStore(clock);
    private final Mail mail = new Mail(store, MailSettings.defaults("mail.example.org"), clock);
    private final Outbox outbox;
    private final MtaSettings settings;
    private final Account alice;
    private final Account bob;
    private @Nullable Listener listener;
    private @Nullable Dispatcher dispatcher;

    /// `route`: where everything goes that is not for alice or bob; null asks the resolver at `port`.
    MtaFixture(@Nullable InetSocketAddress route, int port) {
        var to = route == null ? null : route.getAddress().getHostAddress() + ":" + route.getPort();
        settings = new MtaSettings("mail.example.org", to, RETRIES, 4, 4, 2000, 5, port);
        outbox = new Outbox(mail, settings);
        alice = mail.accounts().create(Accounts.New.of("alice", "secret", "alice@example.org"));
        bob = mail.accounts().create(Accounts.New.of("bob", "", "bob@example.org"));
    }

    MtaFixture(InetSocketAddress route) {
        this(route, 25);
    }

    Mail mail() {
        return mail;
    }

    Account alice() {
        return alice;
    }

    Account bob() {
        return bob;
    }

    TestClock clock() {
        return clock;
    }

    Outbox outbox() {
        return outbox;
    }

    Queue queue() {
        return outbox.queue();
    }

    /// An SMTP client of submission that is logged in as alice.
    Wire submission(Path directory) throws IOException {
        var wire = stranger(directory);
        wire.reply();
        wire.send("EHLO client.example").reply();
        var plain = Base64.getEncoder().encodeToString("\0alice\0secret".getBytes(StandardCharsets.US_ASCII));
        assertThat(wire.send("AUTH PLAIN " + plain).codes(1)).containsExactly(235);
        return wire;
    }

    /// Not greeted yet.
    Wire stranger(Path directory) throws IOException {
        if (listener == null) {
            var anyPort = new InetSocketAddress(InetAddress.getLoopbackAddress(), 0);
            listener = Listener.open(
                    new Listener.Settings("submission", anyPort, false, false, 10, 10),
                    Tls.selfSigned(directory.resolve("tls"), List.of("localhost")),
                    new SmtpServer(new SubmissionPolicy(mail, outbox, settings), SmtpLimits.DEFAULT, directory));
        }
        return Wire.connect(listener.address());
    }

    void dispatch() {
        dispatch(domain -> {
            throw new AssertionError("the DNS was asked for " + domain);
        });
    }

    void dispatch(MxResolver resolver) {
        dispatcher = new Dispatcher(mail, outbox, settings, plain(), resolver);
        dispatcher.start();
    }

    /// One delivery at a time for each domain: what is being delivered is not looked for again, whatever the clock says.
    void dispatchOneByOne(MxResolver resolver) {
        var one = new MtaSettings(
                settings.hostname(), settings.route(), settings.retries(), settings.connections(), 1, settings.maxSize(), settings.maxRecipients(),
                settings.smtpPort());
        dispatcher = new Dispatcher(mail, outbox, one, plain(), resolver);
        dispatcher.start();
    }

    /// The DNS of `outward` names the hosts.
    void dispatch(Dispatcher.Outward outward) {
        dispatcher = new Dispatcher(mail, outbox, settings, outward);
        dispatcher.start();
    }

    DkimKeys keys() {
        return new DkimKeys(store.documents(), "", clock);
    }

    /// No policies of others, no rewriting.
    private Dispatcher.Outward plain() {
        return new Dispatcher.Outward(new FakeDns(), keys(), null, null, true, TestCertificates.trusting(), new TlsResults(store.documents(), clock));
    }

    Dispatcher.Outward outward(Dns dns, StsPolicies sts, X509TrustManager authorities) {
        return new Dispatcher.Outward(dns, keys(), null, sts, true, authorities, new TlsResults(store.documents(), clock));
    }

    MemoryStore store() {
        return store;
    }

    String enqueue(String sender, String message, String... recipients) {
        var source = Source.of(message.getBytes(StandardCharsets.ISO_8859_1));
        return outbox.enqueue(new Outbox.Outgoing(sender, List.of(recipients), source, "submit", "", alice.id(), null));
    }

    List<QueueRow> rows() {
        return queue().list(null, 100);
    }

    /// Moves the clock and has the dispatcher look at it.
    void pass(Duration time) {
        clock.advance(time);
        rows().forEach(row -> queue().hold(row.id(), row.seq(), false));
    }

    /// Stops the dispatcher, which waits for what it delivers.
    void awaitIdle() {
        requireNonNull(dispatcher).close();
    }

    void awaitEmptyQueue() {
        await("the queue is empty", () -> rows().isEmpty());
    }

    /// What became of the only message: "delivered", or the reply that put it off.
    String awaitOutcome() {
        var left = new ArrayList<QueueRow>();
        await("an end", () -> {
            left.clear();
            left.addAll(rows()); // once: what is there may be gone at the next look
            return left.isEmpty() || left.getFirst().attempts() > 0;
        });
        return left.isEmpty() ? "delivered" : left.getFirst().lastResponse();
    }

    static void await(String what, BooleanSupplier condition) {
        long until = System.nanoTime() + TimeUnit.SECONDS.toNanos(10);
        while (!condition.getAsBoolean()) {
            assertThat(System.nanoTime()).as("waited too long until %s", what).isLessThan(until);
            LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(2));
        }
    }

    List<String> inbox(Account account) {
        return messages(account, "INBOX");
    }

    /// A character per byte. `mailbox` may be a special use.
    List<String> messages(Account account, String mailbox) {
        var folders = mail.folders();
        var found = mailbox.startsWith("\\") ? folders.findSpecial(account.id(), mailbox) : folders.find(account.id(), mailbox);
        var texts = new ArrayList<String>();
        for (var row : mail.mailstore().messages().rows(found.orElseThrow().id())) {
            texts.add(text(mail.mailstore().messages().open(row)));
        }
        return texts;
    }

    static String text(Source message) {
        try {
            return new String(message.readAll(), StandardCharsets.ISO_8859_1);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @Override
    public void close() {
        if (listener != null) {
            listener.close();
        }
        if (dispatcher != null) {
            dispatcher.close();
        }
        store.close();
    }
}
