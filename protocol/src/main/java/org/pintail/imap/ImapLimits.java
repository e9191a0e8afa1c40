package org.pintail.imap;

import java.time.Duration;

/// Every limit of the IMAP dialogue (imap-pop3 §1.2).
///
/// @param line bytes of one command without its literals
/// @param literal bytes of a literal outside APPEND
/// @param append bytes of a message in APPEND; announced as APPENDLIMIT
/// @param nesting parentheses
/// @param errors protocol errors of one connection
/// @param idle time without a command
/// @param idleTotal longest IDLE
/// @param connectionsPerUser sessions of one account at once
public record ImapLimits(
        int line,
        int literal,
        long append,
        int nesting,
        int errors,
        Duration idle,
        Duration idleTotal,
        int connectionsPerUser) {
    public static final ImapLimits DEFAULT = new ImapLimits(
            16384, 1024, 25L << 20, 25, 50, Duration.ofSeconds(337), Duration.ofMinutes(30), 15);

    private static final int MESSAGES_OF_FULL_SIZE = 4;

    /// Bytes of all messages of one APPEND.
    long appendTogether() {
        return MESSAGES_OF_FULL_SIZE * append;
    }
}
