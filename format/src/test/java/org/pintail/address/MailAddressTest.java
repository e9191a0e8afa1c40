package org.pintail.address;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

/// RFC 5321 §4.1.2, RFC 6531, and the key an address is looked up by.
class MailAddressTest {
    private static final List<List<String>> BAD = List.of(
            List.of("", "nothing"),
            List.of("@", "neither part"),
            List.of("a", "no domain"),
            List.of("a@", "empty domain"),
            List.of("@b", "empty local part"),
            List.of("a b@c", "a blank outside quotes"),
            List.of("a,b@c", "a comma outside quotes"),
            List.of("a<b@c", "a bracket"),
            List.of("a@b c", "a blank in the domain"),
            List.of("a@b..c", "an empty label"),
            List.of("a@.b", "an empty first label"),
            List.of("a@b.", "an empty last label"),
            List.of("a@-b.c", "a dash in front"),
            List.of("a@b-.c", "a dash behind"),
            List.of("a@b!c", "no letter of a domain"),
            List.of("a@b\uff0ec", "a full-width dot, which IDNA takes for a separator"),
            List.of("a@b\u3002c", "an ideographic full stop"),
            List.of("a@" + "b".repeat(64), "RFC 1035 §2.3.4: a label of 64"),
            List.of("x".repeat(65) + "@b.c", "RFC 5321 §4.5.3.1.1: a local part of 65"),
            List.of("ä".repeat(33) + "@b.c", "the same in octets"),
            List.of("a@" + "b.".repeat(130) + "c", "RFC 5321 §4.5.3.1.3: 254 octets"),
            List.of("a@[1.2.3.4", "an open literal"),
            List.of("a@[]", "an empty literal"),
            List.of("a@[ä]", "a literal is ASCII"),
            List.of("\"a@b", "an open quote"),
            List.of("\"\"@b", "nothing in quotes"),
            List.of("\"a\"b\"@c", "a quote inside"),
            List.of("\"a\\\"@c", "an escape that takes the closing quote"),
            List.of("\"a\r\nb\"@c", "a line break in quotes"),
            List.of("a\u0085b@c", "a control character beyond ASCII"),
            List.of("a\u2028b@c", "a line separator"),
            List.of("a\u00a0b@c", "a blank beyond ASCII"),
            List.of("a@b\u00a0c", "one in the domain"),
            List.of("a\ud83d@c", "half a character"),
            List.of("a\ude00@c", "the other half"),
            List.of("a@b\u037ec", "a Greek question mark, which becomes a semicolon"),
            List.of("a\0@b", "NUL"));

    /// Text, what is written again, key.
    private static final List<List<String>> GOOD = List.of(
            List.of("a@b", "a@b", "a@b"),
            List.of("First.Last+label@EXAMPLE.com", "First.Last+label@example.com", "firstlast@example.com"),
            List.of("a+b+c@d", "a+b+c@d", "a@d"),
            List.of("+a@b", "+a@b", "+a@b"),
            List.of("a.b.c@d.e", "a.b.c@d.e", "abc@d.e"),
            List.of(".a..b.@c", "\".a..b.\"@c", "ab@c"),
            List.of("!#$%&'*+-/=?^_`{|}~@b", "!#$%&'*+-/=?^_`{|}~@b", "!#$%&'*@b"),
            List.of("\"a b\"@c.d", "\"a b\"@c.d", "a b@c.d"),
            List.of("\"ab\"@c.d", "ab@c.d", "ab@c.d"),
            List.of("\"a\\\"b\"@c.d", "\"a\\\"b\"@c.d", "a\"b@c.d"),
            List.of("\"a@b\"@c.d", "\"a@b\"@c.d", "a@b@c.d"),
            List.of("a@[127.0.0.1]", "a@[127.0.0.1]", "a@[127.0.0.1]"),
            List.of("a@[IPv6:2001:DB8::1]", "a@[ipv6:2001:db8::1]", "a@[ipv6:2001:db8::1]"),
            List.of("a@under_score.example", "a@under_score.example", "a@under_score.example"),
            List.of("Õ.ü@Jõgeva.EE", "Õ.ü@jõgeva.ee", "õü@jõgeva.ee"),
            List.of("a@xn--jgeva-dua.ee", "a@jõgeva.ee", "a@jõgeva.ee"),
            List.of("a@XN--jgeva-dua.ee", "a@jõgeva.ee", "a@jõgeva.ee"),
            List.of("a@xn--999999999.ee", "a@xn--999999999.ee", "a@xn--999999999.ee"),
            List.of("o\u0308@x", "o\u0308@x", "\u00f6@x"),
            List.of("😀@x", "😀@x", "😀@x"));

    @Test
    void whatIsNoAddressIsRefused() {
        BAD.forEach(row -> assertThat(MailAddress.parse(row.get(0))).as(row.get(1)).isEmpty());
    }

    @Test
    void addressesAreReadWrittenAndHaveAKey() {
        for (var row : GOOD) {
            var address = MailAddress.parse(row.get(0)).orElseThrow(() -> new AssertionError(row.get(0)));
            assertThat(address.toString()).as(row.get(0)).isEqualTo(row.get(1));
            assertThat(address.view()).as(row.get(0)).isEqualTo(row.get(2));
        }
    }

    @Test
    void normalFormKeepsTheLabelAndTheDots() {
        var address = MailAddress.parse("First.Last+label@EXAMPLE.com").orElseThrow();
        assertThat(address.normalized()).isEqualTo("first.last+label@example.com");
        assertThat(address.withoutLabel().toString()).isEqualTo("First.Last@example.com");
        assertThat(MailAddress.usernameView("My.Name@exa.mple")).isEqualTo("myname@exa.mple");
        assertThat(MailAddress.usernameView("My.Name")).isEqualTo("myname");
    }

    @Test
    void rewrittenReturnPathsMayBeLongerThanOthers() {
        assertThat(MailAddress.parse("SRS0=abcd=AA=example.com=" + "x".repeat(64) + "@b.c")).isPresent();
        assertThat(MailAddress.parse("SRS2=" + "x".repeat(60) + "@b.c")).isEmpty();
        assertThat(MailAddress.parse("SRS0=" + "x".repeat(250) + "@b.c")).isEmpty();
    }

    @Test
    void domainsGoToTheDnsAsALabels() {
        assertThat(MailAddress.parse("a@jõgeva.ee").orElseThrow().asciiDomain()).isEqualTo("xn--jgeva-dua.ee");
        assertThat(MailAddress.parse("a@b.c").orElseThrow().asciiDomain()).isEqualTo("b.c");
    }

    @Test
    void labelsBesideAnALabelAreNormalizedToo() {
        assertThat(MailAddress.parse("a@Bo\u0308.xn--jgeva-dua.ee").orElseThrow().domain()).isEqualTo("b\u00f6.j\u00f5geva.ee");
    }

    @Test
    void anyTextIsNoAddressOrReadsBack() {
        long seed = new Random().nextLong();
        var random = new Random(seed);
        var pieces = List.of("a", "B", ".", "..", "@", "\"", "\\", "+", "-", " ", "ä", "o\u0308", "İ", "ß", "xn--", "jgeva-dua", "[", "]", ":", "1", "😀", "\u212a");
        int found = 0;
        for (int run = 0; run < 100_000; run++) {
            var text = new StringBuilder();
            for (int n = random.nextInt(9); n > 0; n--) {
                text.append(pieces.get(random.nextInt(pieces.size())));
            }
            var address = MailAddress.parse(text.toString());
            if (address.isPresent()) {
                found++;
                assertThat(MailAddress.parse(address.get().toString())).as("seed %d: %s", seed, text).isEqualTo(address);
            }
        }
        assertThat(found).as("seed %d", seed).isGreaterThan(500);
    }
}
