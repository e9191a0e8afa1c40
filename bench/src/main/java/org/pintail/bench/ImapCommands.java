package org.pintail.bench;

import java.io.IOException;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.regex.Pattern;

/// What a client asks of a mailbox of 10,000 or 100,000 messages, again and again in one session. Every sample has a session of its own; so many samples come before
/// those that count that Pintail's JVM has compiled what it does.
final class ImapCommands {
    private static final int MAILBOX = 10_000;
    private static final int COPIES = 10;
    private static final int FILLERS = 10;
    private static final int RESUMES = 100;
    private static final int CHANGED = 50;
    private static final Pattern VALIDITY = Pattern.compile("UIDVALIDITY (\\d+)");
    private static final Pattern MODSEQ = Pattern.compile("HIGHESTMODSEQ (\\d+)");
    private final ImapLines lines;
    private final AtomicInteger mailboxes = new AtomicInteger();
    private boolean filled;

    ImapCommands(ImapLines lines) {
        this.lines = lines;
    }

    void measure() throws IOException {
        command("SELECT of 10,000", 20, "big", 900, "SELECT big");
        command("SELECT of 100,000", 20, "huge", 900, "SELECT huge");
        selectCold("SELECT of 100,000, cold");
        resume("QRESYNC, 50 changes in 100,000");
        command("STATUS of 100,000", 6, "big", 3000, "STATUS huge (MESSAGES UNSEEN UIDNEXT)");
        command("NOOP", 4, "big", 5000, "NOOP");
        command("FETCH 1:* (FLAGS), 10,000", 4, "big", 50, "FETCH 1:* (FLAGS)");
        command("FETCH 1:* (ENVELOPE BODYSTRUCTURE), 10,000", 4, "big", 10, "FETCH 1:* (ENVELOPE BODYSTRUCTURE)");
        command("FETCH 1:* (BODY.PEEK[]), 10,000 of 10 KB", 4, "big", 5, "FETCH 1:* (BODY.PEEK[])");
        command("FETCH 5000 (BODY.PEEK[]), one of 10 KB", 6, "big", 3000, "FETCH 5000 (BODY.PEEK[])");
        command("STORE 5000 (FLAGS), one", 6, "big", 3000, "STORE 5000 +FLAGS (\\Flagged)", "STORE 5000 -FLAGS (\\Flagged)");
        command("STORE 1:* (FLAGS), 10,000", 20, "big", 4, "STORE 1:* +FLAGS.SILENT (\\Flagged)", "STORE 1:* -FLAGS.SILENT (\\Flagged)");
        command("SEARCH SUBJECT, 10,000", 4, "big", 30, "SEARCH SUBJECT \"no such words\"");
        command("SEARCH BODY, 1,000", 4, "big", 5, "SEARCH 1:1000 BODY \"no such words\"");
        command("SORT (DATE), 100,000", 3, "huge", 30, "SORT (DATE) UTF-8 ALL");
        command("SORT (SUBJECT), 10,000", 3, "big", 50, "SORT (SUBJECT) UTF-8 ALL");
        command("THREAD REFERENCES, 10,000", 3, "big", 50, "THREAD REFERENCES UTF-8 ALL");
    }

    private void command(String title, int before, String mailbox, int times, String... commands) throws IOException {
        line(title, before, peer -> {
            try (var client = ImapClient.login(peer.imapPort(), Peer.user(0))) {
                client.command("SELECT " + mailbox);
                for (var command : commands) {
                    client.command(command);
                }
                return Sample.of(peer.processes(), () -> {
                    for (int i = 0; i < times; i++) {
                        client.command(commands[i % commands.length]);
                    }
                    return times;
                });
            }
        });
    }

    /// A mailbox that was filled by COPY and that nobody has selected since the messages came: Pintail has to read its columns from the store.
    private void selectCold(String title) throws IOException {
        line(title, 4, peer -> {
            var mailbox = "cold" + mailboxes.incrementAndGet();
            try (var client = ImapClient.login(peer.imapPort(), Peer.user(0))) {
                client.command("CREATE " + mailbox);
                client.command("SELECT huge");
                client.command("COPY 1:* " + mailbox);
            }
            try (var client = ImapClient.login(peer.imapPort(), Peer.user(0))) {
                client.command("SELECT big");
                var sample = Sample.of(peer.processes(), () -> {
                    client.command("SELECT " + mailbox);
                    return 1;
                });
                client.command("UNSELECT");
                client.command("DELETE " + mailbox);
                return sample;
            }
        });
    }

    /// A client comes back that knows the mailbox as it was before the last changes, again and again with the same knowledge.
    private void resume(String title) throws IOException {
        line(title, 20, peer -> {
            try (var client = ImapClient.login(peer.imapPort(), Peer.user(0))) {
                client.command("ENABLE QRESYNC");
                client.command("SELECT huge");
                client.command("STORE 1:* -FLAGS.SILENT (\\Answered)");
                var known = client.answer("SELECT huge");
                int step = MAILBOX * COPIES / CHANGED;
                for (int i = 1; i <= CHANGED; i++) {
                    client.command("STORE " + i * step + " +FLAGS.SILENT (\\Answered)");
                }
                var resume = "SELECT huge (QRESYNC (" + ImapClient.find(VALIDITY, known) + " " + ImapClient.find(MODSEQ, known) + "))";
                return Sample.of(peer.processes(), () -> {
                    for (int i = 0; i < RESUMES; i++) {
                        client.command(resume);
                    }
                    return RESUMES;
                });
            }
        });
    }

    private void line(String title, int before, Pairs.Run run) throws IOException {
        if (lines.wants(title) && !filled) {
            for (var peer : lines.peers()) {
                fill(peer);
            }
            filled = true;
        }
        lines.line(title, before, run);
    }

    private static void fill(Peer peer) throws IOException {
        try (var client = ImapClient.login(peer.imapPort(), Peer.user(0))) {
            client.command("CREATE big");
            client.command("CREATE huge");
            Load.run(FILLERS, number -> {
                try (var filler = ImapClient.login(peer.imapPort(), Peer.user(0))) {
                    for (int i = number; i < MAILBOX; i += FILLERS) {
                        filler.append("big", TestMessage.of(i));
                    }
                }
            });
            client.command("SELECT big");
            for (int i = 0; i < COPIES; i++) {
                client.command("COPY 1:* huge");
            }
            client.command("SELECT huge");
            client.command("FETCH 1:* (FLAGS)");
            client.command("UNSELECT");
            client.command("STATUS huge (UNSEEN)");
        }
    }
}
