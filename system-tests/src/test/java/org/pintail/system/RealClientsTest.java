package org.pintail.system;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Test;

/// swaks, curl, mbsync and mutt, as people use them.
class RealClientsTest extends AgainstOneServer {
    private static final String BODY = "Tere! ÕÄÖÜ\n.a line with a dot\nand the last one\n";

    private static Program.Ran run(String... command) throws IOException, InterruptedException {
        return Program.run(directory, command);
    }

    private static String user(String name) throws IOException {
        return api.createUser(name, "secret", name + "@example.com");
    }

    private static void swaks(String name) throws IOException, InterruptedException {
        var ran = run(
                "swaks", "--server", "127.0.0.1", "--port", "" + server.port("mx"), "--from", "friend@example.org", "--to",
                name + "@example.com", "--header", "Subject: from swaks", "--body", BODY);
        assertThat(ran.status()).as("%s", ran.text()).isZero();
    }

    private static byte[] onlyMessage(String user) throws IOException {
        var inbox = "/users/" + user + "/mailboxes/" + api.mailbox(user, "INBOX") + "/messages";
        var list = api.get(inbox).json().get("results");
        assertThat(list).hasSize(1);
        return api.get(inbox + "/" + list.get(0).get("id").asLong() + "/message.eml").body();
    }

    @Test
    void whatSwaksSendsEveryReaderSeesTheSame() throws IOException, InterruptedException {
        var user = user("reader");
        swaks("reader");
        var message = onlyMessage(user);
        assertThat(new String(message, StandardCharsets.UTF_8)).contains(BODY.replace("\n", "\r\n"));
        var imap = run("curl", "-s", "imap://127.0.0.1:" + server.port("imap") + "/INBOX;MAILINDEX=1", "-u", "reader:secret");
        assertThat(imap.out()).isEqualTo(message);
        var imaps = run("curl", "-sk", "imaps://127.0.0.1:" + server.port("imaps") + "/INBOX;UID=1", "-u", "reader:secret");
        assertThat(imaps.out()).isEqualTo(message);
        var pop = run("curl", "-s", "pop3://127.0.0.1:" + server.port("pop3") + "/1", "-u", "reader:secret");
        assertThat(pop.out()).isEqualTo(message);
        var pops = run("curl", "-sk", "pop3s://127.0.0.1:" + server.port("pop3s") + "/1", "-u", "reader:secret");
        assertThat(pops.out()).isEqualTo(message);
        assertThat(mbsync("reader")).isEqualTo(message);
    }

    /// Pulls the account into a maildir; returns the only message with CRLF line ends.
    private static byte[] mbsync(String name) throws IOException, InterruptedException {
        var maildir = Files.createDirectories(directory.resolve("maildir-" + name));
        var config = directory.resolve("mbsyncrc-" + name);
        Files.writeString(config, """
                IMAPStore server
                Host 127.0.0.1
                Port %d
                User %s
                Pass secret
                SSLType None
                AuthMechs LOGIN

                MaildirStore local
                Path %s/
                Inbox %s/INBOX
                SubFolders Verbatim

                Channel all
                Far :server:
                Near :local:
                Patterns *
                Create Near
                SyncState *
                """.formatted(server.port("imap"), name, maildir, maildir));
        var ran = run("mbsync", "-c", config.toString(), "-a");
        assertThat(ran.status()).as("%s", ran.text()).isZero();
        try (var files = Files.walk(maildir.resolve("INBOX"))) {
            var messages = files.filter(f -> Files.isRegularFile(f) && f.getFileName().toString().contains("U="))
                    .toList();
            assertThat(messages).hasSize(1);
            var text = Files.readString(messages.getFirst(), StandardCharsets.UTF_8);
            return withoutSyncId(text).replace("\n", "\r\n").getBytes(StandardCharsets.UTF_8);
        }
    }

    /// mbsync adds a field of its own.
    private static String withoutSyncId(String message) {
        return message.replaceFirst("(?m)^X-TUID: .*\\n", "");
    }

    @Test
    void mbsyncPushesWhatIsInItsMaildirAndFlagsGoBothWays() throws IOException, InterruptedException {
        var user = user("syncer");
        swaks("syncer");
        mbsync("syncer");
        var inbox = directory.resolve("maildir-syncer/INBOX");
        Files.writeString(Files.createDirectories(inbox.resolve("new")).resolve("local.1"), "From: me@example.com\nSubject: pushed\n\nfrom the maildir\n");
        var mailbox = "/users/" + user + "/mailboxes/" + api.mailbox(user, "INBOX") + "/messages";
        api.put(mailbox + "/1", java.util.Map.of("flagged", true));
        var pushing = directory.resolve("mbsyncrc-syncer");
        Files.writeString(pushing, Files.readString(pushing).replace("Create Near", "Create Both\nSync All\nExpunge Both"));
        var ran = run("mbsync", "-c", pushing.toString(), "-a");
        assertThat(ran.status()).as("%s", ran.text()).isZero();
        var subjects = new ArrayList<String>();
        api.get(mailbox).json().get("results").forEach(m -> subjects.add(m.get("subject").asString()));
        assertThat(subjects).containsExactlyInAnyOrder("from swaks", "pushed");
        try (var files = Files.walk(inbox)) {
            assertThat(files.map(f -> f.getFileName().toString())).anyMatch(f -> f.contains(":2,") && f.contains("F"));
        }
    }

    @Test
    void muttReadsTheMailboxAndSavesTheMessage() throws IOException, InterruptedException {
        var user = user("mutt");
        swaks("mutt");
        var saved = directory.resolve("saved.eml");
        var rc = directory.resolve("muttrc");
        Files.writeString(rc, """
                set ssl_force_tls=no ssl_starttls=no
                set imap_user=mutt imap_pass=secret
                set delete=no quit=yes wait_key=no pipe_decode=no header_cache=""
                set folder="%s" # where there is none mutt asks whether to make it, and takes what follows for the answer
                push "<pipe-message>cat > %s<enter><quit>"
                """.formatted(directory, saved));
        var ran = run("script", "-qec", "TERM=xterm mutt -n -F " + rc + " -f imap://127.0.0.1:" + server.port("imap") + "/INBOX", "/dev/null");
        Assumptions.assumeTrue(!ran.text().contains("mutt: not found") && !ran.text().contains("command not found"), "mutt is not installed");
        assertThat(saved).as("%s", ran.text()).exists();
        var lines = Files.readString(saved, StandardCharsets.UTF_8).replace("\n", "\r\n");
        assertThat(lines.getBytes(StandardCharsets.UTF_8)).isEqualTo(onlyMessage(user));
    }

    @Test
    void aReplyThroughSubmissionArrivesAndItsCopyIsInSent() throws IOException, InterruptedException {
        var user = user("writer");
        api.put("/users/" + user, java.util.Map.of("uploadSentMessages", true));
        var ran = run(
                "swaks", "--server", "127.0.0.1", "--port", "" + server.port("submission"), "--tls-optional", "--auth", "PLAIN",
                "--auth-user", "writer", "--auth-password", "secret", "--from", "writer@example.com", "--to",
                "friend@example.org", "--header", "Subject: a reply", "--header", "Bcc: hidden@example.org", "--body", BODY);
        assertThat(ran.status()).as("%s", ran.text()).isZero();
        var arrived = sink.await("friend@example.org", Duration.ofSeconds(20));
        assertThat(arrived).contains("Subject: a reply").contains("and the last one").doesNotContain("hidden@example.org");
        var sent = "/users/" + user + "/mailboxes/" + api.mailbox(user, "Sent Mail") + "/messages";
        assertThat(api.get(sent).json().get("results").get(0).get("subject").asString()).isEqualTo("a reply");
    }

    @Test
    void curlSubmitsOverTlsFromTheFirstByte() throws IOException, InterruptedException {
        user("curler");
        var file = Files.writeString(directory.resolve("curl.eml"), "From: curler@example.com\r\nTo: one@example.org\r\nSubject: by curl\r\n\r\nhello\r\n");
        var ran = run(
                "curl", "-sk", "--url", "smtps://127.0.0.1:" + server.port("submissions"), "-u", "curler:secret", "--mail-from",
                "curler@example.com", "--mail-rcpt", "one@example.org", "-T", file.toString());
        assertThat(ran.status()).isZero();
        assertThat(sink.await("one@example.org", Duration.ofSeconds(20))).contains("Subject: by curl").contains("Message-ID: <");
    }

    @Test
    void aRefusedRecipientYieldsAReportInTheInbox() throws IOException, InterruptedException {
        var user = user("bounced");
        var ran = run(
                "swaks", "--server", "127.0.0.1", "--port", "" + server.port("submission"), "--tls-optional", "--auth", "LOGIN",
                "--auth-user", "bounced", "--auth-password", "secret", "--from", "bounced@example.com", "--to",
                "refused@example.org", "--header", "Subject: cannot arrive");
        assertThat(ran.status()).as("%s", ran.text()).isZero();
        var inbox = "/users/" + user + "/mailboxes/" + api.mailbox(user, "INBOX") + "/messages";
        var end = Instant.now().plusSeconds(20);
        while (api.get(inbox).json().get("total").asLong() == 0 && Instant.now().isBefore(end)) {
            Thread.sleep(100);
        }
        var report = new String(onlyMessage(user), StandardCharsets.UTF_8);
        assertThat(report)
                .contains("multipart/report")
                .contains("message/delivery-status")
                .contains("Action: failed")
                .contains("Final-Recipient: rfc822; refused@example.org")
                .contains("Return-Path: <>");
    }
}
