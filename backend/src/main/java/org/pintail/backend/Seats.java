package org.pintail.backend;

/// How many of something is open at once, over all nodes: IMAP sessions of an account. The seats of a node that died are free again
/// after a while.
public interface Seats {
    /// False, and nothing taken, when `limit` seats are taken already. Every seat taken must be left.
    boolean take(String key, int limit);

    void leave(String key);

    int taken(String key);
}
