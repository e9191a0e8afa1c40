package org.pintail.pop3;

import java.time.Duration;

/// Every limit of the POP3 dialogue (imap-pop3 §5).
///
/// @param line bytes of a command
/// @param idle time without a command
/// @param messages newest messages of INBOX that are listed; 0 lists all
/// @param loginDelay time between two logins of an account; zero asks for none (RFC 2449 §6.5)
public record Pop3Limits(int line, Duration idle, int messages, Duration loginDelay) {
    public static final Pop3Limits DEFAULT = new Pop3Limits(4096, Duration.ofSeconds(60), 250, Duration.ZERO);
}
