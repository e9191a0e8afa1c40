package org.pintail.system;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/// The mail server of somebody else: keeps what comes by recipient, refuses recipients whose name begins with `refused`, and thinks for two
/// seconds about messages for those whose name begins with `slow`.
final class CapturingServer implements AutoCloseable {
    private final ServerSocket socket;
    private final Map<String, String> byRecipient = new ConcurrentHashMap<>();
    private final Map<String, Integer> times = new ConcurrentHashMap<>();
    private final Map<String, String> senders = new ConcurrentHashMap<>();

    private CapturingServer(ServerSocket socket) {
        this.socket = socket;
    }

    static CapturingServer start() throws IOException {
        var server = new CapturingServer(new ServerSocket(0, 100, InetAddress.getLoopbackAddress()));
        Thread.ofVirtual().name("capturing").start(server::accept);
        return server;
    }

    int port() {
        return socket.getLocalPort();
    }

    private void accept() {
        while (!socket.isClosed()) {
            try {
                var client = socket.accept();
                Thread.ofVirtual().start(() -> serve(client));
            } catch (IOException closed) {
                return;
            }
        }
    }

    private void serve(Socket client) {
        try (client) {
            var in = new BufferedReader(new InputStreamReader(client.getInputStream(), StandardCharsets.UTF_8));
            say(client, "220 other.example.org");
            List<String> recipients = new ArrayList<>();
            var sender = "";
            for (var line = in.readLine(); line != null; line = in.readLine()) {
                var word = line.split("[ :]", 2)[0].toUpperCase(java.util.Locale.ROOT);
                switch (word) {
                    case "MAIL" -> {
                        sender = line.substring(line.indexOf('<') + 1, line.indexOf('>'));
                        say(client, "250 2.1.0 ok");
                    }
                    case "RCPT" -> {
                        var recipient = line.substring(line.indexOf('<') + 1, line.indexOf('>'));
                        boolean refused = recipient.startsWith("refused");
                        if (!refused) {
                            recipients.add(recipient);
                        }
                        say(client, refused ? "550 5.1.1 nobody of that name" : "250 2.1.5 ok");
                    }
                    case "DATA" -> {
                        say(client, "354 go on");
                        var message = data(in);
                        think(recipients);
                        for (var recipient : recipients) {
                            senders.put(recipient, sender);
                            byRecipient.put(recipient, message);
                            times.merge(recipient, 1, Integer::sum);
                        }
                        recipients.clear();
                        say(client, "250 2.0.0 kept");
                    }
                    case "QUIT" -> {
                        say(client, "221 2.0.0 bye");
                        return;
                    }
                    case "EHLO" -> say(client, "250-other.example.org\r\n250-PIPELINING\r\n250 8BITMIME");
                    default -> say(client, "250 2.0.0 ok");
                }
            }
        } catch (IOException e) {
            // the other side left: nothing of that session counts
            Thread.currentThread().interrupt();
        }
    }

    private static void think(List<String> recipients) throws IOException {
        if (recipients.stream().anyMatch(r -> r.startsWith("slow"))) {
            try {
                Thread.sleep(2000);
            } catch (InterruptedException e) {
                throw new IOException(e);
            }
        }
    }

    /// How often a message came for each recipient.
    Map<String, Integer> times() {
        return times;
    }

    private static String data(BufferedReader in) throws IOException {
        var message = new StringBuilder();
        for (var line = in.readLine(); line != null && !line.equals("."); line = in.readLine()) {
            message.append(line.startsWith(".") ? line.substring(1) : line).append('\n');
        }
        return message.toString();
    }

    private static void say(Socket client, String reply) throws IOException {
        client.getOutputStream().write((reply + "\r\n").getBytes(StandardCharsets.UTF_8));
        client.getOutputStream().flush();
    }

    /// The last message for a recipient; throws `IOException` when none came in time.
    String await(String recipient, Duration atMost) throws IOException, InterruptedException {
        long end = System.nanoTime() + atMost.toNanos();
        while (System.nanoTime() < end) {
            var message = byRecipient.get(recipient);
            if (message != null) {
                return message;
            }
            Thread.sleep(50);
        }
        throw new IOException("nothing came for " + recipient + ", only for " + byRecipient.keySet());
    }

    /// Who the last message for a recipient came from, by its envelope.
    String sender(String recipient) {
        return senders.getOrDefault(recipient, "");
    }

    /// The first recipient of that kind; throws `IOException` when none came in time.
    String recipientStartingWith(String prefix, Duration atMost) throws IOException, InterruptedException {
        long end = System.nanoTime() + atMost.toNanos();
        while (System.nanoTime() < end) {
            var found = byRecipient.keySet().stream().filter(r -> r.startsWith(prefix)).findFirst();
            if (found.isPresent()) {
                return found.get();
            }
            Thread.sleep(50);
        }
        throw new IOException("nothing came for " + prefix + "…, only for " + byRecipient.keySet());
    }

    @Override
    public void close() {
        try {
            socket.close();
        } catch (IOException e) {
            throw new java.io.UncheckedIOException(e);
        }
    }
}
