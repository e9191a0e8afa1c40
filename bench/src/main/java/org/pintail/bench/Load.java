package org.pintail.bench;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;

/// The same thing from several sessions at once, each on a virtual thread.
final class Load {
    private Load() {}

    /// What one session does; `number` counts from 0.
    interface Session {
        void run(int number) throws IOException;
    }

    /// Returns when all have ended; throws what the first failed with.
    static void run(int sessions, Session session) throws IOException {
        List<Future<?>> running = new ArrayList<>();
        try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
            for (int i = 0; i < sessions; i++) {
                int number = i;
                running.add(threads.submit(() -> {
                    session.run(number);
                    return true;
                }));
            }
            for (var one : running) {
                one.get();
            }
        } catch (ExecutionException e) {
            throw new IOException("a session failed: " + e.getCause(), e.getCause());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IOException("interrupted", e);
        }
    }
}
