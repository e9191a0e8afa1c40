package org.pintail.system;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.regex.Pattern;

/// Mail that was sent under load, and what was said about each message. A message is sent once: where the reply was lost it may be there or not,
/// but never twice. Clients wait a little between two messages: the stand-in for MongoDB keeps all of them in the heap of the tests, and the more
/// the faster the machine is.
final class Ledger {
    private static final Pattern SUBJECT = Pattern.compile("UID (\\d+).*?\"(m-\\d+)\"");
    private final InetSocketAddress mx;
    private final String recipient;
    private final Set<String> acknowledged = ConcurrentHashMap.newKeySet();
    private final Set<String> uncertain = ConcurrentHashMap.newKeySet();
    private final AtomicInteger refused = new AtomicInteger();
    private final AtomicInteger next = new AtomicInteger();
    private final List<Thread> threads = new ArrayList<>();
    private volatile boolean stopping;

    Ledger(InetSocketAddress mx, String recipient) {
        this.mx = mx;
        this.recipient = recipient;
    }

    void begin(int clients) {
        for (int i = 0; i < clients; i++) {
            threads.add(Thread.ofVirtual().start(this::send));
        }
    }

    private void send() {
        while (!stopping) {
            try (var client = new LineClient(mx)) {
                expect(client, "220");
                client.send("HELO client.example");
                expect(client, "250");
                for (int n = 0; n < 5 && !stopping; n++) {
                    send(client);
                    pause();
                }
            } catch (IOException lost) {
                pause();
            }
        }
    }

    private void send(LineClient client) throws IOException {
        var name = "m-" + next.incrementAndGet();
        for (var command : List.of("MAIL FROM:<sender@example.net>", "RCPT TO:<" + recipient + ">", "DATA")) {
            client.send(command);
            expect(client, command.equals("DATA") ? "354" : "250");
        }
        uncertain.add(name);
        client.send("Subject: " + name + "\r\n\r\nunder load\r\n.");
        var reply = client.read();
        if (reply.startsWith("250")) {
            acknowledged.add(name);
        } else {
            refused.incrementAndGet();
        }
        uncertain.remove(name);
    }

    private static void expect(LineClient client, String code) throws IOException {
        var reply = client.read();
        if (!reply.startsWith(code)) {
            throw new IOException(reply);
        }
    }

    private static void pause() {
        try {
            Thread.sleep(50);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    int acknowledged() {
        return acknowledged.size();
    }

    void end() throws InterruptedException {
        stopping = true;
        for (var thread : threads) {
            thread.join();
        }
    }

    /// Compares with what is in the INBOX that is selected there.
    String check(LineClient imap) throws IOException {
        var there = new ArrayList<String>();
        long last = 0;
        for (var line : imap.imap("FETCH 1:* (UID ENVELOPE)")) {
            var found = SUBJECT.matcher(line);
            if (found.find()) {
                long uid = Long.parseLong(found.group(1));
                assertThat(uid).as("uids ascend").isGreaterThan(last);
                last = uid;
                there.add(found.group(2));
            }
        }
        assertThat(there).as("nothing twice").doesNotHaveDuplicates();
        assertThat(there).as("nothing acknowledged is missing").containsAll(acknowledged);
        assertThat(uncertain).as("and nothing that was not sent").containsAll(there.stream().filter(m -> !acknowledged.contains(m)).toList());
        return acknowledged.size() + " acknowledged, " + there.size() + " there, " + uncertain.size() + " without a reply, " + refused + " refused";
    }
}
