package org.pintail.mail;

import java.time.Duration;
import java.util.List;
import org.pintail.backend.Counters;
import org.pintail.mime.Source;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Sends received mail on to the targets of an account and its filters, within the account's limit for a day (background §9.4).
final class Forwarding {
    private static final Logger LOG = LoggerFactory.getLogger(Forwarding.class);
    private static final Duration DAY = Duration.ofDays(1);
    private final Counters counters;
    private final Settings stored;

    Forwarding(Counters counters, Settings stored) {
        this.counters = counters;
        this.stored = stored;
    }

    /// The message is in the mailbox already: what cannot go on for good is only logged. Refuses TEMPORARY.
    void forward(Source message, String sender, Delivery.Recipient recipient, List<String> targets, Forwarder forwarder) {
        var account = recipient.account();
        var away = targets.stream().filter(t -> !t.contains("://") && !t.equalsIgnoreCase(recipient.address())).toList();
        if (away.size() < targets.size()) {
            LOG.warn("not forwarded account={} reason=\"only addresses of others are forwarded to\"", account.id().hex());
        }
        if (away.isEmpty()) {
            return;
        }
        var counter = "wdf:" + account.id().hex();
        long own = account.document().number("forwards");
        if (!counters.add(counter, away.size(), own > 0 ? own : stored.number("const:max:forwards"), DAY).allowed()) {
            LOG.warn("not forwarded account={} reason=\"limit of the day is reached\"", account.id().hex());
            return;
        }
        try {
            forwarder.forward(message, sender, recipient.address(), away);
        } catch (Refusal e) {
            if (e.code() == Refusal.Code.TEMPORARY) {
                throw e;
            }
            LOG.warn("not forwarded account={} reason=\"{}\"", account.id().hex(), e.text());
        }
    }
}
