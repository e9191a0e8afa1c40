package org.pintail.net;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.BufferedReader;
import java.io.FilterOutputStream;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.SocketException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLHandshakeException;
import javax.net.ssl.SSLSocket;
import javax.net.ssl.TrustManager;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.pintail.certificate.TestCertificates;

/// TLS between our engine and the JDK's `SSLSocket`. The service says each line back; an empty one ends it.
class TlsChannelTest {
    @TempDir
    Path directory = Path.of(".");

    private Listener listener;

    @BeforeEach
    void start() throws IOException {
        var anyPort = new InetSocketAddress(InetAddress.getLoopbackAddress(), 0);
        listener = Listener.open(
                new Listener.Settings("echo", anyPort, true, false, 100, 100),
                Tls.selfSigned(directory.resolve("tls"), List.of("localhost")),
                TlsChannelTest::echo);
    }

    private static void echo(Connection connection) throws IOException {
        for (var line = connection.readLine(1 << 20); line != null && line.length > 0; line = connection.readLine(1 << 20)) {
            connection.write(line);
            connection.write("\r\n");
            if (connection.buffered() == 0) {
                connection.flush();
            }
        }
        connection.write("bye\r\n");
        connection.flush();
    }

    @AfterEach
    void stop() {
        listener.close();
    }

    private SSLSocket connect(String version) throws IOException {
        return connect(listener.address(), version);
    }

    private SSLSocket connect(InetSocketAddress to, String version) throws IOException {
        try {
            var context = SSLContext.getInstance("TLS");
            var certificate = Identity.read(new Tls.Pem(directory.resolve("tls/certificate.pem"), directory.resolve("tls/key.pem"))).chain().getFirst();
            context.init(null, new TrustManager[] {TestCertificates.trusting(certificate)}, null);
            var socket = (SSLSocket) context.getSocketFactory().createSocket(to.getAddress(), to.getPort());
            socket.setSoTimeout(10_000);
            socket.setEnabledProtocols(new String[] {version});
            return socket;
        } catch (GeneralSecurityException e) {
            throw new IOException(e);
        }
    }

    private static BufferedReader reader(SSLSocket socket) throws IOException {
        return new BufferedReader(new InputStreamReader(socket.getInputStream(), StandardCharsets.US_ASCII));
    }

    private static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.US_ASCII);
    }

    /// Records of every size, both directions at once.
    @ParameterizedTest
    @ValueSource(strings = {"TLSv1.2", "TLSv1.3"})
    void whatIsSentComesBack(String version) throws Exception {
        try (var socket = connect(version)) {
            var writer = Thread.ofVirtual().start(() -> {
                try {
                    for (int length = 1; length < 200_000; length = length * 3 + 1) {
                        socket.getOutputStream().write(bytes("x".repeat(length) + "\r\n"));
                    }
                    for (int i = 0; i < 20_000; i++) {
                        socket.getOutputStream().write(bytes("line " + i + "\r\n"));
                    }
                    socket.getOutputStream().write(bytes("\r\n"));
                } catch (IOException e) {
                    throw new AssertionError(e);
                }
            });
            var in = reader(socket);
            for (int length = 1; length < 200_000; length = length * 3 + 1) {
                assertThat(in.readLine()).isEqualTo("x".repeat(length));
            }
            for (int i = 0; i < 20_000; i++) {
                assertThat(in.readLine()).isEqualTo("line " + i);
            }
            assertThat(in.readLine()).isEqualTo("bye");
            assertThat(in.readLine()).as("close_notify, not a cut").isNull();
            writer.join();
        }
    }

    @Test
    void aClientMayShakeHandsAgain() throws IOException {
        try (var socket = connect("TLSv1.2")) {
            var in = reader(socket);
            for (int i = 0; i < 3; i++) {
                socket.getOutputStream().write(bytes("one\r\n"));
                assertThat(in.readLine()).isEqualTo("one");
                socket.startHandshake();
            }
        }
    }

    @Test
    void aClientWithNothingInCommonIsToldSo() throws IOException {
        try (var socket = connect("TLSv1.2")) {
            socket.setEnabledCipherSuites(new String[] {"TLS_ECDHE_RSA_WITH_AES_128_GCM_SHA256"}); // the certificate is for ECDSA
            assertThatThrownBy(socket::startHandshake).isInstanceOf(SSLHandshakeException.class).hasMessageContaining("handshake_failure");
        }
        try (var socket = connect("TLSv1.3")) {
            socket.getOutputStream().write(bytes("still here\r\n"));
            assertThat(reader(socket).readLine()).isEqualTo("still here");
        }
    }

    @Test
    void aClientThatIsNoneIsLeft() throws IOException {
        try (var socket = new Socket(listener.address().getAddress(), listener.address().getPort())) {
            socket.setSoTimeout(10_000);
            socket.getOutputStream().write(bytes("a NOOP\r\n".repeat(5000)));
            assertThat(socket.getInputStream().readNBytes(1000)).hasSizeLessThan(100);
        } catch (SocketException reset) {
            assertThat(reset).as("closed with our bytes unread").isNotNull();
        }
    }

    /// Each write is a packet, and wakes the client.
    @ParameterizedTest
    @ValueSource(strings = {"TLSv1.2", "TLSv1.3"})
    void aHandshakeIsAnsweredInAsFewPiecesAsItHasTurns(String version) throws Exception {
        try (var accepting = new ServerSocket(0, 1, InetAddress.getLoopbackAddress());
                var client = connect((InetSocketAddress) accepting.getLocalSocketAddress(), version);
                var accepted = accepting.accept()) {
            var greeted = CompletableFuture.supplyAsync(() -> firstLine(client));
            var pieces = new AtomicInteger();
            var channel = Tls.selfSigned(directory.resolve("tls"), List.of("localhost"))
                    .channel(accepted, accepted.getInputStream(), counted(accepted.getOutputStream(), pieces));
            channel.handshake();
            assertThat(pieces).as("the certificate with all that goes with it").hasValue(1);
            channel.write(bytes("hello\r\n"), 0, 7);
            assertThat(pieces).as("hello, and before it the end of the handshake").hasValue(2);
            assertThat(greeted).succeedsWithin(10, TimeUnit.SECONDS).isEqualTo("hello");
        }
    }

    private static String firstLine(SSLSocket socket) {
        try {
            return reader(socket).readLine();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static OutputStream counted(OutputStream to, AtomicInteger pieces) {
        return new FilterOutputStream(to) {
            @Override
            public void write(byte[] bytes, int from, int length) throws IOException {
                pieces.incrementAndGet();
                out.write(bytes, from, length);
            }
        };
    }
}
