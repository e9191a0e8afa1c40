package org.pintail.sasl;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.pintail.backend.AccountId;
import org.pintail.backend.Bytes;
import org.pintail.backend.ObjectId;
import org.pintail.mail.Authentication;
import org.pintail.mail.Scram;
import org.pintail.mail.ScramSecret;

/// SCRAM with the exchanges of RFC 5802 §5 and RFC 7677 §3.
class ScramExchangeTest {
    private final List<String> challenges = new ArrayList<>();

    private ScramExchange exchange(Scram scram, String nonce, String salt, ScramExchange.Binding binding) {
        var keys = scram.derive("pencil", Bytes.wrap(Base64.getDecoder().decode(salt)), 4096);
        return new ScramExchange(scram, nonce, binding, new ScramExchange.Accounts() {
            @Override
            public ScramSecret secret(String username) {
                return new ScramSecret(username, Optional.empty(), keys, true);
            }

            @Override
            public Authentication.Result proven(ScramSecret secret, boolean right) {
                return right
                        ? new Authentication.Result.Success(new AccountId(ObjectId.next()), secret.username(), "master", false, List.of(), null)
                        : new Authentication.Result.Failure(Authentication.Reason.CREDENTIALS, "wrong");
            }
        });
    }

    private static ScramExchange.Binding unbound(boolean plusOffered) {
        return new ScramExchange.Binding(false, plusOffered, type -> Optional.empty());
    }

    private Authentication.Result play(ScramExchange exchange, String... messages) throws IOException {
        var left = new ArrayDeque<>(List.of(messages));
        return exchange.run(new Conversation(null, challenge -> {
            challenges.add(new String(Base64.getDecoder().decode(challenge), StandardCharsets.UTF_8));
            return Base64.getEncoder().encodeToString(left.remove().getBytes(StandardCharsets.UTF_8));
        }));
    }

    private ScramExchange rfc5802() {
        return exchange(Scram.SHA_1, "3rfcNHYJY1ZVvWVs7j", "QSXCR+Q6sek8bf92", unbound(false));
    }

    @ParameterizedTest
    @ValueSource(strings = {
        "", "n", "n,", "n,,", "n,,n=user", "x,,n=user,r=a", "p=,,n=user,r=a", "n,b=x,n=user,r=a", "n,,m=x,n=user,r=a", "n,,n=,r=a",
        "n,,n=a=b,r=a", "n,,n=a=2c,r=a", "n,,n=user,r=", "n,,n=user,r=a b", "p=tls-unique,,n=user,r=a"
    })
    void aFirstMessageThatIsNoneIsMalformed(String message) {
        assertThatThrownBy(() -> play(rfc5802(), message, "c=biws,r=a,p=AAAA")).isInstanceOf(SaslFailure.class);
        assertThat(challenges).containsExactly("");
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "c=biws,r=a", "r=a,c=biws,p=AAAA", "c=!,r=a,p=AAAA", "c=biws,r=a,p=!", "c=biws,p=AAAA"})
    void aLastMessageThatIsNoneIsMalformed(String message) {
        assertThatThrownBy(() -> play(rfc5802(), "n,,n=user,r=a", message)).isInstanceOf(SaslFailure.class);
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', value = {
        "another nonce | c=biws,r=fyko+d2lbbFgONRv9qkxdawL,p=v0X8v3Bz2T0CJGbJQyF0X+HI4Ts=",
        "a wrong proof | c=biws,r=fyko+d2lbbFgONRv9qkxdawL3rfcNHYJY1ZVvWVs7j,p=AAX8v3Bz2T0CJGbJQyF0X+HI4Ts=",
        "a short proof | c=biws,r=fyko+d2lbbFgONRv9qkxdawL3rfcNHYJY1ZVvWVs7j,p=v0X8",
        "another header | c=eSws,r=fyko+d2lbbFgONRv9qkxdawL3rfcNHYJY1ZVvWVs7j,p=v0X8v3Bz2T0CJGbJQyF0X+HI4Ts="
    })
    void whatDoesNotFitProvesNothing(String what, String last) throws IOException {
        var result = play(rfc5802(), "n,,n=user,r=fyko+d2lbbFgONRv9qkxdawL", last);
        assertThat(result).as(what).isInstanceOf(Authentication.Result.Failure.class);
    }

    @Test
    void theExampleOfRfc5802() throws IOException {
        var result = play(
                rfc5802(),
                "n,,n=user,r=fyko+d2lbbFgONRv9qkxdawL",
                "c=biws,r=fyko+d2lbbFgONRv9qkxdawL3rfcNHYJY1ZVvWVs7j,p=v0X8v3Bz2T0CJGbJQyF0X+HI4Ts=",
                "");
        assertThat(result).isInstanceOf(Authentication.Result.Success.class);
        assertThat(challenges)
                .containsExactly(
                        "",
                        "r=fyko+d2lbbFgONRv9qkxdawL3rfcNHYJY1ZVvWVs7j,s=QSXCR+Q6sek8bf92,i=4096",
                        "v=rmF9pqV8S7suAoZWja4dJRkFsKQ=");
    }

    @Test
    void theExampleOfRfc7677() throws IOException {
        var sha256 = exchange(Scram.SHA_256, "%hvYDpWUa2RaTCAfuxFIlj)hNlF$k0", "W22ZaJ0SNY7soEsUEjb6gQ==", unbound(false));
        var result = play(
                sha256,
                "n,,n=user,r=rOprNGfwEbeRWgbNEkqO",
                "c=biws,r=rOprNGfwEbeRWgbNEkqO%hvYDpWUa2RaTCAfuxFIlj)hNlF$k0,p=dHzbZapWIk4jUhN+Ute9ytag9zjfMHgsqmmiz7AndVQ=",
                "");
        assertThat(result).isInstanceOf(Authentication.Result.Success.class);
        assertThat(challenges.getLast()).isEqualTo("v=6rriTRBi23WpRR/wtup+mMhUZUn/dB5nLTJRsjl95G4=");
    }

    @Test
    void aClientThatWasLiedToAboutPlusIsRefused() {
        var sha256 = exchange(Scram.SHA_256, "x", "QSXCR+Q6sek8bf92", unbound(true));
        assertThatThrownBy(() -> play(sha256, "y,,n=user,r=a", "c=eSws,r=ax,p=AAAA")).isInstanceOf(SaslFailure.class);
    }
}
