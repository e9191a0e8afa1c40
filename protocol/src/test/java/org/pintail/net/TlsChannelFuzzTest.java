package org.pintail.net;

import static org.assertj.core.api.Assertions.assertThat;

import com.code_intelligence.jazzer.junit.FuzzTest;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.util.Arrays;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.SSLEngineResult.HandshakeStatus;
import javax.net.ssl.SSLException;
import javax.net.ssl.TrustManager;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.pintail.certificate.TestCertificates;

/// The server's end of TLS against anything: any bytes (the first one odd), or a real client whose records are changed on their way (even).
/// What is read is the beginning of what the client said, whatever somebody in the middle did; nothing but `IOException` comes of it.
class TlsChannelFuzzTest {
    private static final int RECORD = 20_000;
    private static final byte[] SAID = "0123456789abcdef\r\n".repeat(2000).getBytes(StandardCharsets.US_ASCII);

    @RegisterExtension
    static final Rehearsal REHEARSAL = new Rehearsal();

    private static final SSLContext CLIENT = client();
    private static final TlsBuffers BUFFERS = new TlsBuffers();

    private static SSLContext client() {
        try {
            var directory = REHEARSAL.directory().resolve("tls");
            var certificate = Identity.read(new Tls.Pem(directory.resolve("certificate.pem"), directory.resolve("key.pem"))).chain().getFirst();
            var context = SSLContext.getInstance("TLS");
            context.init(null, new TrustManager[] {TestCertificates.trusting(certificate)}, null);
            return context;
        } catch (IOException | GeneralSecurityException e) {
            throw new AssertionError(e);
        }
    }

    @FuzzTest
    void whatIsReadIsWhatTheClientSaid(byte @Nullable [] bytes) throws SSLException {
        if (bytes == null || bytes.length == 0) {
            return;
        }
        var rest = Arrays.copyOfRange(bytes, 1, bytes.length);
        var answers = new ByteArrayOutputStream();
        if (bytes[0] % 2 != 0) {
            assertThat(serve(new ByteArrayInputStream(rest), answers)).isEmpty();
            return;
        }
        var client = new Client(bytes[0] % 4 == 0 ? "TLSv1.3" : "TLSv1.2", rest);
        var got = serve(client.input(), client.output());
        assertThat(got).isEqualTo(Arrays.copyOf(SAID, got.length));
        if (!client.changed()) {
            assertThat(got).hasSameSizeAs(SAID);
        }
    }

    /// Says everything back; returns what came.
    private static byte[] serve(InputStream in, OutputStream out) {
        var got = new ByteArrayOutputStream();
        var engine = REHEARSAL.tls().context().createSSLEngine("127.0.0.1", 40_000);
        engine.setUseClientMode(false);
        var channel = new TlsChannel(engine, in, out, BUFFERS);
        try {
            channel.handshake();
            var block = new byte[1000];
            for (int count = channel.read(block, 0, block.length); count > 0; count = channel.read(block, 0, block.length)) {
                got.write(block, 0, count);
                channel.write(block, 0, count);
            }
            channel.close();
        } catch (IOException ended) {
            assertThat(ended).hasMessageNotContaining("null");
        }
        return got.toByteArray();
    }

    /// A client that says [#SAID] and goodbye. Its bytes pass through somebody who reads the script: so many pass, then one is changed, lost, put
    /// in or sent twice, or the read ends there; where the script ends the rest passes.
    private static final class Client {
        private final SSLEngine engine;
        private final byte[] script;
        private final ByteBuffer said = ByteBuffer.wrap(SAID);
        private byte[] ready = {};
        private int at;
        private byte[] fromServer = {};
        private int next;
        private boolean changed;

        Client(String version, byte[] script) {
            this.engine = CLIENT.createSSLEngine("localhost", 993);
            this.script = script;
            engine.setUseClientMode(true);
            engine.setEnabledProtocols(new String[] {version});
        }

        boolean changed() {
            return changed;
        }

        OutputStream output() {
            return new OutputStream() {
                @Override
                public void write(int b) {
                    write(new byte[] {(byte) b}, 0, 1);
                }

                @Override
                public void write(byte[] bytes, int from, int length) {
                    int before = fromServer.length;
                    fromServer = Arrays.copyOf(fromServer, before + length);
                    System.arraycopy(bytes, from, fromServer, before, length);
                }
            };
        }

        InputStream input() {
            return new InputStream() {
                @Override
                public int read() throws IOException {
                    var one = new byte[1];
                    return read(one, 0, 1) < 0 ? -1 : one[0] & 0xff;
                }

                @Override
                public int read(byte[] into, int from, int length) throws IOException {
                    while (at == ready.length) {
                        if (!step()) {
                            return -1;
                        }
                    }
                    return pass(into, from, length);
                }
            };
        }

        /// Does what the client can do now; false when there is nothing.
        private boolean step() throws SSLException {
            boolean did = listen();
            var record = ByteBuffer.allocate(RECORD);
            if (!said.hasRemaining() && engine.getHandshakeStatus() == HandshakeStatus.NOT_HANDSHAKING) {
                engine.closeOutbound();
            }
            if (engine.getHandshakeStatus() != HandshakeStatus.NEED_UNWRAP && !engine.isOutboundDone()) {
                did |= engine.wrap(said, record).bytesProduced() > 0;
            }
            ready = Arrays.copyOf(record.array(), record.position());
            at = 0;
            return did;
        }

        private boolean listen() throws SSLException {
            boolean did = false;
            var source = ByteBuffer.wrap(fromServer);
            while (source.hasRemaining() || engine.getHandshakeStatus() == HandshakeStatus.NEED_TASK) {
                for (var task = engine.getDelegatedTask(); task != null; task = engine.getDelegatedTask()) {
                    task.run();
                }
                int before = source.position();
                engine.unwrap(source, ByteBuffer.allocate(RECORD));
                if (source.position() == before) {
                    break;
                }
                did = true;
            }
            fromServer = Arrays.copyOfRange(fromServer, source.position(), fromServer.length);
            return did;
        }

        private int pass(byte[] into, int from, int length) {
            int count = Math.min(length, ready.length - at);
            if (next + 3 > script.length) {
                System.arraycopy(ready, at, into, from, count);
                at += count;
                return count;
            }
            int skip = (script[next] & 0xff) << 4;
            count = Math.min(count, skip + 1);
            System.arraycopy(ready, at, into, from, count);
            at += count;
            if (count < skip + 1) {
                script[next] = (byte) ((skip - count) >> 4);
                return count;
            }
            change(into, from + count - 1, script[next + 1], script[next + 2]);
            next += 3;
            return count;
        }

        private void change(byte[] into, int last, byte kind, byte value) {
            switch (kind & 3) {
                case 0 -> {
                    into[last] ^= value;
                    changed |= value != 0;
                }
                case 1 -> {
                    changed |= at < ready.length;
                    at = Math.min(ready.length, at + 1 + (value & 0x7f)); // lost
                }
                case 2 -> {
                    changed = true;
                    at = Math.max(0, at - 1 - (value & 0x7f)); // sent twice
                }
                default -> {
                    // nothing but the end of a read
                }
            }
        }
    }
}
