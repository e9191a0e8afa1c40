package org.pintail.backend.memory;

import java.time.Clock;
import java.util.Map;
import java.util.function.Consumer;
import org.pintail.backend.Attachments;
import org.pintail.backend.Cluster;
import org.pintail.backend.Documents;
import org.pintail.backend.Imports;
import org.pintail.backend.LocalCluster;
import org.pintail.backend.Mailboxes;
import org.pintail.backend.Messages;
import org.pintail.backend.Queue;
import org.pintail.backend.Store;
import org.pintail.backend.StoreException;

/// A [Store] in memory.
public final class MemoryStore implements Store {
    private final Clock clock;
    private final Cluster cluster;
    private final MemoryDocuments documents;
    private final Pieces pieces = new Pieces();
    private final MailState state;
    private final MemoryMailboxes mailboxes;
    private final MemoryMessages messages;
    private final MemoryQueue queue = new MemoryQueue();
    private volatile boolean closed;

    /// `clock` tells uidValidity, the age of journal entries and documents, and the windows of counters.
    public MemoryStore(Clock clock) {
        this(clock, new LocalCluster(clock));
    }

    public MemoryStore(Clock clock, Cluster cluster) {
        this.clock = clock;
        this.cluster = cluster;
        documents = new MemoryDocuments(clock);
        state = new MailState(clock, pieces, cluster.events());
        mailboxes = new MemoryMailboxes(state);
        messages = new MemoryMessages(state);
    }

    @Override
    public Clock clock() {
        return clock;
    }

    @Override
    public Documents documents() {
        return documents;
    }

    @Override
    public Mailboxes mailboxes() {
        return mailboxes;
    }

    @Override
    public Messages messages() {
        return messages;
    }

    @Override
    public Attachments attachments() {
        return pieces;
    }

    @Override
    public Queue queue() {
        return queue;
    }

    @Override
    public Cluster cluster() {
        return cluster;
    }

    @Override
    public Imports imports() {
        return new MemoryImports(state);
    }

    /// Counters here are changed under one lock with what they count: they cannot disagree.
    @Override
    public long check(boolean repair, Consumer<String> problem) {
        return 0;
    }

    @Override
    public Map<String, Long> figures() {
        return Map.of("commits", state.steps(), "attachments", pieces.count(), "queued", queue.count());
    }

    @Override
    public void checkWritable() {
        if (closed) {
            throw new StoreException.Unavailable("the store is closed");
        }
    }

    @Override
    public void close() {
        closed = true;
    }
}
