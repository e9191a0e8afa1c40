package org.pintail.imap;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.EOFException;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import org.assertj.core.api.Assertions;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.pintail.backend.memory.MemoryStore;
import org.pintail.imap.wire.ImapLimits;
import org.pintail.mail.Accounts;
import org.pintail.mail.Mail;
import org.pintail.mail.MailSettings;
import org.pintail.net.Loopback;
import org.pintail.testkit.Wire;

/// A server that goes down says so at once to clients that wait, whatever they wait for.
class DrainTest {
    private static final Duration GRACE = Duration.ofSeconds(10);

    @TempDir
    Path directory = Path.of(".");

    private final MemoryStore store = new MemoryStore(Clock.systemUTC());
    private Loopback server;

    @BeforeEach
    void start() throws IOException {
        var mail = new Mail(store, MailSettings.defaults("mail.example.org"), Clock.systemUTC());
        mail.accounts().create(Accounts.New.of("alice", "secret", "alice@example.org"));
        server = new Loopback(directory, new ImapServer(mail, ImapLimits.DEFAULT, directory));
    }

    @AfterEach
    void stop() {
        server.close();
        store.close();
    }

    private Wire greeted() throws IOException {
        var wire = server.connect();
        assertThat(wire.line()).startsWith("* OK");
        return wire;
    }

    private static void assertFarewell(Wire wire) throws IOException {
        assertThat(wire.line()).isEqualTo("* BYE System shutdown");
        Assertions.assertThatThrownBy(wire::line).isInstanceOf(EOFException.class);
    }

    @Test
    void whoWaitsIsTold() throws Exception {
        try (var silent = greeted();
                var secured = greeted();
                var compressed = greeted();
                var idling = greeted()) {
            assertThat(secured.send("a STARTTLS").line()).startsWith("a OK");
            secured.startTls();
            assertThat(secured.send("b NOOP").line()).startsWith("b OK");
            idling.send("a LOGIN alice secret", "b IDLE");
            while (!idling.line().startsWith("+ ")) {
                // the reply to LOGIN
            }
            compressed.send("a LOGIN alice secret");
            while (!compressed.line().startsWith("a OK")) {
                // capabilities
            }
            long began = System.nanoTime();
            server.drain();
            assertFarewell(silent);
            assertFarewell(secured);
            assertFarewell(idling);
            assertFarewell(compressed);
            assertThat(System.nanoTime() - began).as("long before the grace ends").isLessThan(GRACE.toNanos() / 2);
        }
    }

    @Test
    void whoIsInTheMiddleOfACommandMayFinishIt() throws Exception {
        try (var wire = greeted()) {
            wire.send("a LOGIN alice secret");
            while (!wire.line().startsWith("a OK")) {
                // capabilities
            }
            assertThat(wire.send("b APPEND INBOX {15}").line()).startsWith("+ ");
            server.drain();
            Thread.sleep(300);
            wire.send("Subject: x\r\n\r\ny");
            assertThat(wire.line()).startsWith("b OK [APPENDUID ");
            assertFarewell(wire);
        }
    }
}
