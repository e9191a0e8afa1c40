package org.pintail.mail;

import java.time.Clock;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Consumer;
import org.pintail.backend.Attachments;
import org.pintail.backend.Chore;
import org.pintail.backend.Cluster;
import org.pintail.backend.Documents;
import org.pintail.backend.Imports;
import org.pintail.backend.Mailboxes;
import org.pintail.backend.Messages;
import org.pintail.backend.Queue;
import org.pintail.backend.Store;

/// A store whose documents tell of their changes.
record ToldStore(Store store, Documents documents) implements Store {
    @Override
    public Clock clock() {
        return store.clock();
    }

    @Override
    public Mailboxes mailboxes() {
        return store.mailboxes();
    }

    @Override
    public Messages messages() {
        return store.messages();
    }

    @Override
    public Attachments attachments() {
        return store.attachments();
    }

    @Override
    public Queue queue() {
        return store.queue();
    }

    @Override
    public Cluster cluster() {
        return store.cluster();
    }

    @Override
    public List<Chore> chores() {
        return store.chores();
    }

    @Override
    public Imports imports() {
        return store.imports();
    }

    @Override
    public long check(boolean repair, Consumer<String> problem) {
        return store.check(repair, problem);
    }

    @Override
    public Map<String, Long> others(Set<String> known) {
        return store.others(known);
    }

    @Override
    public Map<String, Long> figures() {
        return store.figures();
    }

    @Override
    public void checkWritable() {
        store.checkWritable();
    }

    @Override
    public void close() {
        store.close();
    }
}
