package org.pintail.imap;

import java.util.List;
import java.util.Optional;
import org.pintail.backend.AccountId;
import org.pintail.backend.Mailbox;
import org.pintail.backend.Messages;
import org.pintail.imap.order.MessageSort;
import org.pintail.imap.order.SortKey;
import org.pintail.imap.search.MessageSearch;
import org.pintail.imap.view.SelectedMailbox;
import org.pintail.imap.wire.Bye;
import org.pintail.imap.wire.No;
import org.pintail.imap.wire.Progress;
import org.pintail.mail.Account;
import org.pintail.mail.Folders;
import org.pintail.mail.Mail;
import org.pintail.mail.Refusal;
import org.pintail.mail.Right;
import org.pintail.mail.Rights;

/// What a command may use once somebody has logged in.
record Authenticated(Dialogue dialogue, AccountId id, String username) {
    Mail mail() {
        return dialogue.mail();
    }

    Folders folders() {
        return mail().folders();
    }

    Messages messages() {
        return mail().store().messages();
    }

    /// Names this session to the store, so that its journal can tell who did what.
    String session() {
        return dialogue.sessionId();
    }

    /// The account as it is now.
    Account account() {
        return mail().accounts().require(id);
    }

    /// A limit of the account's own, 0 where it has none; as it is remembered for deliveries.
    long limit(String field) {
        return mail().lookups().account(id).map(a -> a.document().number(field)).orElse(0L);
    }

    /// A mailbox that may be looked up, one's own or another's; a name that cannot exist, a mailbox that does not and one that may not be
    /// looked up are all the same.
    Optional<Access> access(String path) {
        String name;
        try {
            name = Folders.normalize(path);
        } catch (Refusal refused) {
            return Optional.empty(); // a name that cannot exist
        }
        return folders()
                .find(id, name)
                .map(own -> new Access(own, own.path(), Rights.ALL))
                .or(() -> SharedName.parse(name).flatMap(this::shared));
    }

    private Optional<Access> shared(SharedName name) {
        var owner = mail().accounts().find(name.user()).filter(o -> !o.id().equals(id));
        return owner.flatMap(o -> folders().find(o.id(), name.path()))
                .filter(m -> !m.hidden())
                .map(m -> new Access(
                        m,
                        new SharedName(owner.orElseThrow().username(), m.path()).toString(),
                        mail().sharing().rights(m, account())))
                .filter(a -> a.may(Right.LOOKUP));
    }

    /// As [#access], where a mailbox has to be there and to give these rights.
    Access permitted(String path, Right... needed) {
        return access(path)
                .orElseThrow(() -> new No("NONEXISTENT", "No such mailbox"))
                .require(needed);
    }

    /// A mailbox that may be read.
    Mailbox mailbox(String path) {
        return permitted(path, Right.READ).mailbox();
    }

    /// The mailbox messages are to go into; RFC 3501 §7.1: TRYCREATE where it is missing.
    Access target(String path) {
        return access(path)
                .orElseThrow(() -> new No("TRYCREATE", "No such mailbox"))
                .require(Right.INSERT);
    }

    /// What may be done with the selected mailbox now.
    Rights rights(SelectedMailbox selected) {
        var mailbox = mailbox(selected);
        return mailbox.account().equals(id) ? Rights.ALL : mail().sharing().rights(mailbox, account());
    }

    /// The selected mailbox as it is now.
    Mailbox mailbox(SelectedMailbox selected) {
        return mail().store()
                .mailboxes()
                .find(selected.id())
                .orElseThrow(() -> new Bye(Announcer.GONE));
    }

    /// Searches the selected mailbox, as this session sees it.
    MessageSearch search(SelectedMailbox selected, Progress progress) {
        boolean rev2 = dialogue.announcer().rev2();
        return new MessageSearch(messages(), dialogue.kept().envelopes(), selected, progress, mail().clock().instant(), rev2);
    }

    /// Sorts messages of the selected mailbox.
    MessageSort sort(SelectedMailbox selected, List<SortKey> keys, Progress progress) {
        var kept = dialogue.kept();
        return new MessageSort(messages(), kept.envelopes(), kept.orders(), selected, keys, progress);
    }

    /// The account whose quota counts for what is put into a mailbox, as it is remembered for deliveries ([org.pintail.mail.Lookups]).
    Account quotaOwner(Mailbox mailbox) {
        return mail().lookups().account(mailbox.account()).orElseGet(() -> owner(mailbox));
    }

    /// The account a mailbox belongs to.
    Account owner(Mailbox mailbox) {
        return mail().accounts().require(mailbox.account());
    }
}
