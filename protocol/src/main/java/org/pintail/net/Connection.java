package org.pintail.net;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.time.Duration;

/// One accepted connection. One thread reads; writes may come from another thread if the callers agree on an order among themselves.
/// Writes gather in a buffer until [#flush]. Reads time out with `SocketTimeoutException`; an end of stream in the middle of a line or literal
/// is `EOFException`.
public final class Connection implements AutoCloseable {
    Connection() {}

    /// 16 lower-case base32 characters, for greetings and logs.
    public String session() {
        throw new UnsupportedOperationException();
    }

    /// The client, after PROXY if there was one.
    public InetSocketAddress remote() {
        throw new UnsupportedOperationException();
    }

    /// Client address as text, IPv4-mapped addresses as IPv4.
    public String remoteIp() {
        throw new UnsupportedOperationException();
    }

    public InetSocketAddress local() {
        throw new UnsupportedOperationException();
    }

    /// TLS is on.
    public boolean secure() {
        throw new UnsupportedOperationException();
    }

    /// `TLSv1.3`, and `TLS_AES_256_GCM_SHA384`; "" without TLS.
    public String tlsVersion() {
        throw new UnsupportedOperationException();
    }

    public String tlsCipher() {
        throw new UnsupportedOperationException();
    }

    /// TLS is on, or the client is on this machine: passwords may be taken in clear.
    public boolean passwordsAllowed() {
        throw new UnsupportedOperationException();
    }

    /// STARTTLS can be offered: not secure yet and a certificate is there.
    public boolean canStartTls() {
        throw new UnsupportedOperationException();
    }

    /// Handshakes as server after everything written so far was flushed. Bytes that the client sent before its handshake are thrown away
    /// (RFC 3207 §4.2, RFC 9051 §6.2.1).
    public void startTls() throws IOException {
        throw new UnsupportedOperationException();
    }

    /// Time allowed for each read from now on.
    public void timeout(Duration perRead) {
        throw new UnsupportedOperationException();
    }

    /// Next byte, or -1 at the end of stream.
    public int read() throws IOException {
        throw new UnsupportedOperationException();
    }

    /// At least one byte into `into`, or -1 at the end.
    public int read(byte[] into, int from, int length) throws IOException {
        throw new UnsupportedOperationException();
    }

    /// The next line without its CRLF (or LF), as bytes; null at the end of stream. A line longer than `limit` bytes is read to its end and
    /// thrown away, and reported by [LineTooLong].
    public byte @org.jspecify.annotations.Nullable [] readLine(int limit) throws IOException {
        throw new UnsupportedOperationException();
    }

    /// Bytes that can be read without waiting: more commands are there, so a flush can wait.
    public int buffered() {
        throw new UnsupportedOperationException();
    }

    public void write(byte[] bytes) throws IOException {
        write(bytes, 0, bytes.length);
    }

    public void write(byte[] bytes, int from, int length) throws IOException {
        throw new UnsupportedOperationException();
    }

    /// `text` as UTF-8.
    public void write(String text) throws IOException {
        throw new UnsupportedOperationException();
    }

    public void flush() throws IOException {
        throw new UnsupportedOperationException();
    }

    /// The server is going down: finish what runs, then leave.
    public boolean draining() {
        throw new UnsupportedOperationException();
    }

    @Override
    public void close() {
        throw new UnsupportedOperationException();
    }
}
