package org.pintail.bench;

import java.io.IOException;
import java.util.concurrent.atomic.AtomicInteger;

/// What happens to a message once: the first look at it, and that it is copied, moved, removed. Each sample has messages of its own, which nobody has
/// seen before; times are for one message. What is measured once is done to other mailboxes before, so that it is not the JVM's compilers that are
/// measured.
final class ImapOnce {
    private static final int MESSAGES = 2_000;
    private static final int BEFORE = 12;
    private static final int FILLERS = 10;
    private static final int SEEN_BEFORE = 1_000_000; // numbers of the messages of other lines are below
    private final ImapLines lines;
    private final AtomicInteger mailboxes = new AtomicInteger();

    ImapOnce(ImapLines lines) {
        this.lines = lines;
    }

    void measure() throws IOException {
        first("first FETCH (ENVELOPE BODYSTRUCTURE), a message", "FETCH 1:* (ENVELOPE BODYSTRUCTURE)");
        first("first FETCH (BODY.PEEK[]), a message", "FETCH 1:* (BODY.PEEK[])");
        first("first SEARCH SUBJECT, a message", "SEARCH SUBJECT \"no such words\"");
        first("first SORT (DATE), a message", "SORT (DATE) UTF-8 ALL");
        first("first SORT (SUBJECT), a message", "SORT (SUBJECT) UTF-8 ALL");
        first("first THREAD REFERENCES, a message", "THREAD REFERENCES UTF-8 ALL");
        first("COPY 1:*, a message", "COPY 1:* other");
        first("MOVE 1:*, a message", "MOVE 1:* other");
        first("\\Deleted and EXPUNGE, a message", "STORE 1:* +FLAGS.SILENT (\\Deleted)", "EXPUNGE");
    }

    private void first(String title, String... commands) throws IOException {
        lines.line(title, BEFORE, peer -> {
            int number = mailboxes.incrementAndGet();
            var mailbox = "once" + number;
            try (var client = ImapClient.login(peer.imapPort(), Peer.user(1))) {
                client.command("CREATE " + mailbox);
                client.command("CREATE " + mailbox + "-other");
                Load.run(FILLERS, filler -> {
                    try (var filling = ImapClient.login(peer.imapPort(), Peer.user(1))) {
                        for (int i = filler; i < MESSAGES; i += FILLERS) {
                            filling.append(mailbox, TestMessage.of(SEEN_BEFORE + number * MESSAGES + i));
                        }
                    }
                });
                client.command("SELECT " + mailbox);
                peer.processes().rest(); // from filling it
                var sample = Sample.of(peer.processes(), () -> {
                    for (var command : commands) {
                        client.command(command.replace("other", mailbox + "-other"));
                    }
                    return MESSAGES;
                });
                client.command("UNSELECT");
                client.command("DELETE " + mailbox);
                client.command("DELETE " + mailbox + "-other");
                return sample;
            }
        });
    }
}
