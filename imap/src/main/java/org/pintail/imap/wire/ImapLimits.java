package org.pintail.imap.wire;

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
/// @param messages that one command works on (RFC 9738), 0 for any number; announced as MESSAGELIMIT
/// @param saves messages that one COPY or APPEND makes, where `messages` is 0; announced as SAVELIMIT
/// @param notified mailboxes that NOTIFY watches for one session; it is refused, or ends, with NOTIFICATIONOVERFLOW beyond
public record ImapLimits(
        int preLogin,
        int command,
        int literal,
        long append,
        int nesting,
        int errors,
        Duration idle,
        Duration idleTotal,
        int connectionsPerUser,
        int messages,
        int saves,
        int notified) {
    public static final ImapLimits DEFAULT = new ImapLimits(
            8192, 1 << 20, 64 << 10, 25L << 20, 50, 10, Duration.ofSeconds(337), Duration.ofMinutes(30), 15, 0, 1_000_000, 5000);

    private static final int MESSAGES_OF_FULL_SIZE = 4;

    /// These, with other numbers of messages for one command.
    public ImapLimits withMessages(int perCommand, int perSave) {
        return new ImapLimits(
                preLogin, command, literal, append, nesting, errors, idle, idleTotal, connectionsPerUser, perCommand, perSave, notified);
    }

    /// These, with another number of mailboxes that are watched.
    public ImapLimits withNotified(int mailboxes) {
        return new ImapLimits(
                preLogin, command, literal, append, nesting, errors, idle, idleTotal, connectionsPerUser, messages, saves, mailboxes);
    }

    /// Bytes of all messages of one APPEND.
    public long appendTogether() {
        return MESSAGES_OF_FULL_SIZE * append;
    }
}
