package org.pintail.backend;

import java.util.Map;

/// An engine: all roles over one body of data. Opening is the engine's own business; closing waits for running commits.
public interface Store extends AutoCloseable {
    Documents documents();

    Mailboxes mailboxes();

    Messages messages();

    Attachments attachments();

    Queue queue();

    Events events();

    Counters counters();

    /// Figures worth watching, by name (`commits`, `syncs`, `compacted_bytes` …).
    Map<String, Long> figures();

    /// Throws [StoreException] when the engine could not acknowledge a write at this moment.
    void checkWritable();

    @Override
    void close();
}
