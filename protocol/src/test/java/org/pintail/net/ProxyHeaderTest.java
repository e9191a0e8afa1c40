package org.pintail.net;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.util.HexFormat;
import java.util.Objects;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/// PROXY protocol, versions 1 and 2.
class ProxyHeaderTest {
    private static final String SIGNATURE = "0d0a0d0a000d0a515549540a";

    @RegisterExtension
    static final Rehearsal REHEARSAL = new Rehearsal();

    private final AtomicReference<InetSocketAddress> client = new AtomicReference<>();
    private boolean accepted;

    private void read(byte[] header) {
        accepted = false;
        REHEARSAL.serve(header, connection -> {
            ProxyHeader.read(connection);
            accepted = true;
            client.set(connection.remote());
        });
    }

    private void read(String line) {
        read((line + "\r\n").getBytes(StandardCharsets.US_ASCII));
    }

    @ParameterizedTest(name = "{1}")
    @CsvSource({
        "'', nothing",
        "EHLO me, no header",
        "PROXY, no family",
        "PROXY TCP4, no addresses",
        "PROXY TCP4 192.0.2.1 192.0.2.2 1, no second port",
        "PROXY TCP4 192.0.2.1 192.0.2.2 1 2 3, one word too many",
        "PROXY TCP4  192.0.2.2 1 2, an empty address is not this machine",
        "PROXY TCP4 dead.beef 192.0.2.2 1 2, a name of hex digits is not asked of the DNS",
        "PROXY TCP4 localhost 192.0.2.2 1 2, a name",
        "PROXY TCP4 192.0.2.256 192.0.2.2 1 2, no address",
        "PROXY TCP6 2001:db8:::1 2001:db8::2 1 2, no address either",
        "PROXY TCP4 192.0.2.1 192.0.2.2 65536 2, no port",
        "PROXY TCP4 192.0.2.1 192.0.2.2 x 2, letters for a port",
        "PROXY UDP4 192.0.2.1 192.0.2.2 1 2, another family"
    })
    void whatIsNoHeaderEndsTheConnection(String line, String why) {
        read(line);
        assertThat(accepted).as(why).isFalse();
    }

    @Test
    void aLineTooLongEndsTheConnection() {
        read("PROXY UNKNOWN " + "x".repeat(200));
        assertThat(accepted).isFalse();
    }

    @Test
    void version1NamesTheClient() throws IOException {
        read("PROXY TCP4 192.0.2.1 192.0.2.2 40000 25");
        assertThat(client.get()).isEqualTo(new InetSocketAddress(InetAddress.ofLiteral("192.0.2.1"), 40_000));
        read("PROXY TCP6 2001:db8::1 2001:db8::2 40000 25");
        assertThat(client.get()).isEqualTo(new InetSocketAddress(InetAddress.ofLiteral("2001:db8::1"), 40_000));
        read("PROXY UNKNOWN ffff::1 ffff::2 1 2");
        assertThat(accepted).as("the address of the proxy stays").isTrue();
        assertThat(Objects.requireNonNull(client.get()).getAddress().isLoopbackAddress()).isTrue();
    }

    @ParameterizedTest(name = "{1}")
    @CsvSource({
        "21, no more than a signature",
        "1111000c, version 1",
        "2111000b, ends early",
        "2111ffff, too long",
        "2111000cc0000201, addresses that do not come"
    })
    void whatIsNoBinaryHeaderEndsTheConnection(String hex, String why) {
        read(HexFormat.of().parseHex(SIGNATURE + hex));
        assertThat(accepted).as(why).isFalse();
    }

    @Test
    void version2NamesTheClientAndItsExtensionsAreSkipped() throws IOException {
        var header = new ByteArrayOutputStream();
        header.writeBytes(HexFormat.of().parseHex(SIGNATURE + "21110010c0000201c0000202" + "9c400019" + "04000100"));
        read(header.toByteArray());
        assertThat(client.get()).isEqualTo(new InetSocketAddress(InetAddress.ofLiteral("192.0.2.1"), 40_000));
        read(HexFormat.of().parseHex(SIGNATURE + "20000000"));
        assertThat(accepted).as("a health check of the proxy's own").isTrue();
    }
}
