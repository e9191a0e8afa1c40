package org.pintail.smtp;

import java.io.BufferedOutputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.SecureRandom;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Base64;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLSocket;
import javax.net.ssl.TrustManager;
import org.jspecify.annotations.Nullable;
import org.pintail.certificate.CertificateCheck;
import org.pintail.mime.Source;

/// A client connection to one server: greeting, EHLO, opportunistic STARTTLS, then any number of transactions. Blocking.
public final class SmtpClient implements AutoCloseable {
    private static final int MAX_LINE = 4096;
    private static final int MAX_LINES = 100;
    private static final Duration DATA_END = Duration.ofMinutes(10);

    /// `tls`: NONE never, OPPORTUNISTIC when offered (certificate not checked), REQUIRED, IMPLICIT from the first byte.
    public enum TlsMode {
        NONE,
        OPPORTUNISTIC,
        REQUIRED,
        IMPLICIT
    }

    /// How to connect. `check`: what the server's certificate must be, null takes any.
    public record Settings(
            String heloName, TlsMode tls, @Nullable CertificateCheck check, Duration connect, Duration command, boolean lmtp) {}

    /// TLS is required and the server has none; says nothing about any message.
    public static final class NoTls extends IOException {
        NoTls(String message) {
            super(message);
        }
    }

    /// What happened to one transaction: a reply per recipient, or one for all where the sender or the data was refused.
    public record Outcome(List<SmtpReply> perRecipient) {
        public Outcome {
            perRecipient = List.copyOf(perRecipient);
        }
    }

    private final Settings settings;
    private Socket socket;
    private InputStream in;
    private final byte[] input = new byte[MAX_LINE];
    private int at;
    private int filled;
    private OutputStream out;
    private @Nullable SSLSocket secured;
    private final Set<String> extensions = new HashSet<>();
    private boolean open; // a refused transaction: its last replies and RSET wait for the next one, if there is any
    private int unread;

    private SmtpClient(Socket socket, Settings settings) throws IOException {
        this.settings = settings;
        this.socket = socket;
        this.in = socket.getInputStream();
        this.out = new BufferedOutputStream(socket.getOutputStream());
    }

    /// Throws [SmtpReply.Refused] when the greeting or EHLO is refused, [NoTls] when TLS is required and not offered, `IOException` when the
    /// network fails, with a [org.pintail.certificate.CertificateRefused] among its causes when the certificate is not what it must be.
    public static SmtpClient connect(InetSocketAddress server, String serverName, Settings settings) throws IOException {
        var socket = new Socket();
        try {
            socket.connect(server, Math.toIntExact(settings.connect().toMillis()));
            socket.setTcpNoDelay(true);
            socket.setSoTimeout(Math.toIntExact(settings.command().toMillis()));
            var client = new SmtpClient(socket, settings);
            client.open(serverName);
            return client;
        } catch (IOException | RuntimeException e) {
            socket.close();
            throw e;
        }
    }

    private void open(String serverName) throws IOException {
        if (settings.tls() == TlsMode.IMPLICIT) {
            startTls(serverName);
        }
        expect(reply());
        hello();
        boolean wanted = settings.tls() == TlsMode.REQUIRED || settings.tls() == TlsMode.OPPORTUNISTIC;
        if (wanted && extensions.contains("STARTTLS")) {
            var go = command("STARTTLS");
            if (go.positive()) {
                startTls(serverName);
                hello();
            } else if (settings.tls() == TlsMode.REQUIRED) {
                throw new NoTls("the server refuses STARTTLS: " + go.code() + " " + go.text());
            }
        } else if (settings.tls() == TlsMode.REQUIRED) {
            throw new NoTls("the server does not offer STARTTLS");
        }
    }

    private void hello() throws IOException {
        extensions.clear();
        var reply = command((settings.lmtp() ? "LHLO " : "EHLO ") + settings.heloName());
        if (reply.code() / 100 == 5 && !settings.lmtp()) {
            expect(command("HELO " + settings.heloName()));
            return;
        }
        expect(reply);
        for (var line : reply.lines().subList(1, reply.lines().size())) {
            extensions.add(line.split(" ", 2)[0].toUpperCase(Locale.ROOT));
        }
    }

    private void startTls(String serverName) throws IOException {
        var layered = (SSLSocket) context().getSocketFactory().createSocket(socket, serverName, socket.getPort(), true);
        layered.setUseClientMode(true);
        layered.startHandshake();
        secured = layered;
        socket = layered;
        in = layered.getInputStream();
        at = 0; // what came before the handshake is nobody's (RFC 3207 §4.2)
        filled = 0;
        out = new BufferedOutputStream(layered.getOutputStream());
    }

    private SSLContext context() throws IOException {
        try {
            var context = SSLContext.getInstance("TLS");
            // RFC 7435: opportunistic TLS takes any certificate, since the alternative is no TLS at all
            context.init(null, new TrustManager[] {new CheckedCertificate(settings.check())}, new SecureRandom());
            return context;
        } catch (GeneralSecurityException e) {
            throw new IOException("cannot set up TLS: " + e.getMessage(), e);
        }
    }

    public void login(String username, String password) throws IOException {
        var message = ("\0" + username + "\0" + password).getBytes(StandardCharsets.UTF_8);
        expect(command("AUTH PLAIN " + Base64.getEncoder().encodeToString(message)));
    }

    /// One transaction, pipelined where the server offers it; dot-stuffs the message; the message must have CRLF line ends (bare LF is sent as CRLF).
    /// After a refusal the server may close the connection; that refusal counts, whatever comes of the connection.
    public Outcome send(String sender, List<String> recipients, Source message, boolean utf8) throws IOException {
        if (!printable(sender) || !recipients.stream().allMatch(SmtpClient::printable)) {
            return new Outcome(List.of(new SmtpReply(553, "5.1.7", "An address holds control characters")));
        }
        if (utf8 && !extensions.contains("SMTPUTF8")) {
            return new Outcome(List.of(new SmtpReply(550, "5.6.7", "The server does not take SMTPUTF8")));
        }
        finishRefused();
        open = true;
        var from = mail(sender, recipients, message.size(), utf8);
        if (!from.positive()) {
            return new Outcome(List.of(from));
        }
        var replies = new ArrayList<SmtpReply>();
        for (var recipient : recipients) {
            if (unread > 0) {
                unread--;
            } else {
                line("RCPT TO:<" + recipient + ">");
            }
            replies.add(finish());
        }
        if (replies.stream().noneMatch(SmtpReply::positive)) {
            return new Outcome(replies);
        }
        var go = command("DATA");
        if (go.code() != 354) {
            return new Outcome(merge(replies, List.of(completed(go, 4))));
        }
        new DotStuffer(out).write(message);
        out.flush();
        var ends = new ArrayList<SmtpReply>();
        long accepted = replies.stream().filter(SmtpReply::positive).count();
        socket.setSoTimeout(Math.toIntExact(DATA_END.toMillis()));
        for (int i = 0; i < (settings.lmtp() ? accepted : 1); i++) {
            ends.add(completed(reply(), 2));
        }
        socket.setSoTimeout(Math.toIntExact(settings.command().toMillis()));
        open = false;
        return new Outcome(merge(replies, ends));
    }

    private static boolean printable(String address) {
        return address.chars().allMatch(c -> c >= ' ' && c != 0x7f);
    }

    /// The reply to MAIL; where the server pipelines, RCPT went with it and its replies are still to be read.
    private SmtpReply mail(String sender, List<String> recipients, long size, boolean utf8) throws IOException {
        var mail = new StringBuilder("MAIL FROM:<").append(sender).append('>');
        if (extensions.contains("SIZE")) {
            mail.append(" SIZE=").append(size);
        }
        if (extensions.contains("8BITMIME")) {
            mail.append(" BODY=8BITMIME");
        }
        line(mail.append(utf8 ? " SMTPUTF8" : "").toString());
        if (extensions.contains("PIPELINING")) {
            for (var recipient : recipients) {
                line("RCPT TO:<" + recipient + ">");
            }
            unread = recipients.size();
        }
        return finish();
    }

    private void finishRefused() throws IOException {
        for (; unread > 0; unread--) {
            reply();
        }
        if (open) {
            expect(command("RSET"));
            open = false;
        }
    }

    /// What is no answer here must not be taken for one: a stray 250 in place of 354 would lose the message.
    private static SmtpReply completed(SmtpReply reply, int leastClass) throws IOException {
        if (reply.code() / 100 < leastClass || reply.code() / 100 == 3) {
            throw new IOException("unexpected reply " + reply.code() + " " + reply.text());
        }
        return reply;
    }

    /// The final reply of each recipient: its refusal, or the next of `ends` (SMTP has one for all).
    private static List<SmtpReply> merge(List<SmtpReply> replies, List<SmtpReply> ends) {
        var merged = new ArrayList<SmtpReply>();
        int next = 0;
        for (var reply : replies) {
            merged.add(reply.positive() ? ends.get(Math.min(next++, ends.size() - 1)) : reply);
        }
        return merged;
    }

    private SmtpReply command(String line) throws IOException {
        line(line);
        return finish();
    }

    private SmtpReply finish() throws IOException {
        out.flush();
        return reply();
    }

    private void line(String line) throws IOException {
        out.write((line + "\r\n").getBytes(StandardCharsets.UTF_8));
    }

    private static void expect(SmtpReply reply) {
        if (!reply.positive()) {
            throw new SmtpReply.Refused(reply);
        }
    }

    private SmtpReply reply() throws IOException {
        var lines = new ArrayList<String>();
        while (true) {
            var line = readLine();
            if (line.length() < 3 || !line.substring(0, 3).chars().allMatch(c -> c >= '0' && c <= '9') || lines.size() >= MAX_LINES) {
                throw new IOException("expected an SMTP reply, found \"" + line + "\"");
            }
            lines.add(line.length() > 4 ? line.substring(4) : "");
            if (line.length() == 3 || line.charAt(3) != '-') {
                return ReplyText.parse(Integer.parseInt(line.substring(0, 3)), lines);
            }
        }
    }

    private String readLine() throws IOException {
        int scanned = at;
        while (true) {
            while (scanned < filled && input[scanned] != '\n') {
                scanned++;
            }
            if (scanned < filled) {
                var line = new String(input, at, scanned - at, StandardCharsets.UTF_8).stripTrailing();
                at = scanned + 1;
                return line;
            }
            scanned -= at;
            fill();
        }
    }

    /// Reads more behind what is there, which moves to the front.
    private void fill() throws IOException {
        System.arraycopy(input, at, input, 0, filled - at);
        filled -= at;
        at = 0;
        if (filled == input.length) {
            throw new IOException("the server sent a line of more than " + MAX_LINE + " bytes");
        }
        int count = in.read(input, filled, input.length - filled);
        if (count < 0) {
            throw new EOFException("the server closed the connection");
        }
        filled += count;
    }

    public boolean secure() {
        return secured != null;
    }

    /// Of this end.
    public InetAddress localAddress() {
        return socket.getLocalAddress();
    }

    public String tlsVersion() {
        return secured == null ? "" : secured.getSession().getProtocol();
    }

    /// QUIT, then close.
    @Override
    public void close() {
        try (var _ = socket) {
            line("QUIT");
            out.flush();
        } catch (IOException e) {
            // the server left first; what it acknowledged stands
            extensions.clear();
        }
    }
}
