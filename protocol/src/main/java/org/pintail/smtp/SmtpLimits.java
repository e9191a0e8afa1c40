package org.pintail.smtp;

import java.time.Duration;

/// Every limit of the dialogue.
///
/// @param commandLine bytes of a command line; RFC 5321 §4.5.3.1.4 says 512, AUTH lines and long paths need more
/// @param idle time per read, RFC 5321 §4.5.3.2.7: 5 minutes
/// @param errors bad or refused commands before the connection is closed
/// @param data time for a whole message to arrive
public record SmtpLimits(int commandLine, Duration idle, int errors, Duration data) {
    public static final SmtpLimits DEFAULT =
            new SmtpLimits(4096, Duration.ofMinutes(5), 20, Duration.ofMinutes(30));
}
