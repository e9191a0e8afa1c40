package org.pintail.net;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.HexFormat;
import java.util.List;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.pintail.testkit.Wire;

class ListenerTest {
    @TempDir
    Path directory = Path.of(".");

    /// Says where the client is, then waits for it to leave.
    private Listener listener(boolean proxied, int max, int perAddress) throws IOException {
        var anyPort = new InetSocketAddress(InetAddress.getByName("127.0.0.1"), 0);
        return Listener.open(
                new Listener.Settings("test", anyPort, false, proxied, max, perAddress),
                Tls.selfSigned(directory, List.of("localhost")),
                connection -> {
                    connection.write(connection.remoteIp() + " " + connection.remote().getPort() + "\r\n");
                    connection.flush();
                    connection.readLine(100);
                });
    }

    private static Socket from(String ip, Listener listener) throws IOException {
        return new Socket(listener.address().getAddress(), listener.address().getPort(), InetAddress.getByName(ip), 0);
    }

    /// True when the server speaks, false when it hangs up.
    private static boolean admitted(Socket socket) throws IOException {
        socket.setSoTimeout(10_000);
        try {
            return socket.getInputStream().read() >= 0;
        } catch (java.net.SocketException e) {
            return false;
        }
    }

    @Test
    void aRefusedConnectionDoesNotCountForItsAddressNorAgainstIt() throws IOException {
        try (var listener = listener(false, 3, 2);
                var first = from("127.0.0.1", listener);
                var second = from("127.0.0.1", listener)) {
            assertThat(admitted(first) && admitted(second)).isTrue();
            try (var other = from("127.0.0.2", listener)) {
                assertThat(admitted(other)).isTrue();
                try (var full = from("127.0.0.1", listener)) {
                    assertThat(admitted(full)).isFalse();
                }
            }
            while (listener.connections() > 2) {
                LockSupport.parkNanos(1_000_000);
            }
            try (var third = from("127.0.0.1", listener);
                    var other = from("127.0.0.2", listener)) {
                assertThat(admitted(third)).isFalse();
                assertThat(admitted(other)).isTrue();
            }
        }
    }

    @ParameterizedTest
    @CsvSource({
        "PROXY TCP4 192.0.2.1 192.0.2.2 4000 25, 192.0.2.1 4000",
        "PROXY TCP6 2001:db8::1 2001:db8::2 4000 25, 2001:db8:0:0:0:0:0:1 4000",
    })
    void aProxyNamesTheClient(String header, String client) throws IOException {
        try (var listener = listener(true, 5, 5);
                var wire = Wire.connect(listener.address())) {
            assertThat(wire.send(header).line()).isEqualTo(client);
        }
    }

    @Test
    void behindAProxyItsClientsAreCountedNotIt() throws IOException {
        try (var listener = listener(true, 10, 2);
                var two = Wire.connect(listener.address());
                var three = Wire.connect(listener.address());
                var other = Wire.connect(listener.address())) {
            var header = "PROXY TCP4 192.0.2.1 192.0.2.2 4000 25";
            try (var one = Wire.connect(listener.address())) {
                assertThat(one.send(header).line()).isEqualTo("192.0.2.1 4000");
                assertThat(two.send(header).line()).isEqualTo("192.0.2.1 4000");
                assertThatThrownBy(() -> three.send(header).line()).isInstanceOf(IOException.class);
            }
            assertThat(other.send("PROXY TCP4 192.0.2.9 192.0.2.2 4000 25").line()).isEqualTo("192.0.2.9 4000");
            while (listener.connections() > 2) {
                LockSupport.parkNanos(1_000_000);
            }
            try (var four = Wire.connect(listener.address())) {
                assertThat(four.send(header).line()).isEqualTo("192.0.2.1 4000");
            }
        }
    }

    @Test
    void aProxyMayUseVersionTwo() throws IOException {
        var header = "0d0a0d0a000d0a515549540a" + "21" + "11" + "000f" + "c0000201" + "c0000202" + "0fa0" + "0019" + "040000";
        try (var listener = listener(true, 5, 5);
                var wire = Wire.connect(listener.address())) {
            assertThat(wire.raw(HexFormat.of().parseHex(header)).line()).isEqualTo("192.0.2.1 4000");
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "EHLO client.example\r\n",
                "PROXY TCP4 192.0.2.1\r\n",
                "PROXY TCP4 example.org 192.0.2.2 4000 25\r\n",
                "PROXY TCP4 192.0.2.1 192.0.2.2 99999 25\r\n",
                "PROXY UDP4 192.0.2.1 192.0.2.2 4000 25\r\n",
                "PROXY TCP4 192.0.2.1 192.0.2.2 4000 25                                                                        \r\n",
                "\r\n\r\n\0\r\nQUIT\n\u0021\u0011\u0000\u0004abcd",
                "\r\n\r\n\0\r\nQUIT\n\u0031\u0011\u0000\u000cabcdabcdabcd",
                "\r\n\r\nQUIT\r\nQUIT\r\n\r\n"
            })
    void withoutAProperHeaderNobodyComesIn(String header) throws IOException {
        try (var listener = listener(true, 5, 5);
                var wire = Wire.connect(listener.address())) {
            wire.raw(header.getBytes(StandardCharsets.ISO_8859_1));
            assertThatThrownBy(wire::line).isInstanceOf(IOException.class);
        }
    }
}
