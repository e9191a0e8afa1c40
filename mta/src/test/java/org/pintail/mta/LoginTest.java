package org.pintail.mta;

import static org.assertj.core.api.Assertions.assertThat;
import static org.pintail.mta.ScramClient.base64;

import java.io.IOException;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import javax.net.ssl.SSLException;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.pintail.certificate.TestCertificates;
import org.pintail.mta.LoginClient.Answer;
import org.pintail.mta.LoginClient.Kind;
import org.pintail.mta.LoginClient.Protocol;

/// Every SASL mechanism over every protocol, by clients of their own making, with what is good and with what is not.
class LoginTest {
    @TempDir
    Path directory = Path.of(".");

    private LoginFixture server;

    @BeforeEach
    void start() throws IOException {
        server = new LoginFixture(directory);
    }

    @AfterEach
    void stop() {
        server.close();
    }

    @ParameterizedTest
    @EnumSource
    void whatIsOfferedDependsOnTheConnection(Protocol protocol) throws IOException {
        try (var client = server.connect(protocol)) {
            assertThat(client.offers())
                    .contains("PLAIN", "LOGIN", "PLAIN-CLIENTTOKEN", "SCRAM-SHA-256", "SCRAM-SHA-1", "OAUTHBEARER", "XOAUTH2")
                    .doesNotContain("-PLUS", "EXTERNAL");
            client.secure();
            assertThat(client.offers()).contains("SCRAM-SHA-256-PLUS").doesNotContain("EXTERNAL");
        }
        try (var client = server.connect(protocol).secure(TestCertificates.client(server.authority(), "alice@example.org").keyManagers())) {
            assertThat(client.offers()).contains("SCRAM-SHA-256-PLUS", "EXTERNAL");
        }
    }

    @ParameterizedTest
    @EnumSource
    void plainTakesTheRightPasswordOnly(Protocol protocol) throws IOException {
        try (var client = server.connect(protocol)) {
            assertThat(client.start("PLAIN", base64("\0alice\0wrong")).kind()).isEqualTo(Kind.REFUSED);
            assertThat(client.start("PLAIN", base64("\0nobody\0secret")).kind()).isEqualTo(Kind.REFUSED);
            assertThat(client.start("PLAIN", base64("\0bob\0secret")).kind()).isEqualTo(Kind.REFUSED);
            assertThat(client.start("PLAIN", base64("alice\0secret")).kind()).isEqualTo(Kind.MALFORMED);
            assertThat(client.start("PLAIN", "no=base64").kind()).isEqualTo(Kind.MALFORMED);
            assertThat(client.start("PLAIN", "=").kind()).isEqualTo(Kind.MALFORMED);
            assertThat(client.start("PLAIN", null)).isEqualTo(new Answer(Kind.CHALLENGE, ""));
            assertThat(client.say("*").kind()).isEqualTo(Kind.MALFORMED);
            assertThat(client.start("plain", null)).isEqualTo(new Answer(Kind.CHALLENGE, ""));
            assertThat(client.say(base64("\0alice@example.org\0secret")).kind()).isEqualTo(Kind.SUCCESS);
        }
    }

    @ParameterizedTest
    @EnumSource
    void plainWithAClientTokenIsPlainWithOneFieldMore(Protocol protocol) throws IOException {
        try (var client = server.connect(protocol)) {
            assertThat(client.start("PLAIN-CLIENTTOKEN", base64("\0alice\0secret")).kind()).isEqualTo(Kind.MALFORMED);
            assertThat(client.start("PLAIN-CLIENTTOKEN", base64("\0alice\0wrong\0token")).kind()).isEqualTo(Kind.REFUSED);
            assertThat(client.start("PLAIN-CLIENTTOKEN", base64("\0alice\0secret\0token")).kind()).isEqualTo(Kind.SUCCESS);
        }
    }

    @ParameterizedTest
    @EnumSource
    void loginAsksForNameAndPassword(Protocol protocol) throws IOException {
        try (var client = server.connect(protocol)) {
            assertThat(client.start("LOGIN", null)).isEqualTo(new Answer(Kind.CHALLENGE, base64("Username:")));
            assertThat(client.say("*").kind()).isEqualTo(Kind.MALFORMED);
            assertThat(client.start("LOGIN", base64("alice"))).isEqualTo(new Answer(Kind.CHALLENGE, base64("Password:")));
            assertThat(client.say(base64("wrong")).kind()).isEqualTo(Kind.REFUSED);
            assertThat(client.start("LOGIN", null).kind()).isEqualTo(Kind.CHALLENGE);
            assertThat(client.say(base64("alice"))).isEqualTo(new Answer(Kind.CHALLENGE, base64("Password:")));
            assertThat(client.say(base64("secret")).kind()).isEqualTo(Kind.SUCCESS);
        }
    }

    @ParameterizedTest
    @EnumSource
    void scramProvesBothSides(Protocol protocol) throws IOException {
        for (var mechanism : List.of("SCRAM-SHA-256", "SCRAM-SHA-1")) {
            try (var client = server.connect(protocol)) {
                var wrong = ScramClient.plain(mechanism, "alice", "wrong");
                assertThat(client.scram(mechanism, wrong).kind()).isEqualTo(Kind.REFUSED);
                var scram = ScramClient.plain(mechanism, "alice", "secret");
                var challenge = client.start(mechanism, scram.first());
                var proof = client.say(scram.last(challenge.text()));
                assertThat(proof).isEqualTo(new Answer(Kind.CHALLENGE, scram.expected(challenge.text())));
                assertThat(client.say("").kind()).isEqualTo(Kind.SUCCESS);
            }
        }
    }

    @ParameterizedTest
    @EnumSource
    void aProofIsGoodForOneExchange(Protocol protocol) throws IOException {
        try (var client = server.connect(protocol)) {
            var scram = ScramClient.plain("SCRAM-SHA-256", "alice", "secret");
            var overheard = scram.last(client.start("SCRAM-SHA-256", scram.first()).text());
            assertThat(client.say("*").kind()).isEqualTo(Kind.MALFORMED);
            assertThat(client.start("SCRAM-SHA-256", scram.first()).kind()).isEqualTo(Kind.CHALLENGE);
            assertThat(client.say(overheard).kind()).isEqualTo(Kind.REFUSED);
        }
    }

    /// RFC 5802 §9. A name nobody has, an account without keys and one with a wrong proof: salts that stay, the same rounds, the same end.
    @ParameterizedTest
    @EnumSource
    void anUnknownNameSoundsLikeAKnownOne(Protocol protocol) throws IOException {
        Set<String> replies = new HashSet<>();
        for (var name : List.of("alice", "nobody", "bob", "nobody@example.org")) {
            List<String> salts = new ArrayList<>();
            for (int i = 0; i < 2; i++) {
                try (var client = server.connect(protocol)) {
                    var scram = ScramClient.plain("SCRAM-SHA-256", name, "wrong");
                    var challenge = client.start("SCRAM-SHA-256", scram.first());
                    assertThat(challenge.kind()).isEqualTo(Kind.CHALLENGE);
                    var parts = ScramClient.text(challenge.text()).split(",");
                    salts.add(parts[1]);
                    assertThat(parts).hasSize(3);
                    assertThat(parts[0]).hasSize(2 + 20 + 24);
                    assertThat(parts[1]).hasSize(2 + 24);
                    assertThat(parts[2]).isEqualTo("i=65536");
                    replies.add(client.say(scram.last(challenge.text())).text());
                }
            }
            assertThat(salts.getFirst()).isEqualTo(salts.getLast());
        }
        assertThat(replies).hasSize(1);
    }

    @ParameterizedTest
    @EnumSource
    void aDisabledAccountIsRefusedEvenWithTheRightProof(Protocol protocol) throws IOException {
        try (var client = server.connect(protocol)) {
            assertThat(client.scram("SCRAM-SHA-256", ScramClient.plain("SCRAM-SHA-256", "bob", "secret")).kind()).isEqualTo(Kind.REFUSED);
        }
    }

    private static ScramClient bound(String type, byte[] data) {
        return new ScramClient("SHA256", "p=" + type + ",,", data, "alice", "secret");
    }

    private static byte[] exported(LoginClient client) throws SSLException {
        return client.wire().tls().exportKeyingMaterialData("EXPORTER-Channel-Binding", new byte[0], 32);
    }

    @ParameterizedTest
    @EnumSource
    void scramPlusIsBoundToItsConnection(Protocol protocol) throws Exception {
        try (var client = server.connect(protocol).secure();
                var other = server.connect(protocol).secure()) {
            assertThat(client.scram("SCRAM-SHA-256-PLUS", bound("tls-exporter", exported(other))).kind()).isEqualTo(Kind.REFUSED);
            assertThat(client.scram("SCRAM-SHA-256-PLUS", bound("tls-server-end-point", new byte[32])).kind()).isEqualTo(Kind.REFUSED);
            assertThat(client.scram("SCRAM-SHA-256-PLUS", bound("tls-unique", new byte[12])).kind()).isEqualTo(Kind.MALFORMED);
            assertThat(client.scram("SCRAM-SHA-256-PLUS", ScramClient.plain("SCRAM-SHA-256", "alice", "secret")).kind()).isEqualTo(Kind.MALFORMED);
            var scram = bound("tls-exporter", exported(client));
            var challenge = client.start("SCRAM-SHA-256-PLUS", scram.first());
            assertThat(client.say(scram.last(challenge.text()))).isEqualTo(new Answer(Kind.CHALLENGE, scram.expected(challenge.text())));
            assertThat(client.say("").kind()).isEqualTo(Kind.SUCCESS);
            var endPoint = MessageDigest.getInstance("SHA-256").digest(other.wire().tls().getPeerCertificates()[0].getEncoded());
            assertThat(other.scram("SCRAM-SHA-256-PLUS", bound("tls-server-end-point", endPoint)).kind()).isEqualTo(Kind.CHALLENGE);
            assertThat(other.say("").kind()).isEqualTo(Kind.SUCCESS);
        }
    }

    /// RFC 5802 §6: "y" says the client would bind and was told that the server cannot.
    @ParameterizedTest
    @EnumSource
    void aDowngradeIsNoticed(Protocol protocol) throws IOException {
        var lied = new ScramClient("SHA256", "y,,", new byte[0], "alice", "secret");
        try (var client = server.connect(protocol).secure()) {
            assertThat(client.start("SCRAM-SHA-256", lied.first()).kind()).isEqualTo(Kind.MALFORMED);
            assertThat(client.start("SCRAM-SHA-256", bound("tls-exporter", exported(client)).first()).kind()).isEqualTo(Kind.MALFORMED);
        }
        try (var client = server.connect(protocol)) {
            assertThat(client.scram("SCRAM-SHA-256", lied).kind()).as("nothing to bind to here").isEqualTo(Kind.CHALLENGE);
            assertThat(client.say("").kind()).isEqualTo(Kind.SUCCESS);
            assertThat(server.connect(protocol).start("SCRAM-SHA-256-PLUS", lied.first()).kind()).isEqualTo(Kind.UNKNOWN);
        }
    }

    private static String bearer(String user, String token) {
        return base64("n," + (user.isEmpty() ? "" : "a=" + user) + ",\1host=mail.example.org\1port=993\1auth=Bearer " + token + "\1\1");
    }

    @ParameterizedTest
    @EnumSource
    void tokensStandForTheirOwner(Protocol protocol) throws IOException {
        for (var user : List.of("", "alice", "alice@example.org")) {
            try (var client = server.connect(protocol)) {
                assertThat(client.start("OAUTHBEARER", bearer(user, server.token("pintail", 300))).kind()).isEqualTo(Kind.SUCCESS);
            }
        }
        try (var client = server.connect(protocol)) {
            assertThat(client.start("XOAUTH2", null)).isEqualTo(new Answer(Kind.CHALLENGE, ""));
            var message = base64("user=alice@example.org\1auth=Bearer " + server.token("pintail", 300) + "\1\1");
            assertThat(client.say(message).kind()).isEqualTo(Kind.SUCCESS);
        }
    }

    @ParameterizedTest
    @EnumSource
    void tokensThatAreNotGoodAreRefused(Protocol protocol) throws IOException {
        try (var client = server.connect(protocol)) {
            for (var token : List.of(server.token("elsewhere", 300), server.token("pintail", -300), "a.b.c", server.token("pintail", 300) + "x")) {
                var told = client.start("OAUTHBEARER", bearer("alice", token));
                assertThat(told).isEqualTo(new Answer(Kind.CHALLENGE, base64("{\"status\":\"invalid_token\"}")));
                assertThat(client.say("AQ==").kind()).isEqualTo(Kind.REFUSED);
            }
        }
        try (var client = server.connect(protocol)) {
            var somebodyElse = client.start("OAUTHBEARER", bearer("bob", server.token("pintail", 300)));
            assertThat(somebodyElse.kind()).isEqualTo(Kind.CHALLENGE);
            assertThat(client.say("AQ==").kind()).isEqualTo(Kind.REFUSED);
            assertThat(client.start("XOAUTH2", base64("user=alice\1auth=Bearer nonsense\1\1")).kind()).isEqualTo(Kind.CHALLENGE);
            assertThat(client.say("").kind()).isEqualTo(Kind.REFUSED);
            for (var broken : List.of("", "n,,", "n,,\1\1", "n,,\1auth=Basic x\1\1", "p=x,,\1auth=Bearer x\1\1", "n,x,\1auth=Bearer x\1\1")) {
                assertThat(client.start("OAUTHBEARER", broken.isEmpty() ? "=" : base64(broken)).kind()).isEqualTo(Kind.MALFORMED);
            }
        }
    }

    @ParameterizedTest
    @EnumSource
    void anIssuerThatIsDownIsATemporaryFailure(Protocol protocol) throws IOException {
        server.issuer().status(503);
        try (var client = server.connect(protocol)) {
            assertThat(client.start("OAUTHBEARER", bearer("alice", server.token("pintail", 300))).kind()).isEqualTo(Kind.TEMPORARY);
        }
    }

    @ParameterizedTest
    @EnumSource
    void aCertificateNamesTheAccountsItsHolderMayBe(Protocol protocol) throws IOException {
        var alice = TestCertificates.client(server.authority(), "alice@example.org", "nobody@example.org").keyManagers();
        for (var wanted : List.of("=", base64("alice"), base64("alice@example.org"))) {
            try (var client = server.connect(protocol).secure(alice)) {
                assertThat(client.start("EXTERNAL", wanted).kind()).isEqualTo(Kind.SUCCESS);
            }
        }
        try (var client = server.connect(protocol).secure(alice)) {
            assertThat(client.start("EXTERNAL", base64("bob")).kind()).isEqualTo(Kind.REFUSED);
            assertThat(client.start("EXTERNAL", base64("nobody@example.org")).kind()).isEqualTo(Kind.REFUSED);
            assertThat(client.start("EXTERNAL", null)).isEqualTo(new Answer(Kind.CHALLENGE, ""));
            assertThat(client.say("*").kind()).isEqualTo(Kind.MALFORMED);
        }
        try (var client = server.connect(protocol).secure(TestCertificates.client(server.authority(), "bob@example.org").keyManagers())) {
            assertThat(client.start("EXTERNAL", "=").kind()).as("disabled").isEqualTo(Kind.REFUSED);
        }
        try (var client = server.connect(protocol).secure()) {
            assertThat(client.start("EXTERNAL", "=").kind()).as("no certificate").isEqualTo(Kind.UNKNOWN);
        }
    }

    /// Somebody else's authority: there is no such client, whatever the certificate says.
    @ParameterizedTest
    @EnumSource
    void aCertificateOfAnotherAuthorityIsWorthNothing(Protocol protocol) throws IOException {
        var forged = TestCertificates.client(TestCertificates.authority("Clients", null), "alice@example.org").keyManagers();
        try (var client = server.connect(protocol).secure(forged)) {
            assertThat(client.start("EXTERNAL", "=").kind()).isEqualTo(Kind.UNKNOWN);
        } catch (IOException refused) {
            assertThat(refused).as("the handshake failed").isNotNull();
        }
    }

    @ParameterizedTest
    @EnumSource
    void anOversizedMessageIsRefusedAndTheConnectionGoesOnOrEnds(Protocol protocol) throws IOException {
        try (var client = server.connect(protocol)) {
            assertThat(client.start("SCRAM-SHA-256", null).kind()).isEqualTo(Kind.CHALLENGE);
            assertThat(client.say(base64("n,,n=" + "a".repeat(5000) + ",r=x")).kind()).isEqualTo(Kind.MALFORMED);
        }
        try (var client = server.connect(protocol)) {
            assertThat(client.start("SCRAM-SHA-256", null).kind()).isEqualTo(Kind.CHALLENGE);
            assertThat(client.say("A".repeat(100_000)).kind()).isEqualTo(Kind.MALFORMED);
        }
    }
}
