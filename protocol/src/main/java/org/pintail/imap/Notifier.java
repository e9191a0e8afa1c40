package org.pintail.imap;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;
import org.pintail.backend.AccountId;
import org.pintail.backend.Bytes;
import org.pintail.backend.Events;
import org.pintail.backend.MailboxId;
import org.pintail.backend.ObjectId;
import org.pintail.backend.StoreException;
import org.pintail.mail.Right;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Tells a client of mailboxes that it has not selected (RFC 5465 §5): remembers what it was told of each, and on every change in an account
/// whose mailboxes it may see compares, at most ten times a second between commands. The dialogue's lock guards it. When the store cannot be asked, what happened meanwhile is lost: the
/// client is told NOTIFICATIONOVERFLOW, and nothing more.
final class Notifier {
    private static final Logger LOG = LoggerFactory.getLogger(Notifier.class);
    private static final Duration PAUSE = Duration.ofMillis(100);
    private final Authenticated session;
    private final Responses out;
    private final Runnable wake;
    private final Map<AccountId, Events.Watch> watched = new HashMap<>();
    private NotifyRequest request;
    private Map<MailboxId, Told> told = Map.of();
    private Map<String, Bytes> serverAnnotations = Map.of();
    private Instant nextLook = Instant.MIN;
    private boolean looksLater;

    /// A mailbox as the client knows it; its annotations where they are told of.
    private record Told(MailboxTree.Row row, NotifyRequest.Events events, Map<String, Bytes> annotations) {
        Access access() {
            return Objects.requireNonNull(row.access());
        }

        MailboxId id() {
            return access().mailbox().id();
        }
    }

    /// `wake` runs on each change in another account, on a thread of the engine's.
    Notifier(Authenticated session, NotifyRequest request, Responses out, Runnable wake) {
        this.session = session;
        this.request = request;
        this.out = out;
        this.wake = wake;
    }

    /// From here on changes are told. With `status` it begins with how things are (RFC 5465 §3.1); of what cannot be told the client learns that.
    void start(boolean status) throws IOException {
        if (request.groups().isEmpty()) {
            return;
        }
        told = look();
        serverAnnotations = ofServer();
        for (var now : told.values()) {
            if (now.events.messages() && !now.access().may(Right.READ)) {
                out.ascii("* LIST (\\NoAccess) \"/\" ").mailbox(now.row.path()).crlf();
            } else if (status && now.events.messages() && !isSelected(now)) {
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

    /// As [#tell], but not so soon after the last time: then once more a little later, for all that happens until then.
    void tellInTime() throws IOException {
        if (!watchesOthers()) {
            return;
        }
        if (!session.mail().clock().instant().isBefore(nextLook)) {
            tell();
        } else if (!looksLater) {
            looksLater = true;
            Thread.ofVirtual().name("imap-notify-", 0).start(this::wakeLater);
        }
    }

    private void wakeLater() {
        try {
            Thread.sleep(PAUSE);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        wake.run();
    }

    /// Tells what has changed since the last time.
    void tell() throws IOException {
        if (!watchesOthers()) {
            return;
        }
        looksLater = false;
        var before = told;
        var server = serverAnnotations;
        try {
            told = look();
            serverAnnotations = ofServer();
        } catch (StoreException failed) {
            LOG.warn("imap notifications ended session={}", session.session(), failed);
            out.untagged("OK [NOTIFICATIONOVERFLOW] Changes were lost, nothing more is told");
            stop();
            return;
        }
        nextLook = session.mail().clock().instant().plus(PAUSE);
        for (var old : before.values()) {
            if (!told.containsKey(old.id()) && old.events.names()) {
                out.ascii("* LIST (\\NonExistent) \"/\" ").mailbox(old.row.path()).crlf();
            }
        }
        var renamed = renamed(before);
        for (var current : told.values()) {
            tell(before.get(current.id()), current, renamed);
        }
        annotations("", server, serverAnnotations);
    }

    /// Names that changed, old to new.
    private Map<String, String> renamed(Map<MailboxId, Told> before) {
        var renamed = new HashMap<String, String>();
        for (var now : told.values()) {
            var old = before.get(now.id());
            if (old != null && !old.row.path().equals(now.row.path())) {
                renamed.put(old.row.path(), now.row.path());
            }
        }
        return renamed;
    }

    /// RFC 5465 §5.4: of children that went along with their parent nothing is said.
    private static boolean wentAlong(String old, String now, Map<String, String> renamed) {
        for (int i = old.lastIndexOf('/'); i > 0; i = old.lastIndexOf('/', i - 1)) {
            var parent = renamed.get(old.substring(0, i));
            if (parent != null && now.equals(parent + old.substring(i))) {
                return true;
            }
        }
        return false;
    }

    private void tell(@Nullable Told before, Told now, Map<String, String> renamed) throws IOException {
        if (before == null) {
            if (now.events.names()) {
                list(now, null);
            }
        } else {
            tellNames(before, now, renamed);
            annotations(now.row.path(), before.annotations, now.annotations);
        }
        if (now.events.messages() && !isSelected(now) && now.access().may(Right.READ) && differs(before, now)) {
            status(now, true);
        }
    }

    /// A parent whose first child comes, or whose last one goes, is affected as well (RFC 5465 §5.4).
    private void tellNames(Told before, Told now, Map<String, String> renamed) throws IOException {
        var old = before.row;
        boolean moved = !old.path().equals(now.row.path());
        boolean named = now.events.names();
        if (named && moved && !wentAlong(old.path(), now.row.path(), renamed)) {
            list(now, old.path());
        } else if (named && !moved && old.hasChildren() != now.row.hasChildren()
                || now.events.subscriptions() && old.subscribed() != now.row.subscribed()) {
            list(now, null);
        }
    }

    /// `* METADATA "Work" /shared/comment`: what changed, without values (RFC 5464 §4.4.2).
    private void annotations(String mailbox, Map<String, Bytes> before, Map<String, Bytes> now) throws IOException {
        var changed = new TreeSet<String>();
        before.forEach((name, value) -> {
            if (!Objects.equals(value, now.get(name))) {
                changed.add(name);
            }
        });
        now.keySet().stream().filter(name -> !before.containsKey(name)).forEach(changed::add);
        if (changed.isEmpty()) {
            return;
        }
        out.ascii("* METADATA ").mailbox(mailbox);
        for (var name : changed) {
            out.sp().astring(name.getBytes(StandardCharsets.UTF_8));
        }
        out.crlf();
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
        out.ascii("* LIST (").ascii(now.row.subscribed() ? "\\Subscribed " : "");
        out.ascii(now.row.hasChildren() ? "\\HasChildren" : "\\HasNoChildren").ascii(") \"/\" ").mailbox(now.row.path());
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
        if (now.events.flags() || session.dialogue().announcer().condstore()) {
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
            request.events(row, inboxes, own).ifPresent(events -> {
                var annotations = events.annotations() ? Metadata.visible(session, access) : Map.<String, Bytes>of();
                found.put(access.mailbox().id(), new Told(row, events, annotations));
                watch(access.mailbox().account());
            });
        }
        return found;
    }

    private Map<String, Bytes> ofServer() {
        return request.wantsServerAnnotations() ? Metadata.of(session, "").entries() : Map.of();
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
