package org.pintail.sasl;

import static org.assertj.core.api.Assertions.assertThat;

import com.code_intelligence.jazzer.junit.FuzzTest;
import java.io.EOFException;
import java.io.IOException;
import java.net.http.HttpClient;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.util.Arrays;
import java.util.Base64;
import java.util.Iterator;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.pintail.backend.TestClock;
import org.pintail.backend.memory.MemoryStore;
import org.pintail.mail.Accounts;
import org.pintail.mail.Authentication;
import org.pintail.mail.Mail;
import org.pintail.mail.Scram;
import org.pintail.mail.ScramSecret;
import org.pintail.net.Rehearsal;
import org.pintail.testkit.TestIssuer;

/// Every mechanism: any messages are refused, or are no exchange; nobody is let in by chance. The first byte chooses the mechanism, and
/// whether the lines that follow are base64 already.
class SaslFuzzTest {
    private static final List<String> MECHANISMS = List.of(
            "PLAIN", "LOGIN", "PLAIN-CLIENTTOKEN", "SCRAM-SHA-256", "SCRAM-SHA-1", "OAUTHBEARER", "XOAUTH2", "EXTERNAL", "SCRAM-SHA-256-PLUS");
    private static final byte[] CHANNEL = new byte[32];

    @RegisterExtension
    static final Rehearsal REHEARSAL = new Rehearsal();

    private static final MemoryStore STORE = new MemoryStore(Clock.systemUTC());
    private static final Mail MAIL = new Mail(STORE, Rehearsal.noPasswords(), Clock.systemUTC());
    private static @Nullable TestIssuer issuer;
    private static Sasl sasl = new Sasl(MAIL.authentication(), Optional.empty());

    @BeforeAll
    static void open() throws IOException {
        MAIL.accounts().create(Accounts.New.of("alice", "a password nobody guesses", "alice@example.org"));
        var started = new TestIssuer();
        issuer = started;
        var settings = new SignedTokens.Settings(started.url("/keys"), "https://login.example.org", "pintail", "email");
        sasl = new Sasl(MAIL.authentication(), Optional.of(new SignedTokens(HttpClient.newHttpClient(), settings, new TestClock())));
    }

    @AfterAll
    static void close() {
        STORE.close();
        if (issuer != null) {
            issuer.close();
        }
    }

    @FuzzTest
    void anyMessagesAreRefused(byte @Nullable [] bytes) {
        if (bytes == null || bytes.length == 0) {
            return;
        }
        var mechanism = MECHANISMS.get((bytes[0] & 0x7f) % MECHANISMS.size());
        var said = new String(bytes, 1, bytes.length - 1, StandardCharsets.ISO_8859_1);
        var lines = Arrays.asList(said.split("\n", -1));
        if (bytes[0] >= 0) {
            lines.replaceAll(line -> Base64.getEncoder().encodeToString(line.getBytes(StandardCharsets.ISO_8859_1)));
        }
        REHEARSAL.serve(new byte[0], connection -> {
            try {
                var request = new Sasl.Request(mechanism, lines.getFirst().isEmpty() ? null : lines.getFirst(), connection, "imap");
                var rest = lines.subList(1, lines.size()).iterator();
                var result = mechanism.endsWith("-PLUS") ? bound(request, rest) : sasl.run(request, challenge -> answer(challenge, rest));
                assertThat(result).isInstanceOf(Authentication.Result.Failure.class);
            } catch (SaslFailure none) {
                assertThat(none.kind() == SaslFailure.Kind.UNKNOWN_MECHANISM).isEqualTo(mechanism.equals("EXTERNAL"));
            }
        });
    }

    private static String answer(String challenge, Iterator<String> rest) throws IOException {
        assertThat(Base64.getDecoder().decode(challenge)).isNotNull();
        if (!rest.hasNext()) {
            throw new EOFException("the client left");
        }
        return rest.next();
    }

    /// As over TLS.
    private static Authentication.Result bound(Sasl.Request request, Iterator<String> rest) throws IOException {
        var binding = new ScramExchange.Binding(true, true, type -> type.equals("tls-exporter") ? Optional.of(CHANNEL) : Optional.empty());
        var accounts = new ScramExchange.Accounts() {
            @Override
            public ScramSecret secret(String username) {
                return MAIL.authentication().scram(username, Scram.SHA_256);
            }

            @Override
            public Authentication.Result proven(ScramSecret secret, boolean right) {
                return MAIL.authentication().proven(secret, right, request.scope(), request.client());
            }
        };
        return new ScramExchange(Scram.SHA_256, "bm9uY2U=", binding, accounts)
                .run(new Conversation(request.initial(), challenge -> answer(challenge, rest)));
    }
}
