package org.pintail.net;

import java.io.ByteArrayInputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.SequenceInputStream;
import java.net.Inet6Address;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.SocketTimeoutException;
import java.nio.charset.StandardCharsets;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.util.Arrays;
import java.util.Optional;
import javax.net.ssl.SSLException;
import javax.net.ssl.SSLPeerUnverifiedException;
import org.jspecify.annotations.Nullable;

/// One accepted connection. One thread reads; writes may come from another thread if the callers agree on an order among themselves.
/// Writes gather in a buffer until [#flush]; there is no other queue, so a client that does not read holds up its own thread only, and not for
/// longer than the [Listener] lets it. Reads time out with `SocketTimeoutException` ([Listener] looks for those that wait too long: a time-out of
/// the socket's own costs every read a timer, and every silent client one); an end of stream in the middle of a line or literal is `EOFException`.
public final class Connection implements AutoCloseable {
    /// A client that is silent holds a buffer of this size, to be read into, and no other.
    private static final int SMALLEST = 256;
    private static final byte[] NONE = {};
    private static final int LARGEST = 16 * 1024;
    private static final int ENDLESS = 1 << 20;
    private final Tls tls;
    private final Listener listener;
    private final String session;
    private final Socket socket;
    private InputStream in;
    private OutputStream out;
    private InetSocketAddress remote;
    private InetSocketAddress local;
    private @Nullable TlsChannel secured;
    private @Nullable DeflatedOutput deflated;
    private @Nullable InflatedInput inflated;
    private boolean compressed;
    private volatile boolean waiting;
    /// `System.nanoTime()` when the write that is going on began; 0 while nobody writes.
    private volatile long writingSince;
    /// `System.nanoTime()` when the read that is going on has to end; 0 while nobody reads.
    private volatile long readingUntil;
    private volatile long patience = Long.MAX_VALUE / 2; // nanoseconds a read may take
    private volatile boolean timedOut;
    private volatile @Nullable Runnable quiet;
    private byte[] input = new byte[SMALLEST];
    private int at;
    private int filled;
    private byte[] output = NONE;
    private int pending;

    Connection(Socket socket, Listener listener, Tls tls, String session) throws IOException {
        this.socket = socket;
        this.listener = listener;
        this.tls = tls;
        this.session = session;
        this.in = socket.getInputStream();
        this.out = socket.getOutputStream();
        this.remote = (InetSocketAddress) socket.getRemoteSocketAddress();
        this.local = (InetSocketAddress) socket.getLocalSocketAddress();
    }

    /// 16 lower-case base32 characters, for greetings and logs.
    public String session() {
        return session;
    }

    /// The client, after PROXY if there was one.
    public InetSocketAddress remote() {
        return remote;
    }

    /// Client address as text, IPv4-mapped addresses as IPv4.
    public String remoteIp() {
        var address = remote.getAddress();
        if (address == null) {
            return remote.getHostString();
        }
        var text = address.getHostAddress();
        int scope = address instanceof Inet6Address ? text.indexOf('%') : -1;
        return scope < 0 ? text : text.substring(0, scope);
    }

    public InetSocketAddress local() {
        return local;
    }

    void proxied(InetSocketAddress client, InetSocketAddress server) {
        remote = client;
        local = server;
    }

    /// TLS is on.
    public boolean secure() {
        return secured != null;
    }

    /// `TLSv1.3`, and `TLS_AES_256_GCM_SHA384`; "" without TLS.
    public String tlsVersion() {
        return secured == null ? "" : secured.session().getProtocol();
    }

    public String tlsCipher() {
        return secured == null ? "" : secured.session().getCipherSuite();
    }

    /// Keying material of this TLS connection (RFC 8446 §7.5); empty before TLS 1.3.
    public Optional<byte[]> exportedKey(String label, int length) {
        if (secured == null || !tlsVersion().equals("TLSv1.3")) {
            return Optional.empty();
        }
        try {
            return Optional.of(secured.session().exportKeyingMaterialData(label, new byte[0], length));
        } catch (SSLException | UnsupportedOperationException notExported) {
            return Optional.empty(); // a TLS provider that cannot: channel binding of this type is not offered
        }
    }

    /// The certificate this connection was secured with.
    public Optional<X509Certificate> serverCertificate() {
        var chain = secured == null ? null : secured.session().getLocalCertificates();
        return chain != null && chain.length > 0 && chain[0] instanceof X509Certificate own ? Optional.of(own) : Optional.empty();
    }

    /// The certificate of the client, checked against the authorities clients are trusted from; empty where it has shown none.
    public Optional<X509Certificate> clientCertificate() {
        if (secured == null || !tls.asksClients()) {
            return Optional.empty();
        }
        try {
            return secured.session().getPeerCertificates()[0] instanceof X509Certificate theirs ? Optional.of(theirs) : Optional.empty();
        } catch (SSLPeerUnverifiedException none) {
            return Optional.empty(); // clients need not have one
        }
    }

    /// TLS is on, or the client is on this machine: passwords may be taken in clear.
    public boolean passwordsAllowed() {
        return secure() || remote.getAddress() != null && remote.getAddress().isLoopbackAddress();
    }

    /// STARTTLS can be offered: not secure yet, and nothing above TLS has begun.
    public boolean canStartTls() {
        return !secure() && !compressed();
    }

    /// Handshakes as server after everything written so far was flushed. Bytes that the client sent before its handshake are thrown away
    /// (RFC 3207 §4.2, RFC 9051 §6.2.1).
    public void startTls() throws IOException {
        flush();
        at = 0;
        filled = 0;
        var channel = tls.channel(socket, in, out);
        timed(() -> {
            channel.handshake();
            return 0;
        });
        secured = channel;
        in = channel.input();
        out = channel.output();
    }

    /// Both directions are compressed from here on (RFC 4978), after everything written so far was flushed. What the client has sent ahead is
    /// taken for compressed.
    public void compress() throws IOException {
        flush();
        var ahead = new ByteArrayInputStream(Arrays.copyOfRange(input, at, filled));
        at = 0;
        filled = 0;
        inflated = new InflatedInput(ahead.available() == 0 ? in : new SequenceInputStream(ahead, in));
        deflated = new DeflatedOutput(out, listener.deflaters());
        in = inflated;
        out = deflated;
        compressed = true;
    }

    /// Neither direction is compressed any more (RFC 8437 §4.1), after everything written so far was flushed.
    public void endCompression() throws IOException {
        flush();
        if (compressed && inflated != null && deflated != null) {
            in = inflated.rest();
            out = deflated.under();
            compressed = false;
        }
    }

    public boolean compressed() {
        return compressed;
    }

    /// Time allowed for each read from now on, and for a handshake; kept to within [Listener#SWEEP].
    public void timeout(Duration perRead) {
        patience = Math.clamp(perRead.toNanos(), 1, Long.MAX_VALUE / 2);
    }

    /// A read from the client.
    private interface Read {
        int get() throws IOException;
    }

    private int timed(Read read) throws IOException {
        readingUntil = System.nanoTime() + patience | 1;
        try {
            int count = read.get();
            if (count <= 0 && timedOut) {
                throw new SocketTimeoutException("nothing came");
            }
            return count;
        } catch (IOException e) {
            if (timedOut && !(e instanceof SocketTimeoutException)) {
                var late = new SocketTimeoutException("nothing came");
                late.initCause(e);
                throw late;
            }
            throw e;
        } finally {
            readingUntil = 0;
        }
    }

    /// For the one who looks after reads from time to time: ends one that takes too long, or tells whoever wants to know of that.
    void lookAfter(long now) {
        long until = readingUntil;
        if (until == 0 || now - until < 0) {
            return;
        }
        var told = quiet;
        if (told == null) {
            giveUp();
        } else {
            readingUntil = now + patience | 1;
            Thread.ofVirtual().name("quiet-" + session).start(told);
        }
    }

    /// The read that is going on, or the next, has timed out; nothing is read any more. Any thread may call this.
    public void giveUp() {
        timedOut = true;
        try {
            socket.shutdownInput();
        } catch (IOException gone) {
            abort(); // the client was faster
        }
    }

    /// Next byte, or -1 at the end of stream.
    public int read() throws IOException {
        return at < filled || fill() ? input[at++] & 0xff : -1;
    }

    /// At least one byte into `into`, or -1 at the end.
    public int read(byte[] into, int from, int length) throws IOException {
        if (at == filled) {
            if (length >= LARGEST) {
                return timed(() -> in.read(into, from, length));
            }
            if (!fill()) {
                return -1;
            }
        }
        int count = Math.min(length, filled - at);
        System.arraycopy(input, at, into, from, count);
        at += count;
        return count;
    }

    /// Takes what it wants of the bytes from `from` to `to`, and says how many those were.
    public interface Taker {
        int take(byte[] bytes, int from, int to) throws IOException;
    }

    /// Shows `taker` what has arrived, waiting when nothing has; what it leaves stays to be read. False at the end of stream.
    public boolean read(Taker taker) throws IOException {
        if (at == filled && !fill()) {
            return false;
        }
        at += taker.take(input, at, filled);
        return true;
    }

    /// The next line without its CRLF (or LF), as bytes; null at the end of stream. A line longer than `limit` bytes is read to its end and
    /// thrown away, and reported by [LineTooLong]; one that goes on for [#ENDLESS] bytes more is the end of the connection.
    public byte @Nullable [] readLine(int limit) throws IOException {
        return readLine(limit, _ -> limit);
    }

    /// What a line may have that is longer than most, told by its beginning.
    public interface LongLine {
        int limit(byte[] beginning);
    }

    /// As [#readLine], but for lines that may be longer: `longer` is asked once a line has more than `usual` bytes.
    public byte @Nullable [] readLine(int usual, LongLine longer) throws IOException {
        int limit = usual;
        byte[] gathered = {};
        boolean tooLong = false;
        long length = 0;
        while (true) {
            int end = at;
            while (end < filled && input[end] != '\n') {
                end++;
            }
            boolean complete = end < filled;
            length += end - at;
            if (length > limit + ENDLESS) {
                throw new EOFException("a line without end");
            }
            if (!tooLong) {
                gathered = append(gathered, (int) length, end);
                limit = length > limit ? Math.max(limit, longer.limit(gathered)) : limit;
                tooLong = length > limit + 1;
            }
            at = complete ? end + 1 : end;
            if (complete) {
                break;
            }
            if (!fill()) {
                if (length == 0) {
                    return null;
                }
                throw new EOFException("the client left in the middle of a line");
            }
        }
        int used = (int) (length > 0 && !tooLong && gathered[(int) length - 1] == '\r' ? length - 1 : length);
        if (tooLong || used > limit) {
            throw new LineTooLong(limit);
        }
        return used == gathered.length ? gathered : Arrays.copyOf(gathered, used);
    }

    /// `gathered` with what is in the buffer up to `end`, `length` bytes in all. Grows by halves: a long line is not copied at every step.
    private byte[] append(byte[] gathered, int length, int end) {
        int before = length - (end - at);
        if (before == 0) {
            return Arrays.copyOfRange(input, at, end);
        }
        var longer = length <= gathered.length ? gathered : Arrays.copyOf(gathered, length + length / 2);
        System.arraycopy(input, at, longer, before, end - at);
        return longer;
    }

    /// Waits for more. The buffer doubles when one read filled it, and is small again when the client pauses.
    private boolean fill() throws IOException {
        if (filled == input.length && input.length < LARGEST) {
            input = new byte[Math.min(LARGEST, input.length * 4)];
        } else if (input.length > SMALLEST && filled < SMALLEST / 2) {
            input = new byte[SMALLEST];
        }
        at = 0;
        filled = 0;
        int count = timed(() -> in.read(input, 0, input.length));
        filled = Math.max(0, count);
        return count > 0;
    }

    /// Waits for the next command of a client that is in the middle of nothing. False, and nothing was read, when the server goes down
    /// meanwhile; what comes after that is not read any more. True as well when the client left: the next read finds out.
    public boolean awaitCommand() throws IOException {
        if (at < filled) {
            return true;
        }
        waiting = true;
        try {
            return !listener.draining() && (fill() || !listener.draining());
        } catch (SSLException e) {
            if (listener.draining()) {
                return false;
            }
            throw e;
        } finally {
            waiting = false;
        }
    }

    /// As [#awaitCommand]; when nothing comes for the time of a read, `whenQuiet` runs (on a thread of its own) and the wait goes on.
    public boolean awaitCommand(Runnable whenQuiet) throws IOException {
        quiet = whenQuiet;
        try {
            return awaitCommand();
        } finally {
            quiet = null;
        }
    }

    /// The server goes down: a client that is waited for is not waited for any longer.
    void stopWaiting() {
        if (waiting) {
            try {
                socket.shutdownInput();
            } catch (IOException gone) {
                close(); // the client was faster
            }
        }
    }

    /// Bytes that can be read without waiting: more commands are there, so a flush can wait.
    public int buffered() {
        return filled - at;
    }

    public void write(byte[] bytes) throws IOException {
        write(bytes, 0, bytes.length);
    }

    public void write(byte[] bytes, int from, int length) throws IOException {
        if (pending + length > LARGEST) {
            drain();
            if (length > LARGEST / 2) {
                send(bytes, from, length);
                return;
            }
        }
        if (pending + length > output.length) {
            output = Arrays.copyOf(output, Math.min(LARGEST, Math.max(pending + length, Math.max(SMALLEST, output.length * 2))));
        }
        System.arraycopy(bytes, from, output, pending, length);
        pending += length;
    }

    /// `text` as UTF-8.
    public void write(String text) throws IOException {
        write(text.getBytes(StandardCharsets.UTF_8));
    }

    public void flush() throws IOException {
        drain();
        writingSince = System.nanoTime() | 1;
        try {
            out.flush();
        } finally {
            writingSince = 0;
        }
        output = NONE;
    }

    private void drain() throws IOException {
        if (pending > 0) {
            int count = pending;
            pending = 0;
            send(output, 0, count);
        }
    }

    /// In pieces: each that the client takes shows that it reads.
    private void send(byte[] bytes, int from, int length) throws IOException {
        try {
            for (int done = 0; done < length; done += LARGEST) {
                writingSince = System.nanoTime() | 1;
                out.write(bytes, from + done, Math.min(LARGEST, length - done));
            }
        } finally {
            writingSince = 0;
        }
    }

    /// The client has not taken what is written to it for so long.
    boolean stalled(Duration longest) {
        long since = writingSince;
        return since != 0 && System.nanoTime() - since > longest.toNanos();
    }

    /// Without a farewell: whoever reads or writes here gets an exception.
    void abort() {
        try {
            socket.close();
        } catch (IOException gone) {
            writingSince = 0; // a socket that cannot be closed is closed already
        }
    }

    /// The server is going down: finish what runs, then leave.
    public boolean draining() {
        return listener.draining();
    }

    /// For the thread that serves the connection, when nobody else uses it any more.
    void release() {
        close();
        if (inflated != null) {
            inflated.close();
        }
        if (deflated != null) {
            deflated.close();
        }
    }

    /// Any thread may close; the one that reads or writes gets an exception.
    @Override
    public void close() {
        try {
            var channel = secured;
            if (channel != null && writingSince == 0 && !socket.isClosed()) {
                writingSince = System.nanoTime() | 1;
                channel.close();
            }
        } catch (IOException gone) {
            pending = 0; // there is nobody to say goodbye to
        } finally {
            writingSince = 0;
            abort();
        }
    }
}
