package org.pintail.backend.memory;

import org.pintail.backend.AttachmentsContract;
import org.pintail.backend.CountersContract;
import org.pintail.backend.DocumentsContract;
import org.pintail.backend.EventsContract;
import org.pintail.backend.ImportsContract;
import org.pintail.backend.JobsContract;
import org.pintail.backend.LocksContract;
import org.pintail.backend.MailboxesContract;
import org.pintail.backend.MessagesContract;
import org.pintail.backend.OneTimeContract;
import org.pintail.backend.QueueContract;
import org.pintail.backend.SeatsContract;
import org.pintail.backend.SignalsContract;
import org.pintail.backend.Store;
import org.pintail.backend.TestClock;

/// The memory engine keeps every contract.
class MemoryStoreTest
        implements AttachmentsContract,
                CountersContract,
                DocumentsContract,
                EventsContract,
                JobsContract,
                LocksContract,
                ImportsContract,
                MailboxesContract,
                MessagesContract,
                OneTimeContract,
                QueueContract,
                SeatsContract,
                SignalsContract {
    private final TestClock clock = new TestClock();
    private final MemoryStore store = new MemoryStore(clock);

    @Override
    public Store store() {
        return store;
    }

    @Override
    public TestClock clock() {
        return clock;
    }
}
