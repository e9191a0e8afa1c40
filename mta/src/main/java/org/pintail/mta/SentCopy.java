package org.pintail.mta;

import org.jspecify.annotations.Nullable;
import org.pintail.backend.MailboxId;
import org.pintail.mail.Mail;

/// Does Sent hold a message already? Some clients save their own copy before or while they submit.
final class SentCopy {
    private static final int NEWEST = 20;

    private SentCopy() {}

    /// Looks at the newest messages only: a copy of what is being sent is among them.
    static boolean exists(Mail mail, MailboxId sent, @Nullable String messageId) {
        if (messageId == null) {
            return false;
        }
        var messages = mail.mailstore().messages();
        for (var row : messages.rows(sent, 1, Long.MAX_VALUE, false, NEWEST)) {
            if (messages.content(row).details().string("msgid", "").equals(messageId)) {
                return true;
            }
        }
        return false;
    }
}
