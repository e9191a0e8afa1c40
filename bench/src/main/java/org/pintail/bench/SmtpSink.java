package org.pintail.bench;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;

/// Postfix's `smtp-sink`: takes every message, throws it away and counts.
final class SmtpSink implements AutoCloseable {
    private final int port;
    private final Process process;
    private final AtomicInteger messages = new AtomicInteger();

    private SmtpSink(int port, Process process) {
        this.port = port;
        this.process = process;
    }

    static SmtpSink start() throws IOException {
        int port = Ports.free();
        var process = new ProcessBuilder(List.of("smtp-sink", "-c", "-u", "nobody", "127.0.0.1:" + port, "1000")).redirectErrorStream(true).start();
        var sink = new SmtpSink(port, process);
        Thread.ofPlatform().daemon().start(() -> sink.count(process.getInputStream()));
        Ports.awaitListener(port);
        return sink;
    }

    /// It prints `sess=1 quit=1 mesg=1` and a CR again and again.
    private void count(InputStream counters) {
        try (counters) {
            var buffer = new byte[64 * 1024];
            var rest = "";
            for (int n = counters.read(buffer); n >= 0; n = counters.read(buffer)) {
                var text = rest + new String(buffer, 0, n, StandardCharsets.US_ASCII);
                int end = text.lastIndexOf('\r');
                var latest = latest(text.substring(0, Math.max(0, end)));
                if (latest != null) {
                    messages.set(latest);
                }
                rest = text.substring(end + 1);
            }
        } catch (IOException e) {
            System.err.println("smtp-sink's counters ended: " + e);
        }
    }

    private static @Nullable Integer latest(String counters) {
        int at = counters.lastIndexOf("mesg=");
        var digits = at < 0 ? "" : counters.substring(at + 5).strip();
        return digits.isEmpty() ? null : Integer.valueOf(digits);
    }

    int port() {
        return port;
    }

    int messages() {
        return messages.get();
    }

    /// Until so many messages have come since the start.
    void await(int count) throws IOException {
        long until = System.nanoTime() + TimeUnit.MINUTES.toNanos(3);
        while (messages.get() < count) {
            if (System.nanoTime() > until) {
                throw new IOException("the sink has " + messages.get() + " of " + count + " messages");
            }
            LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(2));
        }
    }

    @Override
    public void close() {
        Tool.end(process);
    }
}
