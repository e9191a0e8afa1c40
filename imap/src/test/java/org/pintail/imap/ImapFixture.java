package org.pintail.imap;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;
import org.jspecify.annotations.Nullable;
import org.pintail.backend.Document;
import org.pintail.backend.Flags;
import org.pintail.backend.memory.MemoryStore;
import org.pintail.imap.wire.ImapLimits;
import org.pintail.mail.Account;
import org.pintail.mail.Accounts;
import org.pintail.mail.Mail;
import org.pintail.mail.MailSettings;
import org.pintail.mail.Mailstore;
import org.pintail.mail.Settings;
import org.pintail.mime.Source;
import org.pintail.net.Listener;
import org.pintail.net.Tls;
import org.pintail.push.ApplePush;
import org.pintail.sasl.Sasl;

/// A server over the memory store, with one account: alice, password `secret`.
final class ImapFixture implements AutoCloseable {
    private final MemoryStore store = new MemoryStore(Clock.systemUTC());
    private final Mail mail = new Mail(store, MailSettings.defaults("mail.example.org"), Clock.systemUTC());
    private final Account alice;
    private final ImapLimits limits;
    private final Path directory;
    private final Listener listener;
    private final Listener behindProxy;
    private final Tls tls;
    private volatile ImapServer service;
    private final List<Transcript.Wire> wires = new CopyOnWriteArrayList<>();

    ImapFixture(Path directory, ImapLimits limits) throws IOException {
        this(directory, limits, Duration.ofMinutes(1));
    }

    /// `stall`: how long a client need not read.
    ImapFixture(Path directory, ImapLimits limits, Duration stall) throws IOException {
        this.limits = limits;
        this.directory = directory;
        service = new ImapServer(mail, limits, directory);
        alice = mail.accounts().create(Accounts.New.of("alice", "secret", "alice@example.org"));
        tls = Tls.selfSigned(directory.resolve("tls"), List.of("localhost"));
        var address = new InetSocketAddress(InetAddress.getLoopbackAddress(), 0);
        var settings = new Listener.Settings("imap", address, false, false, 100, 100);
        listener = Listener.open(settings, tls, connection -> service.serve(connection), stall);
        var proxied = new Listener.Settings("imap", address, false, true, 100, 100);
        behindProxy = Listener.open(proxied, tls, new ImapServer(mail, limits, directory));
    }

    InetSocketAddress address() {
        return listener.address();
    }

    Mail mail() {
        return mail;
    }

    Account alice() {
        return alice;
    }

    /// `INBOX with 2 messages`, `empty Archive`, `threads.mbox in INBOX`, `account bob` (with alice's password). Some session was told of the
    /// messages already, but for those of `INBOX with 2 recent messages`. `push`: devices can ask to be woken.
    void prepare(List<String> given) throws IOException {
        var told = new LinkedHashSet<String>();
        for (var line : given) {
            var words = line.split(" ");
            if (line.equals("push")) {
                push();
            } else if (words.length == 2 && words[0].equals("account")) {
                mail.accounts().create(Accounts.New.of(words[1], "secret", words[1] + "@example.org"));
            } else if (words.length == 2 && words[0].equals("administrator")) {
                var admins = mail.stored().known(Settings.IMAP_ADMINS).orElseThrow();
                mail.stored().set(admins, words[1]);
            } else if (words.length >= 4 && words[1].equals("with")) {
                for (int i = 1; i <= Integer.parseInt(words[2]); i++) {
                    append(words[0], simple(i));
                }
                if (!words[3].equals("recent")) {
                    told.add(words[0]);
                }
            } else if (words.length == 2 && words[0].equals("empty")) {
                mail.folders().create(alice.id(), words[1], false, false, 0);
            } else if (words.length == 3 && words[1].equals("in")) {
                for (var message : mbox(words[0])) {
                    append(words[2], message);
                }
                told.add(words[2]);
            }
        }
        tell(told);
    }

    /// Sessions from now on can ask to be woken.
    void push() {
        var push = new ApplePush(mail, "com.apple.mail.XServer.test");
        service = new ImapServer(mail, new Sasl(mail.authentication(), Optional.empty()), Optional.of(push), limits, directory, true);
    }

    private void tell(Collection<String> mailboxes) throws IOException {
        if (mailboxes.isEmpty()) {
            return;
        }
        try (var wire = connect(true)) {
            for (var mailbox : mailboxes) {
                ask(wire, "SELECT " + mailbox);
            }
            ask(wire, "LOGOUT");
        }
    }

    private static void ask(Transcript.Wire wire, String command) throws IOException {
        var answer = say(wire, command).getLast();
        if (!answer.startsWith("t OK")) {
            throw new IOException("after " + command + ": " + answer);
        }
    }

    /// All lines of the answer; the tag is `t`.
    static List<String> say(Transcript.Wire wire, String command) throws IOException {
        wire.send("t " + command);
        var lines = new ArrayList<String>();
        for (var line = wire.receive(); line != null; line = wire.receive()) {
            lines.add(line);
            if (line.startsWith("t ")) {
                return lines;
            }
        }
        throw new IOException("closed after " + command + ": " + lines);
    }

    /// The messages of a file: each begins after a line that begins with `From `.
    private static List<String> mbox(String name) throws IOException {
        var text = Files.readString(Path.of("src/test/resources/imap/mailboxes").resolve(name));
        return Arrays.stream(text.split("(?m)^From .*\n"))
                .filter(message -> !message.isBlank())
                .map(message -> message.replace("\n", "\r\n"))
                .toList();
    }

    /// The same bytes for the same number.
    static String simple(int number) {
        return "From: Bob <bob@example.com>\r\nTo: alice@example.org\r\nSubject: Message " + number
                + "\r\nDate: Mon, 2 Nov 2026 08:00:0" + number % 10 + " +0000\r\nMessage-ID: <m" + number
                + "@example.com>\r\n\r\nHello number " + number + "!\r\n";
    }

    void append(String path, String message) {
        var mailbox = mail.folders().find(alice.id(), path).orElseThrow();
        var where = new Mailstore.Placement(
                alice,
                mailbox.id(),
                Flags.NONE,
                Instant.parse("2026-11-02T08:00:00Z"),
                new byte[0],
                Document.EMPTY,
                false,
                null);
        mail.mailstore().append(Source.of(message.getBytes(StandardCharsets.UTF_8)), where);
    }

    /// Closed with this, if not before.
    Transcript.Wire connect(boolean loggedIn) throws IOException {
        var wire = new SocketWire(new Socket(listener.address().getAddress(), listener.address().getPort()));
        wires.add(wire);
        if (loggedIn) {
            wire.receive();
            ask(wire, "LOGIN alice secret");
        }
        return wire;
    }

    /// A client that is not on this machine.
    Socket connectFromAfar() throws IOException {
        var socket = new Socket(behindProxy.address().getAddress(), behindProxy.address().getPort());
        socket.getOutputStream().write("PROXY TCP4 192.0.2.1 192.0.2.2 40000 143\r\n".getBytes(StandardCharsets.US_ASCII));
        return socket;
    }

    @Override
    public void close() throws IOException {
        for (var wire : wires) {
            wire.close();
        }
        behindProxy.close();
        listener.close();
        store.close();
    }

    static final class SocketWire implements Transcript.Wire {
        private final Socket socket;
        private final BufferedReader reader;

        SocketWire(Socket socket) throws IOException {
            this.socket = socket;
            socket.setSoTimeout(10_000);
            this.reader = new BufferedReader(new InputStreamReader(socket.getInputStream(), StandardCharsets.UTF_8));
        }

        @Override
        public void send(String line) throws IOException {
            socket.getOutputStream().write((line + "\r\n").getBytes(StandardCharsets.UTF_8));
        }

        @Override
        public @Nullable String receive() throws IOException {
            return reader.readLine();
        }

        @Override
        public void close() throws IOException {
            socket.close();
        }
    }
}
