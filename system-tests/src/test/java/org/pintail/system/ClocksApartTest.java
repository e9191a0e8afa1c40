package org.pintail.system;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.OffsetDateTime;
import java.time.format.DateTimeFormatter;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/// One node whose clock is five minutes ahead, one whose clock is right; both take mail and both send what is queued. Needs Debian's faketime.
@Timeout(180)
class ClocksApartTest {
    private static final int MESSAGES = 16;
    private static final DateTimeFormatter INTERNAL_DATE = DateTimeFormatter.ofPattern("d-MMM-yyyy HH:mm:ss Z", Locale.ENGLISH);
    private static final Pattern DATED = Pattern.compile("INTERNALDATE \" ?([^\"]+)\"");

    @TempDir
    static Path directory;

    private static TestCluster cluster;

    @BeforeAll
    static void start() throws IOException, InterruptedException {
        var library = library();
        Assumptions.assumeTrue(library.isPresent(), "faketime is not installed");
        var ahead = List.of("env", "LD_PRELOAD=" + library.orElseThrow(), "FAKETIME=+300s", "FAKETIME_DONT_FAKE_MONOTONIC=1");
        var here = List.of("127.0.0.1", "127.0.0.1");
        cluster = TestCluster.start(directory, new TestCluster.Layout("127.0.0.1", null, here, List.of(ahead, List.of()), true));
        cluster.whole();
    }

    private static Optional<Path> library() throws IOException {
        try (DirectoryStream<Path> found = Files.newDirectoryStream(Path.of("/usr/lib"), "*-linux-gnu")) {
            for (var path : found) {
                var library = path.resolve("faketime/libfaketimeMT.so.1");
                if (Files.exists(library)) {
                    return Optional.of(library);
                }
            }
            return Optional.empty();
        }
    }

    @AfterAll
    static void stop() throws IOException {
        if (cluster != null) {
            cluster.close();
        }
    }

    private static void submit(int node, String user, List<String> recipients) throws IOException {
        var credentials = Base64.getEncoder().encodeToString(("\0" + user + "\0secret-password").getBytes(StandardCharsets.UTF_8));
        try (var smtp = cluster.direct(node, "submission")) {
            smtp.read();
            smtp.send("EHLO client.example");
            while (!smtp.read().startsWith("250 ")) {
                // the extensions
            }
            var lines = new ArrayList<>(List.of("AUTH PLAIN " + credentials));
            for (var recipient : recipients) {
                lines.addAll(List.of(
                        "MAIL FROM:<" + user + "@example.com>", "RCPT TO:<" + recipient + ">", "DATA",
                        "Subject: out\r\nFrom: " + user + "@example.com\r\n\r\ntext\r\n."));
            }
            for (var line : lines) {
                smtp.send(line);
                assertThat(smtp.read()).matches("(235|250|354).*");
            }
        }
    }

    /// The other server takes two seconds for each, so that rows are claimed for a while and the other node looks at them again and again.
    @Test
    void whatIsQueuedIsSentOnce() throws IOException, InterruptedException {
        try (var api = cluster.api(1)) {
            api.createUser("sender", "secret-password", "sender@example.com");
        }
        var recipients = new ArrayList<String>();
        for (int i = 0; i < MESSAGES; i++) {
            recipients.add("slow" + i + "@elsewhere.example");
        }
        for (int i = 0; i < MESSAGES; i += 4) {
            submit(i / 4 % 2, "sender", recipients.subList(i, i + 4));
        }
        for (var recipient : recipients) {
            cluster.outside().await(recipient, Duration.ofSeconds(60));
        }
        Thread.sleep(3000); // whatever is on its way a second time
        assertThat(cluster.outside().times().keySet()).containsAll(recipients);
        assertThat(cluster.outside().times()).allSatisfy((_, times) -> assertThat(times).isEqualTo(1));
        System.out.println("clocks five minutes apart: " + MESSAGES + " queued by two nodes, each sent once");
    }

    @Test
    void whatIsReceivedIsDatedByOneTimeAndSeenByBoth() throws IOException, InterruptedException {
        try (var api = cluster.api(0)) {
            api.createUser("reader", "secret-password", "reader@example.com");
        }
        var ledger = new Ledger(cluster.haproxy().address("mx"), "reader@example.com");
        ledger.begin(4);
        TestCluster.await("load", () -> ledger.acknowledged() > 100);
        ledger.end();
        try (var one = cluster.imap(0, "reader");
                var two = cluster.imap(1, "reader")) {
            one.imap("SELECT INBOX");
            two.imap("SELECT INBOX");
            System.out.println("clocks five minutes apart: " + ledger.check(one));
            assertThat(one.imap("STORE 1:50 +FLAGS (\\Flagged)").getLast()).startsWith("x OK");
            assertThat(two.imap("STORE 25:75 +FLAGS ($Mine)").getLast()).startsWith("x OK");
            one.imap("NOOP");
            two.imap("NOOP");
            assertThat(one.imap("FETCH 1:* (UID FLAGS)")).isEqualTo(two.imap("FETCH 1:* (UID FLAGS)"));
            var now = OffsetDateTime.now();
            var dates = new ArrayList<OffsetDateTime>();
            for (var line : two.imap("FETCH 1:* INTERNALDATE")) {
                var found = DATED.matcher(line);
                if (found.find()) {
                    dates.add(OffsetDateTime.parse(found.group(1), INTERNAL_DATE));
                }
            }
            assertThat(dates).hasSizeGreaterThan(100).allSatisfy(d -> assertThat(Duration.between(d, now).abs()).isLessThan(Duration.ofMinutes(2)));
        }
        assertThat(cluster.node(0).log()).contains("the database's time is used");
    }
}
