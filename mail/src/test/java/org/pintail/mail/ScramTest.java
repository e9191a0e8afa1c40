package org.pintail.mail;

import static org.assertj.core.api.Assertions.assertThat;

import java.security.SecureRandom;
import org.junit.jupiter.api.Test;
import org.pintail.backend.Document;

class ScramTest {
    private static final String HASH = "$pbkdf2-sha512$of$the$password";

    private static Document user() {
        return Document.of("password", HASH).with(Scram.derived("secret", HASH, new SecureRandom()));
    }

    /// Clients that use Cyrus SASL refuse more than 65,536 rounds, and mbsync tries no other mechanism then.
    @Test
    void keysHaveNoMoreRoundsThanClientsCompute() {
        for (var scram : Scram.values()) {
            assertThat(scram.of(user()).orElseThrow().rounds()).isBetween(4096, 65_536);
        }
    }

    @Test
    void keysOfAnotherPasswordOrAnotherNumberOfRoundsDoNotCount() {
        var user = user();
        assertThat(Scram.isDerived(user)).isTrue();
        assertThat(Scram.isDerived(user.with("password", "$pbkdf2-sha512$of$another"))).isFalse();
        var keys = user.document("scram").orElseThrow();
        var older = keys.document("SCRAM-SHA-256").orElseThrow().with("rounds", 100_000);
        var before = user.with("scram", keys.with("SCRAM-SHA-256", older));
        assertThat(Scram.isDerived(before)).isFalse();
        assertThat(Scram.SHA_256.of(before)).isEmpty();
    }

    @Test
    void aPasswordThatCannotBePreparedIsDoneWith() {
        var user = Document.of("password", HASH).with(Scram.derived("a\u0007b", HASH, new SecureRandom()));
        assertThat(Scram.isDerived(user)).isTrue();
        assertThat(Scram.SHA_256.of(user)).isEmpty();
    }
}
