package org.pintail.imap;

import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.util.BitSet;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.pintail.backend.Mailbox;
import org.pintail.backend.MailboxId;
import org.pintail.backend.StoreException;
import org.pintail.imap.view.SelectedMailbox;
import org.pintail.imap.wire.No;
import org.pintail.imap.wire.Responses;
import org.pintail.mail.Right;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Tells a client of mailboxes that it has not selected (RFC 5465 §5): remembers what it was told of each, and compares, at most ten times a
/// second between commands. Where the journal of an account says that messages changed, only their mailboxes are read ([NotifyWatch]);
/// else all of them, and all of them once more a little later, for what no journal has. The dialogue's lock guards it. When the store cannot
/// be asked, or there are too many mailboxes, the client is told NOTIFICATIONOVERFLOW, and nothing more.
final class Notifier {
    private static final Logger LOG = LoggerFactory.getLogger(Notifier.class);
    private static final Duration PAUSE = Duration.ofMillis(100);
    private static final Duration ALL_AFTER = Duration.ofSeconds(2);
    private static final Duration ALL_EVERY = Duration.ofMinutes(1); // for events that got lost between nodes
    private final Authenticated session;
    private final Responses out;
    private final NotifyAnswer answer;
    private final Runnable wake;
    private final NotifyWatch watch;
    private NotifyRequest request;
    private NotifyLook known = new NotifyLook();
    /// Messages of the selected mailbox that this session put there, not told of yet.
    private final Set<Long> own = new HashSet<>();
    private Instant nextLook = Instant.MIN;
    private Instant nextAtAll = Instant.MIN;
    private boolean looksLater;
    private boolean looksAtAllLater;

    /// `wake` runs on each change, on a thread of the engine's.
    Notifier(Authenticated session, NotifyRequest request, Responses out, Runnable wake) {
        this.session = session;
        this.request = request;
        this.out = out;
        this.answer = new NotifyAnswer(session, out);
        this.wake = wake;
        this.watch = new NotifyWatch(session.mail().store(), session.session(), wake);
    }

    /// From here on changes are told. With `status` it begins with how things are (RFC 5465 §3.1); of what cannot be told the client learns
    /// that. Refuses to watch more mailboxes than it may.
    void start(boolean status) throws IOException {
        if (request.groups().isEmpty()) {
            return;
        }
        watch.add(session.id());
        lookAtAll();
        if (tooMany()) {
            stop();
            throw new No("NOTIFICATIONOVERFLOW", "More than " + most() + " mailboxes are not watched");
        }
        for (var now : known.all()) {
            if (now.events().messages() && !now.mayTellMessages()) {
                answer.noAccess(now.path());
            } else if (status && now.mayTellMessages() && !isSelected(now)) {
                answer.status(now, false);
            }
        }
    }

    void stop() {
        watch.close();
        request = NotifyRequest.NOTHING;
    }

    private int most() {
        return session.dialogue().limits().notified();
    }

    private boolean tooMany() {
        return known.all().size() > most();
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
            wakeAfter(PAUSE);
        }
    }

    private void wakeAfter(Duration pause) {
        Thread.ofVirtual().name("imap-notify-", 0).start(() -> {
            try {
                Thread.sleep(pause);
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
            wake.run();
        });
    }

    /// Tells what has changed since the last time.
    void tell() throws IOException {
        if (!watchesOthers()) {
            return;
        }
        looksLater = false;
        var now = session.mail().clock().instant();
        boolean all = !now.isBefore(nextAtAll);
        if (!all && !watch.woken()) {
            return;
        }
        nextLook = now.plus(PAUSE);
        try {
            var changed = all ? Optional.<Map<MailboxId, Boolean>>empty() : watch.changed(looksAtAllLater);
            if (changed.isEmpty() || !tellOf(changed.get())) {
                tellOfAll();
            } else if (!looksAtAllLater) {
                looksAtAllLater = true;
                nextAtAll = now.plus(ALL_AFTER);
                wakeAfter(ALL_AFTER);
            }
        } catch (StoreException failed) {
            LOG.warn("imap notifications ended session={}", session.session(), failed);
            overflow("Changes were lost, nothing more is told");
        }
    }

    private void overflow(String why) throws IOException {
        stop();
        out.untagged("OK [NOTIFICATIONOVERFLOW] " + why);
    }

    /// Messages changed in these mailboxes, and nothing else did; the value: was all of it this session's doing? False where more has changed.
    private boolean tellOf(Map<MailboxId, Boolean> changed) throws IOException {
        for (var change : changed.entrySet()) {
            var before = known.find(change.getKey());
            if (before == null) {
                continue;
            }
            var mailbox = session.mail().store().mailboxes().find(change.getKey()).filter(m -> hasSameRights(before, m));
            if (mailbox.isEmpty()) {
                return false;
            }
            var now = before.with(mailbox.get());
            known.put(now);
            if (!change.getValue()) { // RFC 5465 §5: of its own doing the client knows
                tellMessages(before, now);
            }
        }
        return true;
    }

    private boolean hasSameRights(Notified before, Mailbox now) {
        return before.isNamedAs(now)
                && (now.account().equals(session.id())
                        || session.mail().sharing().rights(now, session.account()).equals(before.access().rights()));
    }

    private void lookAtAll() {
        watch.skip();
        known = NotifyLook.of(session, request);
        known.all().forEach(m -> watch.add(m.mailbox().account()));
        looksAtAllLater = false;
        nextAtAll = session.mail().clock().instant().plus(ALL_EVERY);
    }

    private void tellOfAll() throws IOException {
        var before = known;
        lookAtAll();
        if (tooMany()) {
            overflow("There are more than " + most() + " mailboxes, nothing more is told");
            return;
        }
        for (var old : before.all()) {
            if (known.find(old.id()) == null) {
                tellGone(old);
            }
        }
        var renamed = renamed(before);
        for (var now : known.all()) {
            tell(before.find(now.id()), now, renamed);
        }
        tellParents(before);
        answer.annotations("", before.annotations(), known.annotations());
    }

    private void tellGone(Notified old) throws IOException {
        if (old.events().names()) {
            answer.noMailbox(old.path(), known.parents().contains(old.path()));
        } else if (old.events().messages() && session.mail().store().mailboxes().find(old.id()).isPresent()) {
            answer.noAccess(old.path()); // RFC 5465 §5.9: it may not be looked up any more
        }
    }

    /// RFC 5465 §5.4: the parent of a mailbox that comes or goes is affected, whether there is a mailbox of that name or not.
    private void tellParents(NotifyLook before) throws IOException {
        for (var name : before.parents()) {
            if (!known.parents().contains(name) && !known.has(name)) {
                answer.noMailbox(name, false);
            }
        }
        for (var name : known.parents()) {
            if (!before.parents().contains(name) && !before.has(name)) {
                answer.noMailbox(name, true);
            }
        }
    }

    /// Names that changed, old to new.
    private Map<String, String> renamed(NotifyLook before) {
        var renamed = new HashMap<String, String>();
        for (var now : known.all()) {
            var old = before.find(now.id());
            if (old != null && !old.path().equals(now.path())) {
                renamed.put(old.path(), now.path());
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

    private void tell(@Nullable Notified before, Notified now, Map<String, String> renamed) throws IOException {
        if (before != null) {
            tellNames(before, now, renamed);
            answer.annotations(now.path(), before.annotations(), now.annotations());
        } else if (now.events().names()) {
            answer.list(now, null);
        }
        tellMessages(before, now);
    }

    /// A parent whose first child comes, or whose last one goes, is affected as well (RFC 5465 §5.4). Who may read again what was told of as
    /// `\NoAccess` learns that (§5.9).
    private void tellNames(Notified before, Notified now, Map<String, String> renamed) throws IOException {
        var old = before.row();
        boolean moved = !old.path().equals(now.path());
        boolean named = now.events().names();
        boolean reads = now.events().messages() && !before.access().may(Right.READ) && now.mayTellMessages();
        if (named && moved && !wentAlong(old.path(), now.path(), renamed)) {
            answer.list(now, old.path());
        } else if (named && !moved && old.hasChildren() != now.row().hasChildren()
                || now.events().subscriptions() && old.subscribed() != now.row().subscribed()
                || reads) {
            answer.list(now, null);
        } else if (before.mayTellMessages() && !now.mayTellMessages()) {
            answer.noAccess(now.path());
        }
    }

    private void tellMessages(@Nullable Notified before, Notified now) throws IOException {
        if (now.mayTellMessages() && !isSelected(now) && now.differsFrom(before)) {
            answer.status(now, true);
        }
    }

    private boolean isSelected(Notified mailbox) {
        var selected = session.dialogue().announcer().selected();
        return selected != null && selected.id().equals(mailbox.id());
    }

    /// Another mailbox is selected, or none.
    void forgetOwn() {
        own.clear();
    }

    /// This session put these messages into the selected mailbox.
    void made(List<Long> uids) {
        if (request.selected() != null && !request.selected().items().isEmpty()) {
            own.addAll(uids);
        }
    }

    /// RFC 5465 §5.2: what was asked for of messages that are new in the selected mailbox, from this index on, but for this session's own.
    void arrived(SelectedMailbox box, int from) throws IOException {
        var selected = request.selected();
        if (selected == null || selected.items().isEmpty() || from >= box.count()) {
            return;
        }
        var indexes = new BitSet();
        for (int i = from; i < box.count(); i++) {
            indexes.set(i, !own.remove(box.uid(i)));
        }
        if (!indexes.isEmpty()) {
            var fetched = new FetchAnswer(session, FetchItem.with(selected.items(), FetchItem.Column.UID), out);
            fetched.rows(box, indexes, Set.of());
            TrafficLimits.DOWNLOAD.count(session, fetched.sent());
        }
    }
}
