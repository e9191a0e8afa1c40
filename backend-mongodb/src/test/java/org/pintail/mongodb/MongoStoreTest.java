package org.pintail.mongodb;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.pintail.backend.AttachmentsContract;
import org.pintail.backend.CountersContract;
import org.pintail.backend.DocumentsContract;
import org.pintail.backend.EventsContract;
import org.pintail.backend.ImportsContract;
import org.pintail.backend.JobsContract;
import org.pintail.backend.LocksContract;
import org.pintail.backend.MailboxesContract;
import org.pintail.backend.MessagesContract;
import org.pintail.backend.QueueContract;
import org.pintail.backend.Store;
import org.pintail.backend.TestClock;

/// The MongoDB engine keeps every contract: in process, or on the server of `PINTAIL_TEST_MONGODB_URL`.
class MongoStoreTest
        implements AttachmentsContract,
                CountersContract,
                DocumentsContract,
                EventsContract,
                JobsContract,
                LocksContract,
                ImportsContract,
                MailboxesContract,
                MessagesContract,
                QueueContract {
    private static final RecordedCommands RECORDED = new RecordedCommands();
    private final TestClock clock = new TestClock();
    private final TestServer server = TestServer.start();
    private MongoStore store;

    @BeforeEach
    void open() {
        store = server.open(clock, RECORDED);
    }

    @AfterEach
    void close() {
        server.close(store);
    }

    /// What all contracts asked of the database was covered by the indexes of the data model, and found its shard.
    @AfterAll
    static void everyQueryHadAnIndex() {
        assertThat(RECORDED.problems()).isEmpty();
        assertThat(RECORDED.queries()).hasSizeGreaterThan(40);
    }

    @Override
    public Store store() {
        return store;
    }

    @Override
    public TestClock clock() {
        return clock;
    }
}
