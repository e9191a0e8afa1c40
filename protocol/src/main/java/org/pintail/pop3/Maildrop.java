package org.pintail.pop3;

import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.pintail.backend.Flags;
import org.pintail.backend.MessageRow;
import org.pintail.mail.Account;
import org.pintail.mail.Folders;
import org.pintail.mail.Mail;

/// INBOX as POP3 sees it, fixed at login: the newest messages, oldest first. Nothing changes in the mailbox before QUIT (RFC 1939 §6).
final class Maildrop {
    private final Mail mail;
    private final Account account;
    private final long retention;
    private final List<MessageRow> messages;
    private final boolean[] deleted;
    private final boolean[] fetched;

    private Maildrop(Mail mail, Account account, long retention, List<MessageRow> messages) {
        this.mail = mail;
        this.account = account;
        this.retention = retention;
        this.messages = messages;
        this.deleted = new boolean[messages.size()];
        this.fetched = new boolean[messages.size()];
    }

    /// `atMost` of the newest messages, all of them where it is 0. The account's own number comes first.
    static Maildrop open(Mail mail, Account account, int atMost) {
        var inbox = mail.folders().find(account.id(), "INBOX").orElseThrow(() -> new Pop3Refusal("[SYS/PERM] This account has no INBOX"));
        long own = account.document().number("pop3MaxMessages");
        int usual = atMost > 0 ? atMost : Integer.MAX_VALUE;
        int limit = own > 0 ? (int) Math.min(own, Integer.MAX_VALUE) : usual;
        var newest = mail.mailstore().messages().rows(inbox.id(), 1, Long.MAX_VALUE, false, limit);
        return new Maildrop(mail, account, inbox.retention(), newest.reversed());
    }

    /// After how many days the server deletes what stands here, as EXPIRE says it (RFC 2449 §6.7).
    String expiry() {
        return retention == 0 ? "NEVER" : Long.toString(Math.max(1, Duration.ofMillis(retention).toDays()));
    }

    /// Messages that are not deleted.
    int count() {
        int n = 0;
        for (boolean d : deleted) {
            n += d ? 0 : 1;
        }
        return n;
    }

    long octets() {
        long sum = 0;
        for (int i = 0; i < deleted.length; i++) {
            sum += deleted[i] ? 0 : messages.get(i).size();
        }
        return sum;
    }

    /// The numbers in use, from 1. A deleted message keeps its number to itself.
    List<Integer> numbers() {
        var numbers = new ArrayList<Integer>();
        for (int i = 0; i < deleted.length; i++) {
            if (!deleted[i]) {
                numbers.add(i + 1);
            }
        }
        return numbers;
    }

    MessageRow message(int number) {
        if (number < 1 || number > messages.size()) {
            throw new Pop3Refusal("no such message, only " + messages.size() + " messages in maildrop");
        }
        if (deleted[number - 1]) {
            throw new Pop3Refusal("message " + number + " already deleted");
        }
        return messages.get(number - 1);
    }

    void delete(int number) {
        message(number);
        deleted[number - 1] = true;
    }

    void fetched(int number) {
        fetched[number - 1] = true;
    }

    void reset() {
        Arrays.fill(deleted, false);
    }

    /// UPDATE: what was fetched becomes `\Seen`, what was deleted goes to Trash.
    void update() {
        var seen = new ArrayList<Long>();
        var gone = new ArrayList<Long>();
        for (int i = 0; i < deleted.length; i++) {
            if (deleted[i]) {
                gone.add(messages.get(i).uid());
            }
            if (deleted[i] || fetched[i]) {
                seen.add(messages.get(i).uid());
            }
        }
        if (seen.isEmpty()) {
            return;
        }
        var inbox = messages.getFirst().mailbox();
        mail.mailstore().messages().changeFlags(inbox, seen, flags -> flags.plus(Flags.of("\\Seen")), Long.MAX_VALUE, null);
        if (!gone.isEmpty()) {
            moveToTrash(inbox, gone);
        }
    }

    private void moveToTrash(org.pintail.backend.MailboxId inbox, List<Long> gone) {
        Folders folders = mail.folders();
        var from = folders.find(account.id(), inbox);
        var trash = folders.findSpecial(account.id(), "\\Trash");
        if (from.isPresent() && trash.isPresent()) {
            mail.mailstore().move(account, from.get(), gone, trash.get(), null);
        } else if (from.isPresent()) {
            mail.mailstore().messages().expunge(inbox, gone, null);
        }
    }

    /// Counts what leaves by RETR and TOP; refuses beyond the daily allowance.
    void countDownload(long octets) {
        long own = account.document().number("pop3MaxDownload");
        long limit = own > 0 ? own : 10L << 30;
        var added = mail.store().counters().add("pdw:" + account.id().hex(), octets, limit, Duration.ofDays(1));
        if (!added.allowed()) {
            throw new Pop3Refusal("Download was rate limited. Try again in " + added.left().toMinutes() + " minutes.", true);
        }
    }
}
