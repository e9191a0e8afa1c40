package org.pintail.address;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class IpTextTest {
    /// RFC 5952 §4: what is read, and how it is shown.
    @ParameterizedTest
    @CsvSource({
        "192.0.2.1, 192.0.2.1", "2001:DB8:0:0:0:0:0:1, 2001:db8::1", "::, ::", "::1, ::1", "1::, 1::", "2001:db8:0:1:1:1:1:1, 2001:db8:0:1:1:1:1:1",
        "2001:0:0:1:0:0:0:1, 2001:0:0:1::1", "2001:db8:0:0:1:0:0:1, 2001:db8::1:0:0:1", "::ffff:192.0.2.1, 192.0.2.1"
    })
    void addressesAreReadAndShown(String text, String shown) {
        assertThat(IpText.parse(text).map(IpText::show)).contains(shown);
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "1", "1.2.3", "1.2.3.4.5", "01.2.3.4", "256.1.1.1", "1.2.3.4 ", "localhost", "mail.example.com", ":", "1:2", "::1::", "fe80::1%eth0", "g::", "1.2.3.-4"})
    void whatIsNoAddressIsNotLookedUp(String text) {
        assertThat(IpText.parse(text)).isEmpty();
    }

    @ParameterizedTest
    @CsvSource({
        "192.0.2.0/24, 192.0.2.255, true", "192.0.2.0/24, 192.0.3.0, false", "192.0.2.1, 192.0.2.1, true", "0.0.0.0/0, 203.0.113.1, true",
        "0.0.0.0/0, ::1, false", "2001:db8::/33, 2001:db8:7fff::1, true", "2001:db8::/33, 2001:db8:8000::1, false", "10.1.2.128/25, 10.1.2.127, false"
    })
    void networks(String network, String address, boolean inside) {
        assertThat(IpNetwork.parse(network).orElseThrow().contains(IpText.parse(address).orElseThrow())).isEqualTo(inside);
    }

    @Test
    void networksThatAreNone() {
        for (var text : new String[] {"1.2.3.4/33", "1.2.3.4/", "1.2.3.4/08", "::/129", "/8", "x/8"}) {
            assertThat(IpNetwork.parse(text)).as(text).isEmpty();
        }
    }

    @ParameterizedTest
    @CsvSource({"Example.COM., example.com", "MÜNCHEN.example, xn--mnchen-3ya.example", "a..b, a..b", "'', ''"})
    void domainNames(String name, String ascii) {
        assertThat(DomainName.ascii(name)).isEqualTo(ascii);
    }

    @Test
    void belowMeansWholeLabels() {
        assertThat(DomainName.isAtOrBelow("a.example.com", "example.com")).isTrue();
        assertThat(DomainName.isAtOrBelow("example.com", "example.com")).isTrue();
        assertThat(DomainName.isAtOrBelow("badexample.com", "example.com")).isFalse();
        assertThat(DomainName.isAtOrBelow("com", "example.com")).isFalse();
    }
}
