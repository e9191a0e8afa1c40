package org.pintail.mongodb;

import static org.assertj.core.api.Assertions.assertThat;

import com.mongodb.MongoSocketReadException;
import com.mongodb.MongoSocketReadTimeoutException;
import com.mongodb.ServerAddress;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class DeadlinesTest {
    private final Deadlines deadlines = new Deadlines(Duration.ofMillis(200));

    @AfterEach
    void close() {
        deadlines.close();
    }

    /// What a virtual thread comes to.
    private static <T> T onVirtualThread(Supplier<T> work) throws Exception {
        var result = new CompletableFuture<T>();
        Thread.ofVirtual().start(() -> {
            try {
                result.complete(work.get());
            } catch (RuntimeException | AssertionError e) {
                result.completeExceptionally(e);
            }
        });
        return result.get(20, TimeUnit.SECONDS);
    }

    @Test
    void aServerThatIsSilentIsLeft() throws Exception {
        try (var server = new ServerSocket(0, 1, InetAddress.getLoopbackAddress());
                var client = new Socket(server.getInetAddress(), server.getLocalPort())) {
            var closed = onVirtualThread(() -> {
                try {
                    deadlines.within(() -> {
                        try {
                            return client.getInputStream().read();
                        } catch (IOException e) {
                            throw new MongoSocketReadException("read", new ServerAddress(), e);
                        }
                    });
                    return false;
                } catch (MongoSocketReadTimeoutException late) {
                    assertThat(Thread.interrupted()).as("what comes next is not interrupted").isFalse();
                    return client.isClosed();
                }
            });
            assertThat(closed).isTrue();
        }
    }

    @Test
    void whatIsInTimeIsLeftAlone() throws Exception {
        assertThat(onVirtualThread(() -> {
                    for (int i = 0; i < 10; i++) {
                        deadlines.within(() -> {
                            java.util.concurrent.locks.LockSupport.parkNanos(Duration.ofMillis(90).toNanos());
                            return 1;
                        });
                    }
                    return Thread.interrupted();
                }))
                .isFalse();
    }
}
