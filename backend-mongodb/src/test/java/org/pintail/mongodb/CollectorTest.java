package org.pintail.mongodb;

import static org.assertj.core.api.Assertions.assertThat;

import com.mongodb.event.CommandListener;
import com.mongodb.event.CommandStartedEvent;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.pintail.backend.Mailbox;
import org.pintail.backend.MessageRow;
import org.pintail.backend.Samples;
import org.pintail.backend.TestClock;

/// A collector of attachments stands still before its first command, before its second, and so on. Meanwhile another process removes the
/// file to the end, and the same file comes again: the collector that goes on leaves it alone.
class CollectorTest {
    private static final Duration HELPING = Duration.ofMillis(50);
    private final TestClock clock = new TestClock();
    private final TestServer server = TestServer.start();
    private final AtomicInteger untilFrozen = new AtomicInteger();
    private final Thread tester = Thread.currentThread();
    private Runnable meanwhile = () -> {};
    private MongoStore collecting;
    private MongoStore other;

    @BeforeEach
    void open() {
        collecting = server.open(server.settings(HELPING), clock, new CommandListener() {
            @Override
            public void commandStarted(CommandStartedEvent event) {
                boolean collects = Thread.currentThread().equals(tester); // not the housekeeping beside it
                if (collects && untilFrozen.get() > 0 && untilFrozen.decrementAndGet() == 0) {
                    meanwhile.run();
                }
            }
        });
        other = server.open(server.settings(HELPING), clock, null);
    }

    @AfterEach
    void close() {
        collecting.close();
        server.close(other);
    }

    @Test
    void aFileThatCameAgainStays() throws IOException {
        boolean frozen = true;
        for (int point = 1; frozen; point++) {
            var inbox = Samples.inbox(other);
            var sample = Samples.inPieces(point);
            var row = append(inbox, sample);
            other.messages().expunge(inbox.id(), List.of(row.uid()), null);
            var again = new MessageRow[1];
            meanwhile = () -> {
                other.attachments().collect();
                again[0] = append(inbox, sample);
            };
            untilFrozen.set(point);
            collecting.attachments().collect();
            frozen = untilFrozen.getAndSet(0) == 0;
            var kept = frozen ? again[0] : append(inbox, sample);
            assertThat(other.messages().open(kept).readAll()).as("point %d", point).isEqualTo(sample.raw());
            assertThat(other.attachments().references(sample.identityHex())).as("point %d", point).isEqualTo(1);
            assertThat(other.check(false, problem -> {})).as("point %d", point).isZero();
            assertThat(point).as("commands of one collection").isLessThan(100);
        }
    }

    private MessageRow append(Mailbox inbox, Samples.InPieces sample) {
        return other.messages().append(List.of(sample.message(inbox))).getFirst();
    }
}
