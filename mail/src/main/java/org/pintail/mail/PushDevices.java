package org.pintail.mail;

import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.pintail.backend.AccountId;
import org.pintail.backend.Document;
import org.pintail.backend.Documents;
import org.pintail.backend.MailboxId;
import org.pintail.backend.ObjectId;
import org.pintail.backend.StoreException;

/// Devices that ask to be woken when messages come into a mailbox. They ask again about once a day; who has not for [#KEPT] is forgotten.
public final class PushDevices {
    static final Duration KEPT = Duration.ofDays(30);
    /// Of one account; beyond them the one that has not asked for the longest time is forgotten.
    static final int MOST = 50;

    private static final String MAILBOXES = "mailboxes";
    private final Documents documents;
    private final Clock clock;

    PushDevices(Documents documents, Clock clock) {
        this.documents = documents;
        this.clock = clock;
    }

    /// `account` is whose session asked, `token` the device to be woken, `accountId` what it calls the account.
    public record Device(ObjectId id, AccountId account, String token, String accountId) {
        static Device of(Document d) {
            return new Device(d.id(), new AccountId(d.objectId("user").orElseThrow()), d.string("token", ""), d.string("accountId", ""));
        }
    }

    /// From now on the device is woken for `mailboxes`, and for no others of the same account.
    public void register(AccountId account, String token, String accountId, List<MailboxId> mailboxes) {
        var now = clock.instant();
        var fields = Document.of(
                MAILBOXES, mailboxes.stream().map(MailboxId::value).toList(),
                "updated", now,
                "expires", now.plus(KEPT));
        if (renewed(account, token, accountId, fields)) {
            return;
        }
        var device = Document.of("_id", ObjectId.at(now), "user", account.value(), "token", token, "accountId", accountId, "created", now);
        try {
            documents.insert(Collections.PUSH_DEVICES, device.with(fields));
        } catch (StoreException.Duplicate beside) {
            renewed(account, token, accountId, fields); // it asked on two connections
        }
        forgetOldest(account);
    }

    private boolean renewed(AccountId account, String token, String accountId, Document fields) {
        return documents.find(Collections.PUSH_DEVICES, "device", account.value(), token, accountId)
                .flatMap(known -> documents.update(Collections.PUSH_DEVICES, known.id(), d -> d.with(fields)))
                .isPresent();
    }

    private void forgetOldest(AccountId account) {
        var all = documents.list(Collections.PUSH_DEVICES, "renewed", List.of(account.value()), null, false, 2 * MOST);
        all.stream().skip(MOST).forEach(d -> forget(d.id()));
    }

    /// Those to be woken for a mailbox.
    public List<Device> of(MailboxId mailbox) {
        return documents.list(Collections.PUSH_DEVICES, "mailbox", List.of(mailbox.value()), null, true, Integer.MAX_VALUE).stream()
                .map(Device::of)
                .toList();
    }

    public Optional<Device> find(ObjectId id) {
        return documents.find(Collections.PUSH_DEVICES, id).map(Device::of);
    }

    public void forget(ObjectId id) {
        documents.delete(Collections.PUSH_DEVICES, id);
    }
}
