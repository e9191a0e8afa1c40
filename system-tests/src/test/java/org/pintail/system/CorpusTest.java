package org.pintail.system;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.pintail.mime.Source;
import org.pintail.smtp.SmtpClient;

/// Messages as the world sends them go in through every door and come back byte for byte through every other.
class CorpusTest {
    private static final Path CORPUS = shared("corpus");

    @TempDir
    static Path data;

    private static ServerProcess server;
    private static List<Path> files;

    /// A folder of `shared`, which stands beside the project or further up.
    private static Path shared(String name) {
        for (var up = Path.of("").toAbsolutePath(); up != null; up = up.getParent()) {
            if (Files.isDirectory(up.resolve("shared").resolve(name))) {
                return up.resolve("shared").resolve(name);
            }
        }
        return Path.of("../shared", name);
    }

    @BeforeAll
    static void start() throws IOException {
        Assumptions.assumeTrue(Files.isDirectory(CORPUS), "no corpus at " + CORPUS.toAbsolutePath().normalize());
        try (var walk = Files.walk(CORPUS)) {
            files = walk.filter(f -> f.toString().endsWith(".eml")).sorted().toList();
        }
        assertThat(files).isNotEmpty();
        server = ServerProcess.start(data);
    }

    @AfterAll
    static void stop() {
        if (server != null) {
            server.close();
        }
    }

    /// SMTP carries lines: what a file has as LF or CR alone becomes CRLF before it is sent, and a last line is ended.
    private static byte[] lines(byte[] file) {
        var out = new ByteArrayOutputStream();
        for (int i = 0; i < file.length; i++) {
            boolean pair = file[i] == '\r' && i + 1 < file.length && file[i + 1] == '\n';
            if (file[i] == '\n' || file[i] == '\r') {
                out.writeBytes(new byte[] {'\r', '\n'});
                i += pair ? 1 : 0;
            } else {
                out.write(file[i]);
            }
        }
        var bytes = out.toByteArray();
        if (bytes.length == 0 || bytes[bytes.length - 1] != '\n') {
            out.writeBytes(new byte[] {'\r', '\n'});
        }
        return out.toByteArray();
    }

    private static void send(String listener, String recipient, byte[] message) throws IOException {
        boolean lmtp = listener.equals("lmtp");
        var settings = new SmtpClient.Settings(
                "corpus.example", SmtpClient.TlsMode.NONE, null, Duration.ofSeconds(10), Duration.ofSeconds(60), lmtp);
        try (var client = SmtpClient.connect(server.address(listener), "mail.example.com", settings)) {
            var reply = client.send("corpus@example.org", List.of(recipient), Source.of(message), true)
                    .perRecipient()
                    .getFirst();
            assertThat(reply.code()).as("%s", reply.text()).isEqualTo(250);
        }
    }

    private record Seen(byte[] imap, byte[] pop, byte[] api) {}

    /// The newest message, over every protocol.
    private static Seen read(ApiClient api, String user, String name) throws IOException {
        byte[] imap;
        try (var client = new LineClient(server.address("imap"))) {
            client.read();
            client.imap("LOGIN " + name + " secret");
            client.imap("SELECT INBOX");
            imap = client.imapLiteral("FETCH * BODY.PEEK[]");
        }
        byte[] pop;
        try (var client = new LineClient(server.address("pop3"))) {
            client.read();
            client.send("UTF8"); // without it, UTF-8 in header fields comes back rewritten (RFC 6856 §2)
            assertThat(client.read()).startsWith("+OK");
            client.send("USER " + name);
            client.read();
            client.send("PASS secret");
            assertThat(client.read()).startsWith("+OK");
            client.send("STAT");
            pop = client.popLines("RETR " + client.read().split(" ", -1)[1]);
        }
        var inbox = "/users/" + user + "/mailboxes/" + api.mailbox(user, "INBOX") + "/messages";
        var uid = api.get(inbox + "?limit=1&order=desc").json().get("results").get(0).get("id").asLong();
        return new Seen(imap, pop, api.get(inbox + "/" + uid + "/message.eml").body());
    }

    private static void same(Path file, Seen seen) {
        assertThat(seen.pop()).as("POP3 of %s", file).isEqualTo(seen.imap());
        assertThat(seen.api()).as("API of %s", file).isEqualTo(seen.imap());
    }

    @Test
    void throughTheMxOnlyTraceFieldsAreAddedInFront() throws IOException {
        try (var api = new ApiClient(server.address("api"))) {
            var user = api.createUser("mxcorpus", "secret", "mxcorpus@example.com");
            var wrong = new ArrayList<String>();
            for (var file : files) {
                var message = lines(Files.readAllBytes(file));
                send("mx", "mxcorpus@example.com", message);
                var seen = read(api, user, "mxcorpus");
                same(file, seen);
                var got = new String(seen.imap(), StandardCharsets.ISO_8859_1);
                var sent = new String(message, StandardCharsets.ISO_8859_1);
                var trace = got.endsWith(sent) ? got.substring(0, got.length() - sent.length()) : "";
                if (!trace.matches("(?s)Delivered-To: mxcorpus@example\\.com\r\nReturn-Path: <corpus@example\\.org>\r\nReceived: from [^\n]*\r\n(?:[ \t][^\n]*\r\n)*")) {
                    wrong.add(file + ": " + (trace.isEmpty() ? "other bytes" : trace));
                }
            }
            assertThat(wrong).isEmpty();
        }
    }

    @Test
    void throughImapAppendNothingIsAdded() throws IOException {
        try (var api = new ApiClient(server.address("api"));
                var client = new LineClient(server.address("imap"))) {
            var user = api.createUser("appended", "secret", "appended@example.com");
            client.read();
            client.imap("LOGIN appended secret");
            for (var file : files) {
                var message = lines(Files.readAllBytes(file));
                client.send("x APPEND INBOX {" + message.length + "}");
                assertThat(client.read()).startsWith("+");
                client.send(message);
                client.send("");
                assertThat(client.read()).as("%s", file).startsWith("x OK");
                var seen = read(api, user, "appended");
                same(file, seen);
                assertThat(seen.imap()).as("%s", file).isEqualTo(message);
            }
        }
    }

    @Test
    void throughTheApiNothingIsAdded() throws IOException {
        try (var api = new ApiClient(server.address("api"))) {
            var user = api.createUser("uploaded", "secret", "uploaded@example.com");
            var inbox = "/users/" + user + "/mailboxes/" + api.mailbox(user, "INBOX") + "/messages";
            for (var file : files) {
                var message = lines(Files.readAllBytes(file));
                var reply = api.upload(inbox, message);
                assertThat(reply.status()).as("%s", file).isEqualTo(200);
                var seen = read(api, user, "uploaded");
                same(file, seen);
                assertThat(seen.imap()).as("%s", file).isEqualTo(message);
            }
        }
    }
}
