package org.pintail.address;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;

class MailAddressTest {
    @Test
    void whatIsNoAddressIsRefused() {
        for (var bad : List.of("", "@", "a@", "@b", "a b@c", "a@b..c", "a@-b.c", "a<b@c", "\"a@b", "\"a\"b\"@c", "x".repeat(65) + "@b.c", "SRS2=" + "x".repeat(60) + "@b.c", "SRS0=" + "x".repeat(250) + "@b.c", "a@" + "b".repeat(64), "a@[1.2.3.4")) {
            assertThat(MailAddress.parse(bad)).as(bad).isEmpty();
        }
    }

    @Test
    void viewIsTheKeyAnAddressIsLookedUpBy() {
        var address = MailAddress.parse("First.Last+label@EXAMPLE.com").orElseThrow();
        assertThat(address.view()).isEqualTo("firstlast@example.com");
        assertThat(address.normalized()).isEqualTo("first.last+label@example.com");
        assertThat(address.withoutLabel().toString()).isEqualTo("First.Last@example.com");
        assertThat(MailAddress.usernameView("My.Name@exa.mple")).isEqualTo("myname@exa.mple");
    }

    @Test
    void rewrittenReturnPathsMayBeLongerThanOthers() {
        assertThat(MailAddress.parse("SRS0=abcd=AA=example.com=" + "x".repeat(64) + "@b.c")).isPresent();
    }

    @Test
    void quotedLocalPartsAndOtherScriptsAreAddresses() {
        assertThat(MailAddress.parse("\"a b\"@c.d").orElseThrow().toString()).isEqualTo("\"a b\"@c.d");
        assertThat(MailAddress.parse("tõnu@xn--juri-xra.ee").orElseThrow().domain()).doesNotContain("xn--");
        assertThat(MailAddress.parse("a@[127.0.0.1]")).isPresent();
    }
}
