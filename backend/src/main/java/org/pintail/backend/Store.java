package org.pintail.backend;

import java.time.Clock;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Consumer;

/// An engine: all roles over one body of data. Opening is the engine's own business; closing waits for running commits.
public interface Store extends AutoCloseable {
    /// The time that everybody who shares this store agrees on.
    Clock clock();

    Documents documents();

    Mailboxes mailboxes();

    Messages messages();

    Attachments attachments();

    Queue queue();

    /// What the engine shares with other nodes; it was given that when it was opened, and tells it of every change.
    Cluster cluster();

    default Events events() {
        return cluster().events();
    }

    default Counters counters() {
        return cluster().counters();
    }

    default Jobs jobs() {
        return cluster().jobs(documents(), clock());
    }

    /// What has to be done now and then by one of the nodes that share this store. An engine that only one process can open sees to it by itself.
    default List<Chore> chores() {
        return List.of();
    }

    /// The way in for what another engine held.
    Imports imports();

    /// Compares counters, references and indexes with what they count, and tells of each disagreement; with `repair` it is put right. The
    /// store must not be in use meanwhile. How many there were.
    long check(boolean repair, Consumer<String> problem);

    /// What lies in this store that is neither of an engine's roles nor one of the collections `known`, by kind, with how many there are: another
    /// program that shares the database left it.
    default Map<String, Long> others(Set<String> known) {
        return Map.of();
    }

    /// Figures worth watching, by name (`commits`, `syncs`, `compacted_bytes` …).
    Map<String, Long> figures();

    /// Throws [StoreException] when the engine could not acknowledge a write at this moment.
    void checkWritable();

    @Override
    void close();
}
