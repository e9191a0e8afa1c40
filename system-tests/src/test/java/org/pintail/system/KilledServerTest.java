package org.pintail.system;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeSet;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentSkipListSet;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.pintail.mime.Source;
import org.pintail.smtp.SmtpClient;

/// The server is killed (SIGKILL) while mail streams in and an IMAP client changes flags, and started again over the same data: what was
/// answered with 250 is there, byte for byte, and so are the flags of what was answered with OK. More rounds with `-Dpintail.crash.rounds=N`, the same moments again with `-Dpintail.crash.seed=N`.
class KilledServerTest {
    private static final int ROUNDS = Integer.getInteger("pintail.crash.rounds", 3);
    private static final int SENDERS = 6;
    private static final int LONGEST_RUN_MILLIS = 1500;
    private static final int LARGEST = 60_000;
    private static final Pattern NAME = Pattern.compile("\r\nSubject: (\\S+)\r\n");
    private static final Pattern UID = Pattern.compile("\\* \\d+ FETCH \\(.*UID (\\d+).*");
    private static final SmtpClient.Settings CLIENT = new SmtpClient.Settings(
            "sender.example", SmtpClient.TlsMode.NONE, null, Duration.ofSeconds(10), Duration.ofSeconds(60), false);

    @TempDir
    Path data;

    private final long seed = Long.getLong("pintail.crash.seed", System.nanoTime());
    private final Map<String, byte[]> sent = new ConcurrentHashMap<>();
    private final ConcurrentSkipListSet<String> acknowledged = new ConcurrentSkipListSet<>();
    private final AtomicInteger names = new AtomicInteger();
    private final FlaggingClient flagging = new FlaggingClient("ledger secret");
    private final List<String> attachments = attachments(new Random(seed));

    /// Some attachments that all senders share, so that references are counted while the server dies.
    private static List<String> attachments(Random random) {
        var made = new ArrayList<String>();
        for (int i = 0; i < 4; i++) {
            var bytes = new byte[9000 + random.nextInt(20_000)];
            random.nextBytes(bytes);
            made.add(Base64.getMimeEncoder().encodeToString(bytes));
        }
        return made;
    }

    @Test
    void whatWasAcknowledgedIsThereAfterAKill() throws Exception {
        var random = new Random(seed);
        var user = "";
        for (int round = 0; round <= ROUNDS; round++) {
            try (var server = ServerProcess.start(data);
                    var api = new ApiClient(server.address("api"))) {
                if (round == 0) {
                    user = api.createUser("ledger", "secret", "ledger@example.com");
                }
                compare(server, api, user, round);
                if (round < ROUNDS) {
                    killUnderLoad(server, random);
                }
            }
        }
        System.out.printf(
                "killed server: seed=%d rounds=%d sent=%d acknowledged=%d stores=%d lost=0%n",
                seed, ROUNDS, sent.size(), acknowledged.size(), flagging.answered());
        assertThat(acknowledged).as("seed %d: nothing was tried", seed).isNotEmpty();
    }

    private void killUnderLoad(ServerProcess server, Random random) throws InterruptedException {
        var senders = new ArrayList<Thread>();
        for (int i = 0; i < SENDERS; i++) {
            var own = new Random(random.nextLong());
            senders.add(Thread.ofVirtual().start(() -> send(server, own)));
        }
        var flags = new Random(random.nextLong());
        senders.add(Thread.ofVirtual().start(() -> flagging.run(server.address("imap"), flags)));
        Thread.sleep(random.nextInt(LONGEST_RUN_MILLIS)); // the moment is what the test is about
        server.kill();
        for (var sender : senders) {
            sender.join();
        }
    }

    /// Until the server is gone.
    private void send(ServerProcess server, Random random) {
        try (var client = SmtpClient.connect(server.address("mx"), "mail.example.com", CLIENT)) {
            while (true) {
                var name = "m" + names.incrementAndGet();
                var message = message(name, random);
                sent.put(name, message);
                var reply = client.send("ledger@sender.example", List.of("ledger@example.com"), Source.of(message), false)
                        .perRecipient()
                        .getFirst();
                if (reply.code() != 250) {
                    return;
                }
                acknowledged.add(name);
            }
        } catch (IOException killed) {
            return;
        }
    }

    private byte[] message(String name, Random random) {
        var text = new StringBuilder("From: ledger@sender.example\r\nSubject: " + name + "\r\nMIME-Version: 1.0\r\n");
        if (random.nextInt(3) == 0) {
            text.append("Content-Type: multipart/mixed; boundary=b\r\n\r\n--b\r\n\r\nsee there\r\n--b\r\nContent-Type: application/pdf\r\n")
                    .append("Content-Transfer-Encoding: base64\r\n\r\n")
                    .append(attachments.get(random.nextInt(attachments.size())))
                    .append("\r\n--b--\r\n");
        } else {
            text.append("\r\n");
            for (int length = random.nextInt(LARGEST); text.length() < length; ) {
                text.append(Long.toString(random.nextLong(), 36)).append("\r\n");
            }
            text.append("end\r\n");
        }
        return text.toString().getBytes(StandardCharsets.US_ASCII);
    }

    private void compare(ServerProcess server, ApiClient api, String user, int round) throws IOException {
        var what = "seed " + seed + " round " + round;
        var found = new TreeSet<String>();
        var flagged = new TreeSet<Long>();
        long bytes = 0;
        try (var client = new LineClient(server.address("imap"))) {
            client.read();
            client.imap("LOGIN ledger secret");
            client.imap("SELECT INBOX");
            long last = 0;
            for (var line : client.imap("UID FETCH 1:* (UID FLAGS)")) {
                var fetch = UID.matcher(line);
                if (!fetch.matches()) {
                    continue;
                }
                long uid = Long.parseLong(fetch.group(1));
                assertThat(uid).as(what).isGreaterThan(last);
                last = uid;
                if (line.contains("\\Flagged")) {
                    flagged.add(uid);
                }
                var message = client.imapLiteral("UID FETCH " + uid + " BODY.PEEK[]");
                bytes += message.length;
                var name = name(message);
                assertThat(found.add(name)).as("%s: %s is there once", what, name).isTrue();
                assertThat(new String(message, StandardCharsets.US_ASCII)).as("%s: %s", what, name).endsWith(
                        new String(sent.getOrDefault(name, new byte[] {'?'}), StandardCharsets.US_ASCII));
            }
        }
        assertThat(found).as(what).containsAll(acknowledged);
        flagging.compare(flagged, what);
        assertThat(api.get("/users/" + user).json().at("/limits/quota/used").asLong()).as("%s: quota", what).isEqualTo(bytes);
    }

    private static String name(byte[] message) {
        var subject = NAME.matcher(new String(message, StandardCharsets.US_ASCII));
        assertThat(subject.find()).isTrue();
        return subject.group(1);
    }
}
