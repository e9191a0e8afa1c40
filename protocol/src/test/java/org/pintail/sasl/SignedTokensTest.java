package org.pintail.sasl;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.net.http.HttpClient;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.pintail.backend.TestClock;
import org.pintail.testkit.TestIssuer;

/// Tokens that are JWTs: which are taken, and what is asked of the issuer.
class SignedTokensTest {
    private final TestClock clock = new TestClock();
    private TestIssuer issuer;
    private SignedTokens tokens;

    @BeforeEach
    void start() throws IOException {
        issuer = new TestIssuer();
        var settings = new SignedTokens.Settings(issuer.url("/keys"), "https://login.example.org", "pintail", "email");
        tokens = new SignedTokens(HttpClient.newHttpClient(), settings, clock);
    }

    @AfterEach
    void stop() {
        issuer.close();
    }

    private String claims(String issuedBy, String audience, long expiresIn) {
        return "{\"iss\":\"" + issuedBy + "\",\"aud\":" + audience + ",\"exp\":" + clock.instant().plusSeconds(expiresIn).getEpochSecond()
                + ",\"email\":\"alice@example.org\"}";
    }

    private String good() {
        return claims("https://login.example.org", "\"pintail\"", 300);
    }

    @ParameterizedTest
    @CsvSource({"RS256, rsa", "ES256, ec"})
    void aGoodTokenNamesItsOwner(String algorithm, String key) throws IOException {
        assertThat(tokens.username(issuer.token(algorithm, key, good()))).contains("alice@example.org");
    }

    @Test
    void oneAudienceOfSeveralIsEnough() throws IOException {
        var claims = claims("https://login.example.org", "[\"other\",\"pintail\"]", 300);
        assertThat(tokens.username(issuer.token("RS256", "rsa", claims))).contains("alice@example.org");
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', value = {
        "https://elsewhere.example | 'pintail' | 300 | another issuer",
        "https://login.example.org | 'other' | 300 | another audience",
        "https://login.example.org | [] | 300 | no audience",
        "https://login.example.org | 'pintail' | -61 | expired"
    }, quoteCharacter = '~')
    void aTokenThatIsNotForNowAndHereIsNotGood(String issuedBy, String audience, long expiresIn, String why) throws IOException {
        var token = issuer.token("RS256", "rsa", claims(issuedBy, audience.replace('\'', '"'), expiresIn));
        assertThat(tokens.username(token)).as(why).isEmpty();
    }

    @Test
    void clocksMayDifferByAMinute() throws IOException {
        assertThat(tokens.username(issuer.token("RS256", "rsa", claims("https://login.example.org", "\"pintail\"", -30)))).isPresent();
        var early = good().replace("\"email\"", "\"nbf\":" + clock.instant().plusSeconds(61).getEpochSecond() + ",\"email\"");
        assertThat(tokens.username(issuer.token("RS256", "rsa", early))).isEmpty();
    }

    @Test
    void aTokenWithoutEndOrWithoutNameIsNotGood() throws IOException {
        assertThat(tokens.username(issuer.token("RS256", "rsa", good().replace("\"exp\"", "\"ex\"")))).isEmpty();
        assertThat(tokens.username(issuer.token("RS256", "rsa", good().replace("\"email\"", "\"mail\"")))).isEmpty();
    }

    /// RFC 8725 §3.1: the algorithm is ours to decide.
    @Test
    void noAlgorithmAndKeyedHashesAreNoSignatures() throws Exception {
        var body = "." + TestIssuer.url64(good().getBytes(StandardCharsets.UTF_8));
        var none = TestIssuer.url64("{\"alg\":\"none\",\"kid\":\"rsa\"}".getBytes(StandardCharsets.UTF_8)) + body + ".";
        assertThat(tokens.username(none)).isEmpty();
        var keyed = TestIssuer.url64("{\"alg\":\"HS256\",\"kid\":\"rsa\"}".getBytes(StandardCharsets.UTF_8)) + body;
        var mac = Mac.getInstance("HmacSHA256");
        mac.init(new SecretKeySpec(issuer.publicKey(), "HmacSHA256"));
        assertThat(tokens.username(keyed + "." + TestIssuer.url64(mac.doFinal(keyed.getBytes(StandardCharsets.US_ASCII))))).isEmpty();
        assertThat(tokens.username(issuer.token("RS256", "ec", good()))).isEmpty();
        assertThat(tokens.username(issuer.token("ES256", "rsa", good()))).isEmpty();
    }

    @Test
    void whatWasChangedAfterSigningIsNotGood() throws IOException {
        var parts = issuer.token("RS256", "rsa", good()).split("\\.");
        var forged = TestIssuer.url64(good().replace("alice", "bobby").getBytes(StandardCharsets.UTF_8));
        assertThat(tokens.username(parts[0] + "." + forged + "." + parts[2])).isEmpty();
        assertThat(tokens.username(parts[0] + "." + parts[1] + "." + parts[2].substring(4))).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "a", "a.b", "a.b.c", "....", "e30.e30.", "bnVsbA.bnVsbA.AA", "W10.W10.AA", "\u00e4.\u00e4.\u00e4"})
    void whatIsNoTokenIsNotGood(String text) throws IOException {
        assertThat(tokens.username(text)).isEmpty();
    }

    @Test
    void keysAreAskedForOnceAnHourAndForUnknownOnesOnceAMinute() throws IOException {
        assertThat(tokens.username(issuer.token("RS256", "rsa", good()))).isPresent();
        assertThat(tokens.username(issuer.token("ES256", "ec", good()))).isPresent();
        assertThat(tokens.username(issuer.token("RS256", "new", good()))).isEmpty();
        assertThat(issuer.asked()).isEqualTo(1);
        issuer.publish("{\"keys\":[" + issuer.rsaKey("new") + "]}");
        clock.advance(Duration.ofSeconds(61));
        assertThat(tokens.username(issuer.token("RS256", "new", good()))).isPresent();
        assertThat(tokens.username(issuer.token("RS256", "rsa", good()))).as("withdrawn").isEmpty();
        assertThat(issuer.asked()).isEqualTo(2);
        clock.advance(Duration.ofHours(2));
        assertThat(tokens.username(issuer.token("RS256", "new", good()))).isPresent();
        assertThat(issuer.asked()).isEqualTo(3);
    }

    /// Neither the token nor the issuer can be blamed: who logs in hears of a temporary failure, and keys that are known stay good.
    @Test
    void anIssuerThatDoesNotAnswerIsNotAskedAtEveryLogin() throws IOException {
        assertThat(tokens.username(issuer.token("RS256", "rsa", good()))).isPresent();
        issuer.status(500);
        clock.advance(Duration.ofHours(2));
        assertThat(tokens.username(issuer.token("RS256", "rsa", good()))).isPresent();
        assertThatThrownBy(() -> tokens.username(issuer.token("RS256", "other", good()))).isInstanceOf(IOException.class);
        assertThat(issuer.asked()).isEqualTo(2);
        issuer.status(200);
        clock.advance(Duration.ofSeconds(61));
        assertThat(tokens.username(issuer.token("RS256", "rsa", good()))).isPresent();
        assertThat(issuer.asked()).isEqualTo(3);
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "[]", "{", "nonsense"})
    void anIssuerThatSaysNonsenseCannotBeAsked(String keys) {
        issuer.publish(keys);
        assertThatThrownBy(() -> tokens.username(issuer.token("RS256", "rsa", good()))).isInstanceOf(IOException.class);
    }

    @Test
    void keysThatCannotBeUsedAreNone() throws IOException {
        issuer.publish("{\"keys\":[{\"kty\":\"RSA\",\"kid\":\"rsa\",\"n\":\"!\",\"e\":\"AQAB\"},{\"kty\":\"EC\",\"crv\":\"P-256\",\"kid\":\"ec\",\"x\":\"AA\",\"y\":\"AA\"},7]}");
        assertThat(tokens.username(issuer.token("RS256", "rsa", good()))).isEmpty();
        assertThat(tokens.username(issuer.token("ES256", "ec", good()))).isEmpty();
    }

    @Test
    void anIssuerTellsAboutTokens() throws IOException {
        var asked = new IntrospectedTokens(HttpClient.newHttpClient(), issuer.url("/introspect"), "pintail", "secret", "username");
        issuer.tell("{\"active\":true,\"username\":\"alice\"}");
        assertThat(asked.username("opaque")).contains("alice");
        issuer.tell("{\"active\":false,\"username\":\"alice\"}");
        assertThat(asked.username("opaque")).isEmpty();
        issuer.tell("{\"active\":\"perhaps\",\"username\":\"alice\"}");
        assertThat(asked.username("opaque")).isEmpty();
        issuer.tell("{\"active\":true}");
        assertThat(asked.username("opaque")).isEmpty();
        issuer.tell("{\"active\":true,\"username\":\"" + "a".repeat(1 << 20) + "\"}");
        assertThatThrownBy(() -> asked.username("opaque")).isInstanceOf(IOException.class);
        issuer.status(401);
        assertThatThrownBy(() -> asked.username("opaque")).isInstanceOf(IOException.class).hasMessageContaining("401");
    }
}
