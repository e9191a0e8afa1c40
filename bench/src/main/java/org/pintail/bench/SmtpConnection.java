package org.pintail.bench;

import java.io.BufferedInputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/// Just enough of the dialogue that SMTP and LMTP share: commands, replies, a message.
final class SmtpConnection implements AutoCloseable {
    private static final byte[] END = ".\r\n".getBytes(StandardCharsets.US_ASCII);
    private final Socket socket = new Socket();
    private final InputStream in;
    private final OutputStream out;

    /// Connects and reads the greeting.
    SmtpConnection(int port) throws IOException {
        socket.connect(Ports.local(port));
        socket.setTcpNoDelay(true);
        in = new BufferedInputStream(socket.getInputStream(), 1024);
        out = socket.getOutputStream();
        expect(220);
    }

    /// Sends a line, CRLF added, and reads its reply.
    void command(String line, int code) throws IOException {
        write(line + "\r\n");
        expect(code);
    }

    void write(String text) throws IOException {
        out.write(text.getBytes(StandardCharsets.US_ASCII));
    }

    /// After 354. `message` must end in CRLF and have no line that begins with a dot.
    void message(byte[] message) throws IOException {
        var whole = Arrays.copyOf(message, message.length + END.length);
        System.arraycopy(END, 0, whole, message.length, END.length);
        out.write(whole);
        expect(250);
    }

    /// Reads a reply to its last line. Throws `IOException` when it is another one.
    void expect(int code) throws IOException {
        while (true) {
            var line = line();
            if (line.length() > 3 && line.charAt(3) == '-') {
                continue;
            }
            if (!line.startsWith(Integer.toString(code))) {
                throw new IOException("expected " + code + ", found " + line);
            }
            return;
        }
    }

    private String line() throws IOException {
        var line = new StringBuilder();
        for (int b = in.read(); b != '\n'; b = in.read()) {
            if (b < 0) {
                throw new EOFException("the server left");
            }
            line.append((char) b);
        }
        return line.toString();
    }

    @Override
    public void close() throws IOException {
        try (socket) {
            command("QUIT", 221);
        }
    }
}
