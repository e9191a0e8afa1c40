package org.pintail.mail;

import java.time.Clock;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.pintail.backend.Document;
import org.pintail.backend.Flags;
import org.pintail.backend.Mailbox;
import org.pintail.backend.MailboxId;
import org.pintail.backend.MessageRow;
import org.pintail.backend.Messages;
import org.pintail.backend.NewMessage;
import org.pintail.backend.Store;
import org.pintail.mime.Source;

/// Messages going into mailboxes and moving between them, with quota. Reading and flags go straight to [Messages].
public final class Mailstore {
    Mailstore(Store store, Accounts accounts, MailSettings settings, Clock clock) {}

    public Messages messages() {
        throw new UnsupportedOperationException();
    }

    /// Everything about a message that does not depend on the mailbox, computed once per message however many recipients it has.
    public Prepared prepare(Source message) {
        throw new UnsupportedOperationException();
    }

    /// A parsed, cut and rendered message. Close-free: the source must stay readable until the append is done.
    public interface Prepared {
        /// First field of that name, encoded words decoded, "" when absent.
        String header(String name);

        long size();
    }

    /// Where and how a message is to be kept. `meta` as in the data model §5.5. `head` are bytes in front (trace fields of this recipient).
    public record Placement(
            Account account,
            MailboxId mailbox,
            Flags flags,
            @Nullable Instant internalDate,
            byte[] head,
            Document meta,
            boolean checkQuota,
            @Nullable String session) {}

    /// Computes threads and the stored fields for one placement, ready for [Messages#append].
    public NewMessage place(Prepared message, Placement placement) {
        throw new UnsupportedOperationException();
    }

    /// Appends; refuses NO_SUCH_MAILBOX, OVER_QUOTA, TOO_BIG, TEMPORARY.
    public List<MessageRow> append(List<NewMessage> messages) {
        throw new UnsupportedOperationException();
    }

    /// Prepares, places and appends one message.
    public MessageRow append(Source message, Placement placement) {
        throw new UnsupportedOperationException();
    }

    /// Copies by uid. Refuses NO_SUCH_MAILBOX, OVER_QUOTA.
    public List<Messages.Copied> copy(Account account, Mailbox from, List<Long> uids, Mailbox to, @Nullable String session) {
        throw new UnsupportedOperationException();
    }

    public List<Messages.Copied> move(Account account, Mailbox from, List<Long> uids, Mailbox to, @Nullable String session) {
        throw new UnsupportedOperationException();
    }
}
