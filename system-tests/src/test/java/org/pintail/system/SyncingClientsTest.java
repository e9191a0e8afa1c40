package org.pintail.system;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/// Programs that keep a copy of a mailbox, or empty it: everything comes over once, changes go both ways, and the next run finds nothing to do.
/// ImapFlow and Nodemailer come from npm: `PINTAIL_NPM` is the folder where `npm install imapflow nodemailer` was run.
class SyncingClientsTest extends AgainstOneServer {
    private static final int MESSAGES = 3;

    private static String message(int number) {
        return "From: friend@example.org\r\nSubject: number " + number + "\r\nMessage-ID: <" + number
                + "@example.org>\r\n\r\nTere \u00f5htust " + number + "\r\n.dot\r\nFrom here\r\n";
    }

    /// An account with three messages in its INBOX; the path of their listing.
    private static String inbox(String name) throws IOException {
        var user = api.createUser(name, "secret", name + "@example.com");
        var inbox = "/users/" + user + "/mailboxes/" + api.mailbox(user, "INBOX") + "/messages";
        for (int i = 1; i <= MESSAGES; i++) {
            var reply = api.upload(inbox + "?unseen=true&date=2026-11-02T08:00:0" + i + "Z", message(i).getBytes(StandardCharsets.UTF_8));
            assertThat(reply.status()).isEqualTo(200);
        }
        return inbox;
    }

    /// Subjects with the flags that count, in order of UID: `number 1 seen flagged`.
    private static List<String> listed(String inbox) throws IOException {
        var found = new ArrayList<String>();
        for (var m : api.get(inbox + "?order=asc").json().get("results")) {
            found.add(m.get("subject").asString() + (m.get("seen").asBoolean() ? " seen" : "") + (m.get("flagged").asBoolean() ? " flagged" : ""));
        }
        return found;
    }

    private static void run(String... command) throws IOException, InterruptedException {
        var ran = Program.run(directory, command);
        assertThat(ran.status()).as("%s", ran.text()).isZero();
    }

    /// Files of a maildir's `cur` and `new`, sorted.
    private static List<Path> files(Path maildir) throws IOException {
        var all = new ArrayList<Path>();
        for (var part : List.of("cur", "new")) {
            try (var files = Files.list(maildir.resolve(part))) {
                all.addAll(files.toList());
            }
        }
        return all.stream().sorted().toList();
    }

    private static Path holding(Path maildir, String text) throws IOException {
        for (var file : files(maildir)) {
            if (Files.readString(file).contains(text)) {
                return file;
            }
        }
        throw new AssertionError("no message with " + text + " in " + files(maildir));
    }

    /// With a maildir that holds the three messages: one is read and flagged, one removed, one written, and one flagged at the server.
    private static void syncBothWays(String inbox, Path maildir, Sync sync) throws IOException, InterruptedException {
        sync.run();
        assertThat(files(maildir)).hasSize(MESSAGES);
        assertThat(Files.readString(holding(maildir, "Subject: number 2")).replace("\n", "\r\n")).endsWith(message(2).substring(message(2).indexOf("\r\n\r\n")));
        var first = holding(maildir, "Subject: number 1");
        var name = first.getFileName().toString();
        Files.move(first, maildir.resolve("cur").resolve(name.substring(0, name.indexOf(':')) + ":2,FS"));
        Files.delete(holding(maildir, "Subject: number 2"));
        Files.writeString(maildir.resolve("new/1.local"), "From: me@example.com\nSubject: pushed\n\nfrom the maildir\n");
        api.put(inbox + "/3", Map.of("flagged", true));
        sync.run();
        assertThat(listed(inbox)).containsExactly("number 1 seen flagged", "number 3 flagged", "pushed");
        var here = files(maildir);
        assertThat(here).hasSize(MESSAGES);
        assertThat(holding(maildir, "Subject: number 3").getFileName().toString()).contains(":2,").contains("F");
        sync.run();
        assertThat(listed(inbox)).containsExactly("number 1 seen flagged", "number 3 flagged", "pushed");
        assertThat(files(maildir)).as("the third run has nothing to do").isEqualTo(here);
    }

    private interface Sync {
        void run() throws IOException, InterruptedException;
    }

    @Test
    void mbsync() throws IOException, InterruptedException {
        assumeTrue(Program.isThere("mbsync"), "mbsync is not installed");
        var inbox = inbox("mbsyncer");
        var maildir = Files.createDirectories(directory.resolve("mbsync"));
        var config = Files.writeString(directory.resolve("mbsync.rc"), """
                IMAPStore server
                Host 127.0.0.1
                Port %d
                User mbsyncer
                Pass secret
                SSLType None

                MaildirStore local
                Path %s/
                Inbox %s/INBOX
                SubFolders Verbatim

                Channel all
                Far :server:
                Near :local:
                Patterns *
                Create Both
                Sync All
                Expunge Both
                CopyArrivalDate yes
                SyncState *
                """.formatted(server.port("imap"), maildir, maildir));
        syncBothWays(inbox, maildir.resolve("INBOX"), () -> run("mbsync", "-c", config.toString(), "-a"));
    }

    @Test
    void offlineImap() throws IOException, InterruptedException {
        assumeTrue(Program.isThere("offlineimap"), "offlineimap is not installed");
        var inbox = inbox("offliner");
        var config = Files.writeString(directory.resolve("offlineimap.rc"), """
                [general]
                accounts = main
                metadata = %1$s/offlineimap-state
                ui = basic
                socktimeout = 20
                [Account main]
                localrepository = local
                remoterepository = remote
                [Repository local]
                type = Maildir
                localfolders = %1$s/offlineimap
                [Repository remote]
                type = IMAP
                remotehost = 127.0.0.1
                remoteport = %2$d
                remoteuser = offliner
                remotepass = secret
                ssl = no
                starttls = no
                """.formatted(directory, server.port("imap")));
        syncBothWays(inbox, directory.resolve("offlineimap/INBOX"), () -> run("offlineimap", "-c", config.toString(), "-o"));
    }

    /// Delivers into files; returns how many there are.
    private static int delivered(Path into) throws IOException {
        int count = 0;
        try (Stream<Path> files = Files.list(into)) {
            for (var file : files.toList()) {
                assertThat(Files.readString(file).replace("\r\n", "\n")).contains("\n\nTere \u00f5htust ").contains("\n.dot\nFrom here\n");
                count++;
            }
        }
        return count;
    }

    /// Status 1 of fetchmail: there was nothing to fetch.
    @Test
    void fetchmail() throws IOException, InterruptedException {
        assumeTrue(Program.isThere("fetchmail"), "fetchmail is not installed");
        var inbox = inbox("fetcher");
        var into = Files.createDirectories(directory.resolve("fetchmail"));
        var rules = """
                poll 127.0.0.1 protocol %s port %d
                  user fetcher password secret sslproto '' %s mda "cat > $(mktemp %s/XXXXXX)"
                """;
        var keeping = privately("fetchmail-imap.rc", rules.formatted("imap", server.port("imap"), "keep", into));
        var emptying = privately("fetchmail-pop.rc", rules.formatted("pop3", server.port("pop3"), "fetchall nokeep", into));
        assertThat(fetchmail(keeping)).isZero();
        assertThat(delivered(into)).isEqualTo(MESSAGES);
        assertThat(listed(inbox)).containsExactly("number 1 seen", "number 2 seen", "number 3 seen");
        assertThat(fetchmail(keeping)).isEqualTo(1);
        assertThat(delivered(into)).isEqualTo(MESSAGES);
        assertThat(fetchmail(emptying)).isZero();
        assertThat(delivered(into)).isEqualTo(2 * MESSAGES);
        assertThat(listed(inbox)).isEmpty();
        assertThat(fetchmail(emptying)).isEqualTo(1);
    }

    private static Path privately(String name, String text) throws IOException {
        var file = Files.writeString(directory.resolve(name), text);
        Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rw-------"));
        return file;
    }

    private static int fetchmail(Path config) throws IOException, InterruptedException {
        var home = directory.toString();
        return Program.run(directory, Map.of("FETCHMAILHOME", home), "fetchmail", "-f", config.toString(), "-N", "--nosyslog", "--idfile", home + "/fetchids")
                .status();
    }

    @Test
    void getmail() throws IOException, InterruptedException {
        assumeTrue(Program.isThere("getmail"), "getmail is not installed");
        var inbox = inbox("getter");
        var into = Files.createDirectories(directory.resolve("getmail"));
        getmail(into, "SimplePOP3Retriever", "pop3", false);
        assertThat(delivered(into)).isEqualTo(MESSAGES);
        getmail(into, "SimplePOP3Retriever", "pop3", false);
        assertThat(delivered(into)).as("it knows what it has seen").isEqualTo(MESSAGES);
        getmail(into, "SimpleIMAPRetriever", "imap", true);
        assertThat(delivered(into)).isEqualTo(2 * MESSAGES);
        assertThat(listed(inbox)).isEmpty();
    }

    private static void getmail(Path into, String retriever, String protocol, boolean delete) throws IOException, InterruptedException {
        var config = Files.writeString(directory.resolve("getmail-" + protocol + ".rc"), """
                [retriever]
                type = %s
                server = 127.0.0.1
                port = %d
                username = getter
                password = secret
                [destination]
                type = MDA_external
                path = /bin/sh
                arguments = ("-c", "cat > $(mktemp %s/XXXXXX)")
                allow_root_commands = true
                [options]
                read_all = false
                delete = %s
                """.formatted(retriever, server.port(protocol), into, delete));
        run("getmail", "-g", directory.toString(), "-r", config.toString());
    }

    @Test
    void imapFlowAndNodemailer() throws IOException, InterruptedException {
        var folder = System.getenv().getOrDefault("PINTAIL_NPM", "");
        assumeTrue(!folder.isEmpty(), "PINTAIL_NPM names no folder with imapflow and nodemailer");
        var inbox = inbox("flow");
        var program = Path.of(folder, "pintail-imapflow.mjs"); // beside node_modules, where node looks for them
        try (var script = Objects.requireNonNull(SyncingClientsTest.class.getResourceAsStream("imapflow.mjs"))) {
            Files.write(program, script.readAllBytes());
        }
        var ran = Program.run(directory, "node", program.toString(), "127.0.0.1", "" + server.port("imap"), "" + server.port("submission"), "flow", "secret");
        Files.delete(program);
        assertThat(ran.status()).as("%s", ran.text()).isZero();
        var seen = JsonMapper.shared().readTree(ran.text());
        assertThat(strings(seen.get("accepted"))).containsExactly("friend@example.org");
        assertThat(sink.await("friend@example.org", Duration.ofSeconds(20))).contains("Subject: =?UTF-8?", "multipart/mixed", "from Nodemailer");
        assertThat(seen.get("secure").asBoolean()).isTrue();
        assertThat(strings(seen.get("enabled"))).containsExactly("CONDSTORE", "IMAP4REV2", "QRESYNC", "UTF8=ACCEPT");
        assertThat(strings(seen.get("folders")))
                .containsExactlyInAnyOrder("INBOX \\Inbox 3", "Drafts \\Drafts 0", "Junk \\Junk 0", "Sent Mail \\Sent 0", "Trash \\Trash 0");
        assertThat(seen.get("appended").toString()).isEqualTo("{\"uid\":1,\"path\":\"Projects/M\u00e4rkmed\"}");
        assertThat(seen.get("messages").toString()).isEqualTo("[[1,\"note\",\"\\\\Seen marked\",32],[2,\"second\",\"\",22]]");
        assertThat(seen.get("found").toString()).isEqualTo("[1]");
        assertThat(seen.get("text").asString()).isEqualTo("from ImapFlow\r\n");
        assertThat(seen.get("copied").toString() + seen.get("moved") + seen.get("left")).isEqualTo("[1][2]1");
        assertThat(seen.get("came").asInt()).as("told while it idled").isEqualTo(1);
        assertThat(strings(seen.get("changed"))).containsExactly("\\Answered");
        assertThat(strings(seen.get("renamed"))).containsExactly("Old", "Old/M\u00e4rkmed");
        assertThat(seen.get("quota").asBoolean()).isTrue();
        assertThat(seen.get("inbox").asInt()).isZero();
        assertThat(listed(inbox)).isEmpty();
    }

    private static List<String> strings(JsonNode array) {
        var all = new ArrayList<String>();
        array.forEach(each -> all.add(each.asString()));
        return all;
    }
}
