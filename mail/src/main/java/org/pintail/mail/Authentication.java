package org.pintail.mail;

import java.time.Clock;
import org.jspecify.annotations.Nullable;
import org.pintail.backend.AccountId;
import org.pintail.backend.ObjectId;
import org.pintail.backend.Store;

/// Logging in, the same for every protocol (imap-pop3 §2, data-model "Login algorithm").
public final class Authentication {
    Authentication(Store store, Accounts accounts, Addresses addresses, MailSettings settings, Clock clock) {}

    /// Who asks. `ip` and `session` go to the log.
    public record Client(String protocol, String ip, String session) {}

    /// `username` as the account has it. `source` is master, temporary or asp. `event` is the entry in the authentication log.
    public sealed interface Result {
        record Success(
                AccountId account,
                String username,
                String source,
                boolean requirePasswordChange,
                java.util.List<String> enabled2fa,
                @Nullable ObjectId event)
                implements Result {}

        record Failure(Reason reason, String text) implements Result {}
    }

    /// Why a login failed.
    public enum Reason {
        CREDENTIALS,
        RATE_LIMITED,
        SCOPE,
        DISABLED,
        UNAVAILABLE
    }

    /// Checks a user name (or address) and password for a scope: imap, pop3, smtp or master. CPU-heavy work waits for a free core.
    public Result authenticate(String username, String password, String scope, Client client) {
        throw new UnsupportedOperationException();
    }
}
