package org.pintail.imap;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.Socket;
import java.net.SocketException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.zip.DataFormatException;
import java.util.zip.Deflater;
import java.util.zip.DeflaterOutputStream;
import java.util.zip.Inflater;
import java.util.zip.InflaterInputStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.pintail.imap.wire.ImapLimits;
import org.pintail.testkit.Wire;

/// COMPRESS=DEFLATE, RFC 4978.
class CompressTest {
    @TempDir
    Path directory = Path.of(".");

    private ImapFixture server;

    @BeforeEach
    void start() throws IOException {
        server = new ImapFixture(directory, ImapLimits.DEFAULT);
        server.prepare(List.of("INBOX with 2 messages"));
    }

    @AfterEach
    void stop() throws IOException {
        server.close();
    }

    /// A client that compresses, over a connection that is logged in.
    private static final class Client implements AutoCloseable {
        private final Socket socket;
        private final InputStream plainIn;
        private final OutputStream plainOut;
        private final InputStream in;
        private final DeflaterOutputStream out;

        Client(Socket socket) throws IOException {
            this.socket = socket;
            socket.setSoTimeout(10_000);
            plainIn = socket.getInputStream();
            plainOut = socket.getOutputStream();
            assertThat(line(plainIn)).startsWith("* OK");
            assertThat(plain("a LOGIN alice secret")).startsWith("a OK");
            assertThat(plain("b COMPRESS DEFLATE")).isEqualTo("b OK DEFLATE active");
            in = new InflaterInputStream(plainIn, new Inflater(true), 1); // so that nothing of what follows is read ahead
            out = new DeflaterOutputStream(plainOut, new Deflater(9, true), 512, true);
        }

        private String plain(String command) throws IOException {
            plainOut.write((command + "\r\n").getBytes(StandardCharsets.UTF_8));
            var line = line(plainIn);
            while (line.startsWith("* ")) {
                line = line(plainIn);
            }
            return line;
        }

        void send(String text) throws IOException {
            out.write(text.getBytes(StandardCharsets.UTF_8));
            out.flush();
        }

        void sendPlain(String text) throws IOException {
            plainOut.write(text.getBytes(StandardCharsets.UTF_8));
        }

        String plainUntil(String start) throws IOException {
            var line = line(plainIn);
            while (!line.startsWith(start)) {
                line = line(plainIn);
            }
            return line;
        }

        /// Reads the rest of the server's last flush, after which nothing is compressed.
        void skipFlush() throws IOException {
            int latest = -1;
            while (latest != 0x0000_FFFF) {
                latest = latest << 8 | plainIn.read();
            }
        }

        String line() throws IOException {
            return line(in);
        }

        private static String line(InputStream in) throws IOException {
            var line = new ByteArrayOutputStream();
            for (int b = in.read(); b != '\n'; b = in.read()) {
                if (b < 0) {
                    throw new EOFException(line.toString(StandardCharsets.UTF_8));
                }
                line.write(b);
            }
            return line.toString(StandardCharsets.UTF_8).stripTrailing();
        }

        String until(String start) throws IOException {
            var line = line();
            while (!line.startsWith(start)) {
                line = line();
            }
            return line;
        }

        @Override
        public void close() throws IOException {
            socket.close();
        }
    }

    private Client client() throws IOException {
        return new Client(new Socket(server.address().getAddress(), server.address().getPort()));
    }

    @Test
    void commandsAndAnswersAreCompressed() throws IOException {
        try (var client = client()) {
            client.send("a CAPABILITY\r\n");
            assertThat(client.line()).startsWith("* CAPABILITY").doesNotContain("COMPRESS");
            client.until("a OK");
            client.send("b COMPRESS DEFLATE\r\n");
            assertThat(client.line()).startsWith("b NO [COMPRESSIONACTIVE] ");
            client.send("c SELECT INBOX\r\nd FETCH 1:* BODY.PEEK[]\r\ne NOOP\r\n");
            client.until("c OK");
            assertThat(client.line()).startsWith("* 1 FETCH (BODY[] {");
            assertThat(client.line()).isEqualTo("From: Bob <bob@example.com>");
            client.until("d OK");
            client.until("e OK");
        }
    }

    @Test
    void aLargeMessageGoesBothWays() throws IOException {
        var message = new StringBuilder("Subject: large\r\n\r\n");
        for (int i = 0; i < 50_000; i++) {
            message.append("line ").append(i * 7919L % 65537).append("\r\n");
        }
        try (var client = client()) {
            client.send("a APPEND INBOX {" + message.length() + "}\r\n");
            assertThat(client.line()).isEqualTo("+ Go ahead");
            client.send(message + "\r\nb SELECT INBOX\r\nc FETCH 3 BODY.PEEK[]\r\n");
            client.until("b OK");
            assertThat(client.line()).isEqualTo("* 3 FETCH (BODY[] {" + message.length() + "}");
            for (var line : message.toString().split("\r\n")) {
                assertThat(client.line()).isEqualTo(line);
            }
            client.until("c OK");
        }
    }

    @Test
    void idleIsHeardOfAtOnce() throws IOException {
        try (var client = client()) {
            client.send("a SELECT INBOX\r\n");
            client.until("a OK");
            client.send("b IDLE\r\n");
            assertThat(client.line()).isEqualTo("+ idling");
            server.append("INBOX", ImapFixture.simple(3));
            assertThat(client.line()).isEqualTo("* 3 EXISTS");
            server.append("INBOX", ImapFixture.simple(4));
            client.until("* 4 EXISTS");
            client.send("DONE\r\n");
            client.until("b OK");
        }
    }

    /// RFC 8437 §4.1: the OK is the last thing that is compressed, and the command the last that is read so.
    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void compressionEndsWithTheLogin(boolean pipelined) throws IOException {
        try (var client = client()) {
            client.send("a UNAUTHENTICATE\r\n");
            if (pipelined) {
                client.sendPlain("b LOGIN alice secret\r\n");
            }
            assertThat(client.line()).isEqualTo("a OK UNAUTHENTICATE completed");
            client.skipFlush();
            if (!pipelined) {
                client.sendPlain("b LOGIN alice secret\r\n");
            }
            assertThat(client.plainUntil("b ")).startsWith("b OK");
            client.sendPlain("c STATUS INBOX (MESSAGES)\r\n");
            assertThat(client.plainUntil("* STATUS")).isEqualTo("* STATUS INBOX (MESSAGES 2)");
            assertThat(client.plainUntil("c ")).startsWith("c OK");
        }
    }

    @Test
    void aStreamThatIsFinishedIsFollowedByPlainCommands() throws IOException {
        try (var client = client()) {
            client.out.write("a UNAUTHENTICATE\r\n".getBytes(StandardCharsets.UTF_8));
            client.out.finish();
            assertThat(client.line()).isEqualTo("a OK UNAUTHENTICATE completed");
            client.skipFlush();
            client.sendPlain("b LOGIN alice secret\r\nc COMPRESS DEFLATE\r\n");
            assertThat(client.plainUntil("b ")).startsWith("b OK");
            assertThat(client.plainUntil("c ")).isEqualTo("c OK DEFLATE active");
        }
    }

    /// The flush of the client may come in pieces.
    @Test
    void theEndOfAFlushMayComeLate() throws IOException {
        try (var client = client()) {
            var deflater = new Deflater(9, true);
            deflater.setInput("a UNAUTHENTICATE\r\n".getBytes(StandardCharsets.UTF_8));
            var bytes = new byte[200];
            int count = deflater.deflate(bytes, 0, bytes.length, Deflater.SYNC_FLUSH);
            client.plainOut.write(bytes, 0, count - 3);
            assertThat(client.line()).isEqualTo("a OK UNAUTHENTICATE completed");
            client.skipFlush();
            client.plainOut.write(bytes, count - 3, 3);
            client.sendPlain("b LOGIN alice secret\r\n");
            assertThat(client.plainUntil("b ")).startsWith("b OK");
        }
    }

    /// Limits count what comes out: a line of a gigabyte is a few megabytes on the wire, and is not read to its end.
    @Test
    void aLineWithoutEndIsNotExpanded() throws IOException {
        try (var client = client()) {
            var piece = "x".repeat(1 << 20);
            try {
                for (int i = 0; i < 1000; i++) {
                    client.send(piece);
                }
                assertThat(client.line()).isEqualTo("never");
            } catch (IOException closed) {
                assertThat(closed).isInstanceOfAny(EOFException.class, SocketException.class);
            }
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"AAAAAAAAAAAAAAAAAAAA", "\u0007\u0007", "\u0003\u0000"})
    void whatIsNoDeflateEndsTheConnection(String garbage) throws IOException {
        try (var client = client()) {
            client.plainOut.write(garbage.getBytes(StandardCharsets.ISO_8859_1));
            assertThat(client.line()).isEqualTo("* BYE Broken compression");
        }
    }

    @Test
    void onlyDeflateIsKnownAndOnlyAfterLogin() throws IOException {
        try (var wire = Wire.connect(server.address())) {
            wire.line();
            assertThat(wire.send("a COMPRESS DEFLATE").line()).isEqualTo("a BAD COMPRESS not allowed now");
            wire.send("b LOGIN alice secret").line();
            wire.line();
            assertThat(wire.send("c COMPRESS GZIP").line()).isEqualTo("c NO Only DEFLATE is known");
            assertThat(wire.send("d COMPRESS").line()).startsWith("d BAD ");
            assertThat(wire.send("e COMPRESS DEFLATE now").line()).startsWith("e BAD ");
            assertThat(wire.send("f NOOP").line()).startsWith("f OK");
        }
    }

    /// Over TLS the compressed stream is what is encrypted.
    @Test
    void overTlsAsWell() throws IOException {
        try (var wire = Wire.connect(server.address())) {
            wire.line();
            wire.send("s STARTTLS").line();
            wire.startTls();
            wire.send("a LOGIN alice secret").line();
            wire.line();
            assertThat(wire.send("b COMPRESS DEFLATE").line()).isEqualTo("b OK DEFLATE active");
            var deflater = new Deflater(9, true);
            var command = "c NOOP\r\n".getBytes(StandardCharsets.US_ASCII);
            deflater.setInput(command);
            var sent = new byte[100];
            int length = deflater.deflate(sent, 0, sent.length, Deflater.SYNC_FLUSH);
            wire.raw(Arrays.copyOf(sent, length));
            var answer = new Inflater(true);
            var expected = "c OK Nothing done\r\n";
            var got = new byte[expected.length()];
            int filled = 0;
            while (filled < got.length) {
                try {
                    filled += answer.inflate(got, filled, got.length - filled);
                } catch (DataFormatException e) {
                    throw new IOException(e);
                }
                if (filled < got.length && answer.needsInput()) {
                    answer.setInput(new byte[] {wire.octet()});
                }
            }
            assertThat(new String(got, StandardCharsets.US_ASCII)).isEqualTo(expected);
        }
    }
}
