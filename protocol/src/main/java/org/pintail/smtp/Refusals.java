package org.pintail.smtp;

import java.util.function.Supplier;
import org.pintail.backend.StoreException;
import org.pintail.mail.Refusal;

/// What `mail` refuses, as SMTP says it (RFC 3463).
public final class Refusals {
    private Refusals() {}

    public static SmtpReply reply(Refusal refusal) {
        return switch (refusal.code()) {
            case NO_SUCH_USER, NO_SUCH_ADDRESS -> new SmtpReply(550, "5.1.1", "No such user");
            case DISABLED -> new SmtpReply(550, "5.2.1", "Mailbox disabled");
            case OVER_QUOTA -> new SmtpReply(552, "5.2.2", "Mailbox full");
            case TOO_BIG -> new SmtpReply(552, "5.3.4", refusal.text());
            case RATE_LIMITED -> new SmtpReply(450, "4.2.1", refusal.text());
            case TEMPORARY -> new SmtpReply(452, "4.3.1", "Insufficient system storage, try again later");
            case NOT_ALLOWED -> new SmtpReply(550, "5.7.1", refusal.text());
            case USER_EXISTS, ADDRESS_EXISTS, NO_SUCH_MAILBOX, MAILBOX_EXISTS, MAILBOX_NOT_ALLOWED, SPECIAL_USE_TAKEN, NO_SUCH_MESSAGE, BAD_HASH, INVALID ->
                new SmtpReply(550, "5.3.0", refusal.text());
        };
    }

    /// Runs `work`; a refusal or an engine that is away becomes the reply it deserves.
    public static <T> T translate(Supplier<T> work) {
        try {
            return work.get();
        } catch (Refusal e) {
            throw new SmtpReply.Refused(reply(e));
        } catch (StoreException.Full e) {
            throw new SmtpReply.Refused(new SmtpReply(452, "4.3.1", "Insufficient system storage, try again later"));
        } catch (StoreException.Unavailable e) {
            throw new SmtpReply.Refused(new SmtpReply(451, "4.3.0", "Temporary failure, try again later"));
        }
    }
}
