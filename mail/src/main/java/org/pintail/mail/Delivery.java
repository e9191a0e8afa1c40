package org.pintail.mail;

import java.time.Clock;
import java.util.List;
import org.pintail.backend.Document;
import org.pintail.backend.MessageId;
import org.pintail.mime.Source;

/// Bringing a received message to its recipients: filters (a list of [Step], none yet), then the mailbox. All recipients of one call are one commit.
public final class Delivery {
    Delivery(Accounts accounts, Folders folders, Mailstore mailstore, MailSettings settings, Clock clock) {}

    /// One recipient that an address resolved to. `address` as in RCPT.
    public record Recipient(Account account, String address) {}

    /// Where the message came from; goes to `meta`. `trace`: prepend Delivered-To and Return-Path of the recipient.
    public record Envelope(String sender, String source, Document meta, boolean trace) {}

    /// Where a message ended up.
    public record Delivered(Recipient recipient, MessageId message, String text) {}

    /// What happens to a message on its way into one account; steps run in order and may change the outcome.
    public interface Step {
        Outcome apply(Account account, Mailstore.Prepared message, Envelope envelope, Outcome so);
    }

    /// The target mailbox path (or special use with a leading backslash) and flags so far.
    public record Outcome(String target, org.pintail.backend.Flags flags, boolean drop) {}

    /// Delivers to every recipient, or to none: refusals (TEMPORARY, OVER_QUOTA) mean nothing was kept.
    public List<Delivered> deliver(Source message, Envelope envelope, List<Recipient> recipients) {
        throw new UnsupportedOperationException();
    }
}
