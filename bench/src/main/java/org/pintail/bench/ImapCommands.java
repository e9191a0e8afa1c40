package org.pintail.bench;

import java.io.IOException;

/// What a client asks of a mailbox of 10,000 or 100,000 messages, again and again in one session.
final class ImapCommands {
    private static final int MAILBOX = 10_000;
    private static final int COPIES = 10;
    private static final int FILLERS = 10;
    private final ImapLines lines;
    private boolean filled;

    ImapCommands(ImapLines lines) {
        this.lines = lines;
    }

    void measure() throws IOException {
        command("SELECT of 10,000", "big", 900, "SELECT big");
        command("SELECT of 100,000", "huge", 900, "SELECT huge");
        command("STATUS of 100,000", "big", 3000, "STATUS huge (MESSAGES UNSEEN UIDNEXT)");
        command("NOOP", "big", 5000, "NOOP");
        command("FETCH 1:* (FLAGS), 10,000", "big", 50, "FETCH 1:* (FLAGS)");
        command("FETCH 1:* (ENVELOPE BODYSTRUCTURE), 10,000", "big", 10, "FETCH 1:* (ENVELOPE BODYSTRUCTURE)");
        command("FETCH 1:* (BODY.PEEK[]), 10,000 of 10 KB", "big", 5, "FETCH 1:* (BODY.PEEK[])");
        command("FETCH 5000 (BODY.PEEK[]), one of 10 KB", "big", 3000, "FETCH 5000 (BODY.PEEK[])");
        command("STORE 5000 (FLAGS), one", "big", 3000, "STORE 5000 +FLAGS (\\Flagged)", "STORE 5000 -FLAGS (\\Flagged)");
        command("STORE 1:* (FLAGS), 10,000", "big", 4, "STORE 1:* +FLAGS.SILENT (\\Flagged)", "STORE 1:* -FLAGS.SILENT (\\Flagged)");
        command("SEARCH SUBJECT, 10,000", "big", 30, "SEARCH SUBJECT \"no such words\"");
        command("SEARCH BODY, 1,000", "big", 5, "SEARCH 1:1000 BODY \"no such words\"");
        command("SORT (DATE), 100,000", "huge", 30, "SORT (DATE) UTF-8 ALL");
        command("SORT (SUBJECT), 10,000", "big", 50, "SORT (SUBJECT) UTF-8 ALL");
        command("THREAD REFERENCES, 10,000", "big", 50, "THREAD REFERENCES UTF-8 ALL");
    }

    private void command(String title, String mailbox, int times, String... commands) throws IOException {
        if (lines.wants(title) && !filled) {
            for (var peer : lines.peers()) {
                fill(peer);
            }
            filled = true;
        }
        lines.line(title, peer -> {
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
