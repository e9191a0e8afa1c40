package org.pintail.mail;

import java.time.Duration;

/// What an operator can set about mail as such. Sizes in bytes; the defaults are those of the data model's settings.
///
/// @param hostname name of this installation, and domain of accounts made without an address
/// @param maxStorage quota of an account that has none of its own
/// @param maxMailboxes mailboxes of one account
/// @param maxMessageSize largest message anywhere, at most 64 MiB
/// @param authFailures failed logins of one account before it has to wait
/// @param authWindow for how long
/// @param authLogTime how long the authentication log is kept
/// @param passwordCache how long a checked password is remembered (keyed hash); zero turns it off
/// @param maxRecipients recipients an account may send to in 24 h
public record MailSettings(
        String hostname,
        long maxStorage,
        int maxMailboxes,
        long maxMessageSize,
        int authFailures,
        Duration authWindow,
        Duration authLogTime,
        Duration passwordCache,
        int maxRecipients) {
    public static MailSettings defaults(String hostname) {
        return new MailSettings(
                hostname,
                1L << 30,
                1500,
                64L << 20,
                12,
                Duration.ofSeconds(120),
                Duration.ofDays(30),
                Duration.ofMinutes(2),
                2000);
    }
}
