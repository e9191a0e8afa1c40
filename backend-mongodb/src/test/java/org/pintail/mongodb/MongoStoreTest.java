package org.pintail.mongodb;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.pintail.backend.AttachmentsContract;
import org.pintail.backend.CountersContract;
import org.pintail.backend.DocumentsContract;
import org.pintail.backend.EventsContract;
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
                MailboxesContract,
                MessagesContract,
                QueueContract {
    private final TestClock clock = new TestClock();
    private final TestServer server = TestServer.start();
    private MongoStore store;

    @BeforeEach
    void open() {
        store = server.open(clock);
    }

    @AfterEach
    void close() {
        server.close(store);
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
