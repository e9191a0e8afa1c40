package org.pintail.imap;

import java.io.IOException;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.pintail.backend.AccountId;
import org.pintail.backend.Events;
import org.pintail.backend.MailboxId;
import org.pintail.backend.ObjectId;
import org.pintail.backend.StoreException;
import org.pintail.mail.Right;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Tells a client of mailboxes that it has not selected (RFC 5465 §5): remembers what it was told of each, and on every change in an account
/// whose mailboxes it may see compares. The dialogue's lock guards it. When the store cannot be asked, what happened meanwhile is lost: the
/// client is told NOTIFICATIONOVERFLOW, and nothing more.
final class Notifier {
    private static final Logger LOG = LoggerFactory.getLogger(Notifier.class);
    private final Authenticated session;
    private final Responses out;
    private final Runnable wake;
    private final Map<AccountId, Events.Watch> watched = new HashMap<>();
    private NotifyRequest request;
    private Map<MailboxId, Told> told = Map.of();

    /// A mailbox as the client knows it.
    private record Told(MailboxTree.Row row, NotifyRequest.Events events) {
        Access access() {
            return Objects.requireNonNull(row.access());
        }
    }

    /// `wake` runs on each change in another account, on a thread of the engine's.
    Notifier(Authenticated session, NotifyRequest request, Responses out, Runnable wake) {
        this.session = session;
        this.request = request;
        this.out = out;
        this.wake = wake;
    }

    /// From here on changes are told. With `status` it begins with how things are (RFC 5465 §3.1).
    void start(boolean status) throws IOException {
        if (request.groups().isEmpty()) {
            return;
        }
        told = look();
        for (var now : told.values()) {
            if (status && now.events.messages() && !isSelected(now)) {
                status(now, false);
            }
        }
    }

    void stop() {
        watched.values().forEach(Events.Watch::close);
        watched.clear();
        request = NotifyRequest.NOTHING;
    }

    /// Null where nothing is told of the selected mailbox.
    NotifyRequest.@Nullable Selected selected() {
        return request.selected();
    }

    boolean watchesOthers() {
        return !request.groups().isEmpty();
    }

    /// Tells what has changed since the last time.
    void tell() throws IOException {
        if (!watchesOthers()) {
            return;
        }
        var before = told;
        Map<MailboxId, Told> now;
        try {
            now = look();
        } catch (StoreException failed) {
            LOG.warn("imap notifications ended session={}", session.session(), failed);
            out.untagged("OK [NOTIFICATIONOVERFLOW] Changes were lost, nothing more is told of other mailboxes");
            stop();
            return;
        }
        told = now;
        for (var old : before.values()) {
            if (!now.containsKey(old.access().mailbox().id()) && old.events.names()) {
                out.ascii("* LIST (\\NonExistent) \"/\" ").mailbox(old.row.path()).crlf();
            }
        }
        for (var current : now.values()) {
            tell(before.get(current.access().mailbox().id()), current);
        }
    }

    private void tell(@Nullable Told before, Told now) throws IOException {
        boolean moved = before != null && !before.row.path().equals(now.row.path());
        if (now.events.names() && (before == null || moved)) {
            list(now, before != null && moved ? before.row.path() : null);
        } else if (now.events.subscriptions() && before != null && before.row.subscribed() != now.row.subscribed()) {
            list(now, null);
        }
        if (now.events.messages() && !isSelected(now) && now.access().may(Right.READ) && differs(before, now)) {
            status(now, true);
        }
    }

    private static boolean differs(@Nullable Told before, Told now) {
        var mailbox = now.access().mailbox();
        if (before == null) {
            return mailbox.messages() > 0; // a mailbox that came with messages in it
        }
        var old = before.access().mailbox();
        boolean came = old.uidNext() != mailbox.uidNext();
        boolean went = old.messages() != mailbox.messages();
        return now.events.arrivals() && came
                || now.events.expunges() && went
                || now.events.flags() && old.highestModSeq() != mailbox.highestModSeq();
    }

    private void list(Told now, @Nullable String oldName) throws IOException {
        out.ascii("* LIST (").ascii(now.row.subscribed() ? "\\Subscribed" : "").ascii(") \"/\" ").mailbox(now.row.path());
        if (oldName != null) {
            out.ascii(" (\"OLDNAME\" (").mailbox(oldName).ascii("))");
        }
        out.crlf();
    }

    private void status(Told now, boolean change) throws IOException {
        var mailbox = now.access().mailbox();
        if (!now.access().may(Right.READ)) {
            return;
        }
        var items = new ArrayList<StatusItem>();
        if (now.events.arrivals() || now.events.expunges()) {
            items.add(StatusItem.MESSAGES);
        }
        if (now.events.arrivals()) {
            items.add(StatusItem.UIDNEXT);
        }
        if (now.events.arrivals() || now.events.flags()) {
            items.add(StatusItem.UIDVALIDITY);
        }
        if (now.events.flags()) {
            items.add(StatusItem.HIGHESTMODSEQ);
        }
        if (now.events.flags() && change) {
            items.add(StatusItem.UNSEEN);
        }
        out.ascii("* STATUS ").mailbox(now.row.path()).sp();
        StatusItem.write(session, mailbox, items, out);
        out.crlf();
    }

    private boolean isSelected(Told mailbox) {
        var selected = session.dialogue().announcer().selected();
        return selected != null && selected.id().equals(mailbox.access().mailbox().id());
    }

    /// The mailboxes that fall into a group, as they are.
    private Map<MailboxId, Told> look() {
        var inboxes = request.needsInboxes() ? inboxes(session) : Set.<String>of();
        var found = new LinkedHashMap<MailboxId, Told>();
        for (var row : MailboxTree.of(session, new MailboxTree.Scope(true, true))) {
            var access = row.access();
            if (access == null) {
                continue;
            }
            boolean own = access.mailbox().account().equals(session.id());
            request.group(row, inboxes, own).ifPresent(g -> {
                found.put(access.mailbox().id(), new Told(row, g.events()));
                watch(access.mailbox().account());
            });
        }
        return found;
    }

    private void watch(AccountId owner) {
        if (!owner.equals(session.id())) {
            watched.computeIfAbsent(owner, id -> session.mail().store().events().watch(id, wake));
        }
    }

    /// RFC 5465 §6.2: where new mail may go. INBOX, Junk, and what filters name.
    static Set<String> inboxes(Authenticated session) {
        var targets = new HashSet<ObjectId>();
        for (var filter : session.mail().filters().list(session.id())) {
            filter.document("action").flatMap(a -> a.objectId("mailbox")).ifPresent(targets::add);
        }
        var paths = new HashSet<String>();
        for (var mailbox : session.folders().list(session.id())) {
            boolean junk = "\\Junk".equals(mailbox.specialUse());
            if (junk || mailbox.path().equals("INBOX") || targets.contains(mailbox.id().value())) {
                paths.add(mailbox.path());
            }
        }
        return paths;
    }

    /// RFC 5465 §5.2: what was asked for of messages that are new in the selected mailbox, from this index on.
    void arrived(SelectedMailbox box, int from) throws IOException {
        var selected = request.selected();
        if (selected == null || selected.items().isEmpty() || from >= box.count()) {
            return;
        }
        var indexes = new BitSet();
        indexes.set(from, box.count());
        List<FetchItem> items = FetchItem.with(selected.items(), FetchItem.Column.UID);
        var answer = new FetchAnswer(session, items, out);
        answer.rows(box, indexes, Set.of());
        TrafficLimits.DOWNLOAD.count(session, answer.sent());
    }
}
