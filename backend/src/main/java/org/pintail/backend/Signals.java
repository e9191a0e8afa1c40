package org.pintail.backend;

import java.util.function.Consumer;

/// Words between nodes that may get lost: something was added to a queue, a cached value is out of date. Who relies on one must also look
/// by himself now and then.
public interface Signals {
    /// What a watcher hears when words may have been lost: anything may have happened.
    String ANYTHING = "";

    /// `watcher` hears each word sent to `topic` by any node, this one included, on a thread of the engine's; it must return at once. The same
    /// word sent again before it was heard is heard once.
    Events.Watch watch(String topic, Consumer<String> watcher);

    /// Returns at once. `topic` and `word` have no line breaks.
    void send(String topic, String word);
}
