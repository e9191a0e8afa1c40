package org.pintail.mx;

import java.time.Duration;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.pintail.address.MailAddress;
import org.pintail.backend.Document;
import org.pintail.mail.Account;
import org.pintail.mail.Addresses;
import org.pintail.mail.Delivery;
import org.pintail.mail.Mail;
import org.pintail.mail.ReceivedReports;
import org.pintail.smtp.SmtpReply;
import org.pintail.srs.Srs;

/// RCPT at the MX: does the address lead to an account or a forward, and may it take mail now? Limits are read here and counted after delivery.
final class RecipientCheck {
    private static final Duration DAY = Duration.ofDays(1);
    private static final Duration HOUR = Duration.ofHours(1);
    private static final Duration MINUTE = Duration.ofMinutes(1);
    private static final long PER_ADDRESS_AND_ACCOUNT = 100_000;
    private static final long FORWARDS_PER_DAY = 2000;
    private static final long BOUNCES_PER_HOUR = 60; // to one rewritten sender
    private final Mail mail;
    private final String ip;
    private final @Nullable Srs srs;
    private final @Nullable ReceivedReports reports;

    RecipientCheck(Mail mail, String ip, MxPolicy.Parts parts) {
        this.mail = mail;
        this.ip = ip;
        this.srs = parts.srs();
        this.reports = parts.reports();
    }

    /// What an accepted recipient leads to.
    sealed interface Accepted {}

    /// A mailbox here.
    record Local(Delivery.Recipient recipient) implements Accepted {}

    /// The address for reports, where it is nobody's mailbox.
    record Reports() implements Accepted {}

    /// An address that only forwards. `counter` is its counter, `window` how long it counts, `limit` what it may reach.
    record Forward(String recipient, List<String> targets, String counter, Duration window, long limit) implements Accepted {
        Forward {
            targets = List.copyOf(targets);
        }
    }

    /// Throws [SmtpReply.Refused].
    Accepted check(MailAddress address) {
        if (address.local().contains("*")) {
            throw refused(550, "5.1.1", "No such user");
        }
        if (srs != null && srs.covers(address)) {
            return bounce(srs, address);
        }
        var found = mail.lookups().resolve(address, true);
        if (found.isEmpty() && reports != null && reports.isFor(address)) {
            return new Reports();
        }
        return switch (found.orElseThrow(() -> refused(550, "5.1.1", "No such user"))) {
            case Addresses.Resolved.Forwarded forwarded -> forward(address, forwarded.document());
            case Addresses.Resolved.OfAccount of -> {
                var account = mail.lookups().account(of.account()).orElseThrow(() -> refused(550, "5.1.1", "No such user"));
                checkAccount(account);
                yield new Local(new Delivery.Recipient(account, address.toString()));
            }
        };
    }

    /// An address that we rewrote for a forwarded message: what comes goes back to its sender, whoever sends it, but not too often.
    private Forward bounce(Srs ours, MailAddress address) {
        var original = ours.reverse(address, mail.clock().instant()).orElseThrow(() -> refused(550, "5.1.1", "No such user")).toString();
        var counter = "rl:rcpt:" + original;
        if (mail.store().counters().read(counter).value() >= BOUNCES_PER_HOUR) {
            throw refused(450, "4.2.1", "This address receives mail at a rate that prevents more from being delivered; try again later");
        }
        return new Forward(address.toString(), List.of(original), counter, HOUR, BOUNCES_PER_HOUR);
    }

    private void checkAccount(Account account) {
        if (account.disabled()) {
            throw refused(550, "5.2.1", "Mailbox disabled");
        }
        checkRoom(account);
        long perMinute = account.document().number("receivedMax");
        boolean tooMany = mail.store().counters().read(perAccount(account)).value() >= PER_ADDRESS_AND_ACCOUNT
                || perMinute > 0 && mail.store().counters().read(received(account)).value() >= perMinute;
        if (tooMany) {
            throw refused(450, "4.2.1", "The user is receiving mail at a rate that prevents more from being delivered; try again later");
        }
    }

    /// Throws [SmtpReply.Refused] when the mailbox is full.
    void checkRoom(Account account) {
        if (mail.accounts().usage(account.id()) >= mail.accounts().quota(account)) {
            throw refused(552, "5.2.2", "Mailbox full");
        }
    }

    private Forward forward(MailAddress address, Document document) {
        if (document.bool("forwardedDisabled")) {
            throw refused(550, "5.2.1", "Mailbox disabled");
        }
        var counter = "wdf:" + document.id().hex();
        long own = document.number("forwards");
        long limit = own > 0 ? own : FORWARDS_PER_DAY;
        if (mail.store().counters().read(counter).value() >= limit) {
            throw refused(450, "4.2.1", "This address has forwarded its share for today; try again later");
        }
        var targets = document.documents("targets").stream().map(t -> t.string("value", "")).filter(v -> !v.isEmpty()).toList();
        return new Forward(address.toString(), targets, counter, DAY, limit);
    }

    void delivered(Account account) {
        mail.store().counters().add(perAccount(account), 1, Long.MAX_VALUE, HOUR);
        if (account.document().number("receivedMax") > 0) {
            mail.store().counters().add(received(account), 1, Long.MAX_VALUE, MINUTE);
        }
    }

    void forwarded(Forward forward) {
        mail.store().counters().add(forward.counter(), forward.targets().size(), Long.MAX_VALUE, forward.window());
    }

    private String perAccount(Account account) {
        return "rl:rcptIp:" + ip + ":" + account.id().hex();
    }

    private static String received(Account account) {
        return "rl:rcpt:" + account.id().hex();
    }

    private static SmtpReply.Refused refused(int code, String status, String text) {
        return new SmtpReply.Refused(new SmtpReply(code, status, text));
    }
}
