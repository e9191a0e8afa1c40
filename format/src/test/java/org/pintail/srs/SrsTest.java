package org.pintail.srs;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.pintail.address.MailAddress;

class SrsTest {
    private static final Instant NOW = Instant.parse("2026-03-01T12:00:00Z");
    private final Srs srs = new Srs("a secret", "fwd.example");

    private String reversed(String address, Instant at) {
        return srs.reverse(MailAddress.parse(address).orElseThrow(), at).map(MailAddress::toString).orElse("none");
    }

    @Test
    void whatWeDidNotMakeLeadsNowhere() {
        for (var bad : List.of(
                "SRS0=0000=BC=example.com=Jim.Bob@fwd.example", // hash
                "SRS0=ca11=BD=example.com=Jim.Bob@fwd.example", // stamp changed
                "SRS0=ca11=BC=example.net=Jim.Bob@fwd.example", // domain changed
                "SRS0=ca11=BC=example.com=jim.bob@fwd.example", // local part changed
                "SRS0=CA11=BC=example.com=Jim.Bob@fwd.example", // the hash has one form
                "SRS0=ca11=BC=example.com=Jim.Bob@other.example", // not our domain
                "SRS0=ca11=BC=example.com@fwd.example",
                "SRS0=ca11=BC@fwd.example",
                "SRS0=ca11@fwd.example",
                "SRS0=ca1@fwd.example",
                "SRS0=@fwd.example",
                "SRS1=@fwd.example",
                "SRS1=3336=@fwd.example",
                "SRS1=3336==@fwd.example",
                "SRS1=3336=first.example@fwd.example",
                "SRS1=3336=first.example=@fwd.example",
                "SRS1=3336=first.example=abcd=AA=example.com=joe@fwd.example", // no separator before the inner hash
                "SRS1=0000=first.example==abcd=AA=example.com=joe@fwd.example",
                "SRS2=ca11=BC=example.com=Jim.Bob@fwd.example",
                "jim@fwd.example")) {
            assertThat(reversed(bad, NOW)).as(bad).isEqualTo("none");
        }
    }

    @Test
    void thereIsNoSecretByDefault() {
        assertThatThrownBy(() -> new Srs("", "fwd.example")).isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    void theFormatIsTheOneOfTheZoneMailSuite() {
        assertThat(srs.rewrite("Jim.Bob@Example.COM", NOW)).isEqualTo("SRS0=ca11=BC=example.com=Jim.Bob@fwd.example");
        assertThat(srs.rewrite("Jim.Bob@example.com", NOW.minusSeconds(1))).isEqualTo("SRS0=ea1f=BB=example.com=Jim.Bob@fwd.example");
        assertThat(srs.rewrite("SRS0=abcd=AA=example.com=joe@first.example", NOW))
                .isEqualTo("SRS1=3336=first.example==abcd=AA=example.com=joe@fwd.example");
        assertThat(srs.rewrite("SRS1=ffff=first.example==abcd=AA=example.com=joe@second.example", NOW))
                .isEqualTo("SRS1=3336=first.example==abcd=AA=example.com=joe@fwd.example");
    }

    @Test
    void bouncesGoBackTheWayTheyCame() {
        assertThat(reversed("SRS0=ca11=BC=example.com=Jim.Bob@fwd.example", NOW)).isEqualTo("Jim.Bob@example.com");
        assertThat(reversed("srs0=ca11=bc=example.com=Jim.Bob@FWD.example", NOW)).isEqualTo("Jim.Bob@example.com");
        assertThat(reversed("SRS0+ca11=BC=example.com=Jim.Bob@fwd.example", NOW)).isEqualTo("Jim.Bob@example.com");
        assertThat(reversed("SRS1=3336=first.example==abcd=AA=example.com=joe@fwd.example", NOW))
                .isEqualTo("SRS0=abcd=AA=example.com=joe@first.example");
    }

    @Test
    void addressesAgeInTwentyOneDays() {
        var address = "SRS0=ca11=BC=example.com=Jim.Bob@fwd.example";
        assertThat(reversed(address, NOW.plus(Duration.ofDays(21)))).isNotEqualTo("none");
        assertThat(reversed(address, NOW.plus(Duration.ofDays(22)))).isEqualTo("none");
        assertThat(reversed(address, NOW.minus(Duration.ofDays(1)))).isEqualTo("none");
        assertThat(reversed(address, NOW.plus(Duration.ofDays(1024)))).isNotEqualTo("none"); // the stamp comes round
    }

    @Test
    void someSendersStayAsTheyAre() {
        var own = "SRS0=ca11=BC=example.com=Jim.Bob@fwd.example";
        for (var kept : List.of("", "no address", own, "a".repeat(60) + "@" + "b.".repeat(95) + "example")) {
            assertThat(srs.rewrite(kept, NOW)).as(kept).isEqualTo(kept);
        }
    }

    @Test
    void whatWasRewrittenComesBack() {
        long seed = System.nanoTime();
        var random = new Random(seed);
        var letters = "abcXYZ019.+-_=!#\u00e4 ";
        for (int i = 0; i < 2000; i++) {
            var local = new StringBuilder("x");
            for (int n = random.nextInt(20); n > 0; n--) {
                local.append(letters.charAt(random.nextInt(letters.length())));
            }
            var sender = new MailAddress(local + "y", "dom" + random.nextInt(9) + ".example").toString();
            assertThat(reversed(srs.rewrite(sender, NOW), NOW)).as("seed %d", seed).isEqualTo(sender);
        }
    }
}
