package org.pintail.imap;

import java.io.IOException;
import java.net.SocketTimeoutException;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;
import org.pintail.backend.Events;
import org.pintail.backend.Flags;
import org.pintail.backend.MailboxId;
import org.pintail.backend.StoreException;
import org.pintail.imap.view.SelectedMailbox;
import org.pintail.imap.wire.BadCommand;
import org.pintail.imap.wire.Bye;
import org.pintail.imap.wire.ImapLimits;
import org.pintail.imap.wire.Responses;
import org.pintail.mail.Mail;
import org.pintail.mail.Right;
import org.pintail.net.Connection;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Keeps the selected mailbox and tells the client what other sessions did to it: after a command, or at once during IDLE.
/// Everything here runs with the dialogue's lock held, but [#listens], [#wake], [#bye] and [#endBecause], which other threads call.
final class Announcer {
    private static final Logger LOG = LoggerFactory.getLogger(Announcer.class);
    static final String GONE = "Selected mailbox was deleted, have to disconnect";
    private final Connection connection;
    private final Mail mail;
    private final ImapLimits limits;
    private final Responses out;
    private final ReentrantLock lock;
    private final AtomicBoolean waking = new AtomicBoolean();
    private volatile boolean idling;
    private @Nullable SelectedMailbox selected;
    private @Nullable Authenticated reader;
    private Events.@Nullable Watch ownerChanges;
    private @Nullable Notifier notifier;
    private volatile boolean notifying;
    private Contexts contexts = new Contexts();
    /// Keywords of the selected mailbox that the client was told of.
    private Set<String> keywords = Set.of();
    private boolean condstore;
    private boolean qresync;
    private boolean uidOnly;
    private boolean rev2;

    Announcer(Connection connection, Mail mail, ImapLimits limits, Responses out, ReentrantLock lock) {
        this.connection = connection;
        this.mail = mail;
        this.limits = limits;
        this.out = out;
        this.lock = lock;
    }

    @Nullable SelectedMailbox selected() {
        return selected;
    }

    /// The dialogue hears of changes in its own account; for the mailbox of another one those of its owner are watched while it is selected.
    void select(SelectedMailbox mailbox, Access access, Authenticated session) {
        unselect();
        selected = mailbox;
        if (!access.mailbox().account().equals(session.id())) {
            reader = session;
            ownerChanges = mail.store().events().watch(access.mailbox().account(), this::listens, this::wake);
        }
    }

    void unselect() {
        selected = null;
        if (notifier != null) {
            notifier.forgetOwn();
        }
        contexts = new Contexts();
        if (ownerChanges != null) {
            ownerChanges.close();
            ownerChanges = null;
            reader = null;
        }
    }

    /// Results of the selected mailbox that are kept up to date.
    Contexts contexts() {
        return contexts;
    }

    /// As if nobody had ever logged in.
    void forget() {
        leave();
        condstore = false;
        qresync = false;
        uidOnly = false;
        rev2 = false;
    }

    boolean condstore() {
        return condstore;
    }

    /// RFC 7162 §3.2: what goes is told by uid, and every change with its uid and modseq.
    boolean qresync() {
        return qresync;
    }

    void enableQresync() {
        qresync = true;
        condstore = true;
    }

    /// RFC 9586: there are no sequence numbers for this client.
    boolean uidOnly() {
        return uidOnly;
    }

    void enableUidOnly() {
        uidOnly = true;
    }

    /// Called by whatever takes sequence numbers from the client.
    void requireNumbers() {
        if (uidOnly) {
            throw new BadCommand("UIDREQUIRED", "Sequence numbers are not used, this is UIDONLY");
        }
    }

    /// Has the client asked for IMAP4rev2 (RFC 9051 §6.3.1)?
    boolean rev2() {
        return rev2;
    }

    void enableRev2() {
        rev2 = true;
    }

    /// RFC 7162 §3.1: from now on changes are announced with their MODSEQ. In a selected mailbox the client learns where it begins.
    void enableCondstore() throws IOException {
        var box = selected;
        if (!condstore && box != null) {
            out.ascii("* OK [HIGHESTMODSEQ ").number(box.now().modSeq()).ascii("] Highest").crlf();
        }
        condstore = true;
    }

    /// Takes in what other sessions did to the selected mailbox, without telling yet.
    void refresh() {
        var box = selected;
        if (box == null) {
            return;
        }
        if (reader != null && !reader.rights(box).has(Right.READ)) {
            throw new Bye(GONE); // what may not be read any more is gone
        }
        try {
            box.refresh();
        } catch (StoreException.Missing deleted) {
            throw new Bye(GONE);
        }
    }

    /// Are messages of the selected mailbox known to be expunged that the client has not been told of?
    boolean expungesUntold() {
        return selected != null && selected.anyGone();
    }

    /// RFC 5465: from now on the client is told what it asks for, when it happens. With `status` it begins with how things are.
    /// Where it is refused, what was told before is told on.
    void notifyOf(Notifier wanted, boolean status) throws IOException {
        wanted.start(status);
        stopNotifying();
        notifier = wanted;
        var chosen = wanted.selected();
        notifying = wanted.watchesOthers() || chosen != null && chosen.events().messages();
    }

    /// What is told of the selected mailbox is what IMAP has without NOTIFY.
    void stopNotifying() {
        notifying = false;
        if (notifier != null) {
            notifier.stop();
            notifier = null;
        }
    }

    /// The client is gone.
    void leave() {
        unselect();
        stopNotifying();
    }

    void announce(CommandTable.Announces what) throws IOException {
        if (notifier != null && what != CommandTable.Announces.NOTHING) {
            notifier.tell();
        }
        announceSelected(what);
    }

    private void announceSelected(CommandTable.Announces what) throws IOException {
        var box = selected;
        boolean silent = what == CommandTable.Announces.NOTHING;
        if (box == null || silent && contexts.isEmpty()) {
            return;
        }
        refresh();
        contexts.leaving(box, what == CommandTable.Announces.EVERYTHING, out);
        int known = box.count();
        long last = known == 0 ? 0 : box.uid(known - 1);
        if (!silent && (notifier == null || notifier.selected() != null)) {
            tell(box, what);
        }
        contexts.joining(box, out);
        if (!silent && notifier != null) {
            int at = box.index(last + 1);
            notifier.arrived(box, at < 0 ? -at - 1 : at); // RFC 5465 §5.2: after ESEARCH
        }
    }

    /// This session put these messages into a mailbox, and knows of them.
    void made(MailboxId mailbox, List<Long> uids) {
        if (notifier != null && selected != null && selected.id().equals(mailbox)) {
            notifier.made(uids);
        }
    }

    private void tell(SelectedMailbox box, CommandTable.Announces what) throws IOException {
        var chosen = notifier == null ? null : notifier.selected();
        boolean tellsMessages = chosen == null || chosen.events().messages();
        boolean tellsFlags = chosen == null || chosen.events().flags();
        if (!tellsMessages) {
            return;
        }
        boolean byUid = qresync || uidOnly;
        var vanished = new ArrayList<Long>();
        for (var update : box.updates(what == CommandTable.Announces.EVERYTHING)) {
            switch (update) {
                case SelectedMailbox.Update.Expunge(int n, long uid) -> {
                    if (byUid) {
                        vanished.add(uid);
                    } else {
                        out.ascii("* ").number(n).ascii(" EXPUNGE").crlf();
                    }
                }
                case SelectedMailbox.Update.Exists(int n) -> {
                    Vanished.write(vanished, out);
                    vanished.clear();
                    out.ascii("* ").number(n).ascii(" EXISTS").crlf();
                }
                case SelectedMailbox.Update.Recent(int n) -> {
                    if (!rev2) {
                        out.ascii("* ").number(n).ascii(" RECENT").crlf();
                    }
                }
                case SelectedMailbox.Update.Fetch(int n, long uid, var flags, long modSeq) -> {
                    if (!tellsFlags) {
                        continue;
                    }
                    introduce(flags);
                    begin(n, uid, chosen != null); // RFC 5465 §5.1
                    out.ascii("FLAGS ").flags(flags, isRecent(uid));
                    if (condstore) {
                        out.ascii(" MODSEQ (").number(modSeq).put(')');
                    }
                    out.put(')').crlf();
                }
            }
        }
        Vanished.write(vanished, out);
    }

    /// In SELECT the client learns these keywords.
    void toldKeywords(List<String> all) {
        keywords = new LinkedHashSet<>(all);
    }

    /// To be called before a line that shows these flags: a keyword that is new in the mailbox is told of first (RFC 3501 §7.2.6).
    void introduce(Flags flags) throws IOException {
        if (!flags.keywords().isEmpty() && keywords.addAll(flags.keywords())) {
            out.untagged("FLAGS (" + SelectCommand.SYSTEM_FLAGS + " " + String.join(" ", keywords) + ")");
        }
    }

    /// Does this client see `\Recent` at this message of the selected mailbox?
    boolean isRecent(long uid) {
        return !rev2 && selected != null && selected.isRecent(uid);
    }

    /// `* n FETCH (`, of an answer that tells the flags of a message; with its uid where the client works with UIDs.
    void begin(int number, long uid, boolean byUid) throws IOException {
        if (uidOnly) {
            out.ascii("* ").number(uid).ascii(" UIDFETCH (");
        } else {
            out.ascii("* ").number(number).ascii(" FETCH (");
            if (byUid || qresync || rev2) {
                out.ascii("UID ").number(uid).sp();
            }
        }
    }

    /// IDLE, RFC 2177: gives the lock away while it waits, so that [#wake] can announce.
    String idle(Dialogue dialogue) throws IOException {
        long end = mail.clock().millis() + limits.idleTotal().toMillis();
        idling = true;
        try {
            announce(CommandTable.Announces.EVERYTHING);
            out.flush();
            lock.unlock();
            try {
                if (!dialogue.connection().awaitCommand(() -> stillHere(end))) {
                    throw new Bye("System shutdown");
                }
                return dialogue.readLine();
            } catch (SocketTimeoutException over) {
                throw new Bye("IDLE terminated");
            } finally {
                lock.lock();
            }
        } finally {
            idling = false;
        }
    }

    private void stillHere(long end) {
        if (mail.clock().millis() >= end) {
            connection.giveUp();
            return;
        }
        lock.lock();
        try {
            if (idling) {
                out.untagged("OK Still here (" + mail.clock().millis() + ")");
                out.flush();
            }
        } catch (IOException gone) {
            LOG.debug("imap client left while idle session={}", connection.session());
        } finally {
            lock.unlock();
        }
    }

    /// Is the client to be told of changes when they happen? Whatever happens before this says yes is found by the look that follows.
    boolean listens() {
        return idling || notifying;
    }

    /// Runs on a thread of the engine's, which must not be held up.
    void wake() {
        if (listens() && waking.compareAndSet(false, true)) {
            Thread.ofVirtual().name("imap-idle-", 0).start(this::announceIdle);
        }
    }

    /// Of many wakes while the client does not read, one thread waits.
    private void announceIdle() {
        lock.lock();
        try {
            waking.set(false);
            if (idling) {
                if (notifier != null) {
                    notifier.tellInTime();
                }
                announceSelected(CommandTable.Announces.EVERYTHING);
                out.flush();
            } else if (notifying) {
                announceBetweenCommands();
                out.flush();
            }
        } catch (Bye farewell) {
            bye(farewell.text());
            connection.close();
        } catch (IOException | RuntimeException failed) {
            LOG.warn("imap idle announcement failed session={}", connection.session(), failed);
            connection.close();
        } finally {
            lock.unlock();
        }
    }

    /// RFC 5465 §6.1: at once, but for expunged messages where the client wants numbers to stay until a command.
    private void announceBetweenCommands() throws IOException {
        if (notifier == null) {
            return;
        }
        notifier.tellInTime();
        var chosen = notifier.selected();
        if (chosen != null) {
            announceSelected(chosen.immediate() ? CommandTable.Announces.EVERYTHING : CommandTable.Announces.ALL_BUT_EXPUNGE);
        }
    }

    /// BYE, whatever the client is doing, and the end.
    void endBecause(String reason) {
        bye(reason);
        connection.close();
    }

    void bye(String text) {
        lock.lock();
        try {
            out.untagged("BYE " + text);
            out.flush();
        } catch (IOException gone) {
            LOG.debug("imap client left before BYE session={}", connection.session());
        } finally {
            lock.unlock();
        }
    }
}
