package org.pintail.system;

import java.io.BufferedInputStream;
import java.io.ByteArrayOutputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;

/// A client of a line protocol that sends and reads bytes and knows nothing else.
final class LineClient implements AutoCloseable {
    private static final int TIMEOUT_MILLIS = 30_000;
    private final Socket socket;
    private final InputStream in;

    public LineClient(InetSocketAddress server) throws IOException {
        socket = new Socket();
        socket.connect(server, TIMEOUT_MILLIS);
        socket.setSoTimeout(TIMEOUT_MILLIS);
        in = new BufferedInputStream(socket.getInputStream());
    }

    /// Sends a line, CRLF added.
    public void send(String line) throws IOException {
        send((line + "\r\n").getBytes(StandardCharsets.UTF_8));
    }

    public void send(byte[] bytes) throws IOException {
        socket.getOutputStream().write(bytes);
        socket.getOutputStream().flush();
    }

    /// The next line without its line break.
    public String read() throws IOException {
        var line = new ByteArrayOutputStream();
        for (int b = in.read(); b != '\n'; b = in.read()) {
            if (b < 0) {
                throw new EOFException("closed after \"" + line + "\"");
            }
            if (b != '\r') {
                line.write(b);
            }
        }
        return line.toString(StandardCharsets.UTF_8);
    }

    public byte[] read(int length) throws IOException {
        var bytes = in.readNBytes(length);
        if (bytes.length < length) {
            throw new EOFException("closed after " + bytes.length + " of " + length + " bytes");
        }
        return bytes;
    }

    /// IMAP: sends a command and reads up to its tagged reply, which is the last line. Literals are left out.
    public List<String> imap(String command) throws IOException {
        send("x " + command);
        var lines = new ArrayList<String>();
        while (true) {
            var line = read();
            lines.add(line);
            if (line.startsWith("x ")) {
                return lines;
            }
            if (line.endsWith("}")) {
                read(literal(line));
            }
        }
    }

    /// IMAP: sends a command and gives its first literal.
    public byte[] imapLiteral(String command) throws IOException {
        send("x " + command);
        byte[] found = null;
        while (true) {
            var line = read();
            if (line.endsWith("}")) {
                var bytes = read(literal(line));
                found = found == null ? bytes : found;
            } else if (line.startsWith("x ")) {
                if (found == null) {
                    throw new IOException("no literal: " + line);
                }
                return found;
            }
        }
    }

    private static int literal(String line) {
        return Integer.parseInt(line.substring(line.lastIndexOf('{') + 1, line.length() - 1));
    }

    /// POP3: the lines after a positive reply up to the one with a dot, unstuffed, as they came.
    public byte[] popLines(String command) throws IOException {
        send(command);
        var reply = read();
        if (!reply.startsWith("+OK")) {
            throw new IOException(reply);
        }
        var out = new ByteArrayOutputStream();
        while (true) {
            var line = new ByteArrayOutputStream();
            for (int b = in.read(); ; b = in.read()) {
                if (b < 0) {
                    throw new EOFException("closed within a reply");
                }
                line.write(b);
                if (b == '\n') {
                    break;
                }
            }
            var bytes = line.toByteArray();
            if (bytes.length == 3 && bytes[0] == '.' && bytes[1] == '\r') {
                return out.toByteArray();
            }
            int from = bytes[0] == '.' ? 1 : 0;
            out.write(bytes, from, bytes.length - from);
        }
    }

    @Override
    public void close() throws IOException {
        socket.close();
    }
}
