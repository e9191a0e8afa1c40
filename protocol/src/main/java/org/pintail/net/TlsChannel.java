package org.pintail.net;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.concurrent.locks.ReentrantLock;
import javax.net.ssl.ExtendedSSLSession;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.SSLEngineResult;
import javax.net.ssl.SSLEngineResult.HandshakeStatus;
import javax.net.ssl.SSLEngineResult.Status;
import javax.net.ssl.SSLException;
import javax.net.ssl.SSLHandshakeException;
import org.jspecify.annotations.Nullable;

/// The server's end of TLS over the streams of a socket. A connection whose client is silent holds the engine and 256 bytes here; an `SSLSocket`
/// keeps its buffers. One thread reads; those that write take turns; reading and writing go on beside each other. What the engine itself has to say (a
/// flight of the handshake is several records, and a session ticket follows it) goes in one piece: with the next bytes to be written, or before
/// the next wait for the client.
final class TlsChannel {
    private static final int SMALLEST = 256;
    private static final int LARGEST = TlsBuffers.SIZE + 2048; // a record of another implementation may be expanded by that much
    private static final ByteBuffer NOTHING = ByteBuffer.allocate(0);
    private final SSLEngine engine;
    private final InputStream in;
    private final OutputStream out;
    private final TlsBuffers buffers;
    private final ReentrantLock writing = new ReentrantLock();
    /// What the engine has said and nobody has written, null where that is nothing. Only who has `writing` changes it.
    private volatile @Nullable ByteArrayOutputStream held;
    /// What has arrived and is not decrypted, from `at` to `filled`.
    private byte[] arrived = new byte[SMALLEST];
    private int at;
    private int filled;
    /// What is decrypted and was not asked for yet: of a record larger than the reader's buffer.
    private @Nullable ByteBuffer plain;

    TlsChannel(SSLEngine engine, InputStream in, OutputStream out, TlsBuffers buffers) {
        this.engine = engine;
        this.in = in;
        this.out = out;
        this.buffers = buffers;
    }

    ExtendedSSLSession session() {
        return (ExtendedSSLSession) engine.getSession();
    }

    /// Throws `SSLException` when there is no common ground; the client is told which.
    void handshake() throws IOException {
        try {
            engine.beginHandshake();
            while (proceed()) {
                if (unwrap(NOTHING.duplicate()) < 0) {
                    throw new SSLHandshakeException("the client left during the handshake");
                }
            }
        } catch (SSLException failed) {
            tellWhy(failed);
            throw failed;
        }
    }

    /// Does what is the server's turn. True when something of the client's has to come first.
    private boolean proceed() throws IOException {
        while (true) {
            switch (engine.getHandshakeStatus()) {
                case NEED_TASK -> {
                    for (var task = engine.getDelegatedTask(); task != null; task = engine.getDelegatedTask()) {
                        task.run();
                    }
                }
                case NEED_WRAP -> hold();
                case NEED_UNWRAP, NEED_UNWRAP_AGAIN -> {
                    return true;
                }
                case FINISHED, NOT_HANDSHAKING -> {
                    return false;
                }
            }
        }
    }

    /// The alert that the engine has ready, if it has one.
    private void tellWhy(SSLException failed) {
        try {
            for (int i = 0; i < 2 && engine.getHandshakeStatus() == HandshakeStatus.NEED_WRAP; i++) {
                hold();
            }
            writeHeld();
        } catch (IOException gone) {
            failed.addSuppressed(gone);
        }
    }

    /// At least one byte, or -1 at the end. A stream that ends without close_notify has ended all the same: protocols of lines notice what is
    /// missing.
    int read(byte[] into, int from, int length) throws IOException {
        var target = ByteBuffer.wrap(into, from, length);
        while (true) {
            var left = plain;
            if (left != null) {
                int count = Math.min(length, left.remaining());
                left.get(into, from, count);
                if (!left.hasRemaining()) {
                    plain = null;
                    buffers.give(left);
                }
                return count;
            }
            int got = unwrap(target);
            if (got != 0) {
                return got;
            }
        }
    }

    /// Decrypts one record; what it says of the connection itself is answered. The number of bytes put into `target`, which is 0 where there is no
    /// room for the record and it went to `plain`, or -1 at the end.
    private int unwrap(ByteBuffer target) throws IOException {
        int before = target.position();
        while (true) {
            if (at == filled && !receive()) {
                return -1;
            }
            var result = step(target);
            switch (result.getStatus()) {
                case BUFFER_OVERFLOW -> {
                    return unwrapAside();
                }
                case BUFFER_UNDERFLOW -> {
                    if (!receive()) {
                        return -1;
                    }
                }
                case CLOSED -> {
                    return -1;
                }
                case OK -> {
                    return target.position() - before;
                }
            }
        }
    }

    /// JSSE asks for room before it has seen the whole record, so that more may have to come first.
    private int unwrapAside() throws IOException {
        var aside = buffers.take();
        var result = step(aside);
        while (result.getStatus() == Status.BUFFER_UNDERFLOW && receive()) {
            result = step(aside);
        }
        aside.flip();
        if (aside.hasRemaining()) {
            plain = aside;
            return 0;
        }
        buffers.give(aside);
        if (result.getStatus() == Status.BUFFER_OVERFLOW) {
            throw new SSLException("a record longer than TLS allows");
        }
        return result.getStatus() == Status.OK ? 0 : -1;
    }

    private SSLEngineResult step(ByteBuffer target) throws IOException {
        var source = ByteBuffer.wrap(arrived, at, filled - at);
        var result = engine.unwrap(source, target);
        at = source.position();
        if (result.getStatus() == Status.OK && result.getHandshakeStatus() != HandshakeStatus.NOT_HANDSHAKING) {
            proceed();
        }
        return result;
    }

    /// Waits for more. The buffer grows while reads fill it, and is small again when all was taken.
    private boolean receive() throws IOException {
        if (at == filled) {
            if (filled == arrived.length && arrived.length < LARGEST) {
                arrived = new byte[Math.min(LARGEST, arrived.length * 4)];
            } else if (arrived.length > SMALLEST && filled < SMALLEST) {
                arrived = new byte[SMALLEST];
            }
            at = 0;
            filled = 0;
        } else if (at > 0) {
            System.arraycopy(arrived, at, arrived, 0, filled - at);
            filled -= at;
            at = 0;
        } else if (filled == arrived.length) {
            if (arrived.length == LARGEST) {
                throw new SSLException("a record longer than TLS allows");
            }
            arrived = Arrays.copyOf(arrived, Math.min(LARGEST, arrived.length * 4));
        }
        writeHeld();
        int count = in.read(arrived, filled, arrived.length - filled);
        filled += Math.max(0, count);
        return count > 0;
    }

    void write(byte[] bytes, int from, int length) throws IOException {
        if (length > 0) {
            send(ByteBuffer.wrap(bytes, from, length));
        }
    }

    private void send(ByteBuffer source) throws IOException {
        writing.lock();
        try {
            var record = buffers.take();
            try {
                while (source.hasRemaining()) {
                    var result = engine.wrap(source, record.clear());
                    write(record);
                    boolean stuck = result.bytesConsumed() == 0 && result.bytesProduced() == 0 && result.getHandshakeStatus() != HandshakeStatus.NEED_TASK;
                    if (source.hasRemaining() && (stuck || result.getStatus() != Status.OK)) {
                        throw new SSLException("cannot send: " + result.getStatus() + ", " + result.getHandshakeStatus());
                    }
                    if (result.getHandshakeStatus() == HandshakeStatus.NEED_TASK && source.hasRemaining()) {
                        proceed();
                    }
                }
                out.flush();
            } finally {
                buffers.give(record);
            }
        } finally {
            writing.unlock();
        }
    }

    /// After what is held. Only for who has `writing`.
    private void write(ByteBuffer record) throws IOException {
        var before = held;
        if (before == null) {
            out.write(record.array(), 0, record.position());
            return;
        }
        before.write(record.array(), 0, record.position());
        writeHeld();
    }

    /// The next record of what the engine wants to say.
    private void hold() throws SSLException {
        writing.lock();
        try {
            var record = buffers.take();
            try {
                engine.wrap(NOTHING.duplicate(), record);
                var all = held == null ? new ByteArrayOutputStream() : held;
                all.write(record.array(), 0, record.position());
                held = all;
            } finally {
                buffers.give(record);
            }
        } finally {
            writing.unlock();
        }
    }

    private void writeHeld() throws IOException {
        if (held == null) {
            return;
        }
        writing.lock();
        try {
            var all = held;
            held = null;
            if (all != null) { // nobody else has written it
                all.writeTo(out);
                out.flush();
            }
        } finally {
            writing.unlock();
        }
    }

    /// Says close_notify, unless somebody is writing: who closes does not wait for a client that does not read.
    void close() throws IOException {
        if (!writing.tryLock()) {
            return;
        }
        try {
            engine.closeOutbound();
            for (int i = 0; i < 2 && !engine.isOutboundDone(); i++) {
                hold();
            }
            writeHeld();
        } finally {
            writing.unlock();
        }
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
                return length == 0 ? 0 : TlsChannel.this.read(into, from, length);
            }
        };
    }

    OutputStream output() {
        return new OutputStream() {
            @Override
            public void write(int b) throws IOException {
                write(new byte[] {(byte) b}, 0, 1);
            }

            @Override
            public void write(byte[] bytes, int from, int length) throws IOException {
                TlsChannel.this.write(bytes, from, length);
            }
        };
    }
}
