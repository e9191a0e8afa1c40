package org.pintail.smtp;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.file.Path;
import java.time.Duration;
import org.pintail.net.Loopback;
import org.pintail.testkit.Wire;

/// A server that takes messages up to 1000 bytes and five recipients.
final class SmtpFixture implements AutoCloseable {
    static final int MAX_SIZE = 1000;
    static final SmtpLimits LIMITS = new SmtpLimits(200, Duration.ofSeconds(10), 5, Duration.ofSeconds(10));
    private static final String HELLO = """
            S: 220 mx.example.org ESMTP Pintail
            C: HELO client.example
            S: 250 mx.example.org greets ...
            """;
    private final RecordingPolicy policy;
    private final Loopback loopback;

    SmtpFixture(Path directory) throws IOException {
        this(directory, settings(false, false), LIMITS);
    }

    SmtpFixture(Path directory, SmtpPolicy.Settings settings, SmtpLimits limits) throws IOException {
        policy = new RecordingPolicy(settings);
        loopback = new Loopback(directory, new SmtpServer(policy, limits, directory));
    }

    static SmtpPolicy.Settings settings(boolean lmtp, boolean auth) {
        return new SmtpPolicy.Settings("mx.example.org", "Pintail", lmtp, auth, auth, MAX_SIZE, 5);
    }

    RecordingPolicy policy() {
        return policy;
    }

    /// The message that came last.
    RecordingPolicy.Received last() {
        return policy.received().getLast();
    }

    void drain() {
        loopback.drain();
    }

    InetSocketAddress address() {
        return loopback.address();
    }

    Wire connect() throws IOException {
        return loopback.connect();
    }

    Wire connectFromAfar() throws IOException {
        return loopback.connectFromAfar();
    }

    /// Greeting and EHLO are over.
    Wire greeted() throws IOException {
        var wire = connect();
        wire.reply();
        wire.send("EHLO client.example").reply();
        return wire;
    }

    /// With HELO, no extensions.
    Wire greetedPlainly() throws IOException {
        return connect().play(HELLO);
    }

    /// The next thing is the message.
    Wire atData() throws IOException {
        var wire = greeted();
        wire.send("MAIL FROM:<a@example.com>", "RCPT TO:<b@example.org>", "DATA").codes(3);
        return wire;
    }

    @Override
    public void close() {
        loopback.close();
    }
}
