package org.pintail.mail;

import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.pintail.backend.AccountId;
import org.pintail.backend.Document;
import org.pintail.backend.Flags;
import org.pintail.backend.Mailbox;
import org.pintail.backend.MailboxId;
import org.pintail.backend.MessageId;
import org.pintail.mime.Source;

/// Bringing a received message to its recipients: [Sorting] decides, then the mailbox, then forwards. All recipients of one call are one
/// commit.
public final class Delivery {
    private static final String INBOX = "INBOX";
    private final Folders folders;
    private final Mailstore mailstore;
    private final Sorting sorting;
    private final Forwarding forwarding;
    private final Clock clock;

    Delivery(Folders folders, Mailstore mailstore, Sorting sorting, Forwarding forwarding, Clock clock) {
        this.folders = folders;
        this.mailstore = mailstore;
        this.sorting = sorting;
        this.forwarding = forwarding;
        this.clock = clock;
    }

    /// One recipient that an address resolved to. `address` as in RCPT.
    public record Recipient(Account account, String address) {}

    /// Where the message came from; goes to `meta`. `trace`: prepend Delivered-To and Return-Path of the recipient. `junk`: it goes to
    /// Junk unless the account decides otherwise.
    public record Envelope(String sender, String source, Document meta, boolean trace, boolean junk) {
        public Envelope(String sender, String source, Document meta, boolean trace) {
            this(sender, source, meta, trace, false);
        }
    }

    /// Where a message ended up. `message` is null when a filter dropped it.
    public record Delivered(Recipient recipient, @Nullable MessageId message, String text) {}

    /// The target mailbox path (or special use with a leading backslash), flags, where copies go, and which filters said so.
    record Outcome(String target, Flags flags, boolean drop, List<String> forwards, List<Object> filters) {
        Outcome {
            forwards = List.copyOf(forwards);
            filters = List.copyOf(filters);
        }
    }

    /// Delivers to every recipient, or to none: refusals (TEMPORARY, OVER_QUOTA) mean nothing was kept.
    /// An account named several times gets the message once, by the last of its addresses.
    /// Forwards go out once everything is kept: a refusal TEMPORARY of the forwarder comes after that, and the sender tries again.
    public List<Delivered> deliver(Source message, Envelope envelope, List<Recipient> recipients, Forwarder forwarder) {
        var once = new LinkedHashMap<AccountId, Recipient>();
        for (var recipient : recipients) {
            once.put(recipient.account().id(), recipient);
        }
        var prepared = mailstore.prepare(message);
        var sorted = once.values().stream().map(r -> new Sorted(r, sorting.sort(r, prepared, envelope))).toList();
        var delivered = Mailstore.refusing(() -> deliver(prepared, envelope, sorted));
        sorted.forEach(s -> forwarding.forward(message, envelope.sender(), s.recipient(), s.outcome().forwards(), forwarder));
        return delivered;
    }

    /// What was decided about a recipient.
    private record Sorted(Recipient recipient, Outcome outcome) {}

    private List<Delivered> deliver(Mailstore.Prepared message, Envelope envelope, List<Sorted> sorted) {
        var kept = sorted.stream().filter(s -> !s.outcome().drop()).toList();
        var placements = kept.stream().map(s -> placement(envelope, s.recipient(), s.outcome())).toList();
        var ids = placements.isEmpty() ? List.<MessageId>of() : mailstore.deliver(message, placements);
        var delivered = new ArrayList<Delivered>();
        int next = 0;
        for (var s : sorted) {
            if (s.outcome().drop()) {
                delivered.add(new Delivered(s.recipient(), null, "Message dropped by policy"));
            } else {
                var id = ids.get(next++);
                delivered.add(new Delivered(s.recipient(), id, "Message stored as " + id.hex()));
            }
        }
        return delivered;
    }

    private Mailstore.Placement placement(Envelope envelope, Recipient recipient, Outcome outcome) {
        var meta = Document.of(
                        "source", envelope.source(),
                        "from", envelope.sender(),
                        "to", List.of(recipient.address()),
                        "time", clock.millis())
                .with(envelope.meta());
        if (!outcome.filters().isEmpty()) {
            meta = meta.with("filters", outcome.filters());
        }
        return new Mailstore.Placement(
                recipient.account(),
                target(recipient.account().id(), outcome.target()),
                outcome.flags(),
                null,
                envelope.trace() ? trace(envelope, recipient) : new byte[0],
                meta,
                true,
                null);
    }

    /// A target that is not there (any more) becomes INBOX.
    private MailboxId target(AccountId account, String target) {
        var found = target.startsWith("\\") ? folders.findSpecial(account, target).map(Mailbox::id) : folders.findId(account, target);
        return found.or(() -> folders.findId(account, INBOX))
                .orElseThrow(() -> new Refusal(Refusal.Code.TEMPORARY, "This account has no INBOX"));
    }

    /// Delivered-To above Return-Path (RFC 5321 §4.4; RFC 9228), without anything that could begin another field.
    private static byte[] trace(Envelope envelope, Recipient recipient) {
        var text = "Delivered-To: " + oneLine(recipient.address()) + "\r\nReturn-Path: <" + oneLine(envelope.sender()) + ">\r\n";
        return text.getBytes(StandardCharsets.UTF_8);
    }

    private static String oneLine(String text) {
        return text.chars().anyMatch(c -> c < ' ' || c == 0x7f) ? text.replaceAll("\\p{Cntrl}", "") : text;
    }
}
