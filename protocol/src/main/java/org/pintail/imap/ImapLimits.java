package org.pintail.imap;

import java.time.Duration;

/// Every limit of the IMAP dialogue (imap-pop3 §1.2).
///
/// @param preLogin bytes of a line before login; a line of SASL may be longer
/// @param command bytes of a command with its literals, but for messages
/// @param literal bytes of a literal that is no message
/// @param append bytes of a message in APPEND; announced as APPENDLIMIT
/// @param nesting parentheses
/// @param errors bad commands one after the other, before login all of them
/// @param idle time without a command
/// @param idleTotal longest IDLE
/// @param connectionsPerUser sessions of one account at once
public record ImapLimits(
        int preLogin,
        int command,
        int literal,
        long append,
        int nesting,
        int errors,
        Duration idle,
        Duration idleTotal,
        int connectionsPerUser) {
    public static final ImapLimits DEFAULT = new ImapLimits(
            8192, 1 << 20, 64 << 10, 25L << 20, 50, 10, Duration.ofSeconds(337), Duration.ofMinutes(30), 15);

    private static final int MESSAGES_OF_FULL_SIZE = 4;

    /// Bytes of all messages of one APPEND.
    long appendTogether() {
        return MESSAGES_OF_FULL_SIZE * append;
    }
}
