package org.pintail.bench;

import java.io.BufferedInputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.Socket;
import java.nio.charset.StandardCharsets;

/// Just enough LMTP to deliver to one recipient at a time.
final class LmtpClient implements AutoCloseable {
    private static final byte[] END = ".\r\n".getBytes(StandardCharsets.US_ASCII);
    private final Socket socket = new Socket();
    private final InputStream in;
    private final OutputStream out;

    LmtpClient(int port) throws IOException {
        socket.connect(Ports.local(port));
        socket.setTcpNoDelay(true);
        in = new BufferedInputStream(socket.getInputStream(), 1024);
        out = socket.getOutputStream();
        expect(220);
        command("LHLO bench.test", 250);
    }

    /// `message` must end in CRLF and have no line that begins with a dot.
    void send(String to, byte[] message) throws IOException {
        command("MAIL FROM:<ada@source.test>", 250);
        command("RCPT TO:<" + to + ">", 250);
        command("DATA", 354);
        var whole = java.util.Arrays.copyOf(message, message.length + END.length);
        System.arraycopy(END, 0, whole, message.length, END.length);
        out.write(whole);
        expect(250);
    }

    private void command(String line, int code) throws IOException {
        out.write((line + "\r\n").getBytes(StandardCharsets.US_ASCII));
        expect(code);
    }

    private void expect(int code) throws IOException {
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
