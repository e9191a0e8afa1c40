package org.pintail.backend;

import java.time.Duration;

/// Something to be done now and then by one node at a time: collecting, expiring, counting again. It may be done twice, or be broken off
/// anywhere.
///
/// @param name unique, lower-case words with hyphens
/// @param every how often; also how long a node may be silent before another one takes over
public record Chore(String name, Duration every, Work work) {
    /// What is done. `turn` says, and makes sure for a while, that it is still this node's turn: ask before each step that should not be done by two,
    /// and end when it is not.
    public interface Work {
        void run(Turn turn);
    }

    /// Whose turn it is.
    public interface Turn {
        boolean mine();
    }
}
