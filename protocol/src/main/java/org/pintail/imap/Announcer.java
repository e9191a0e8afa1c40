package org.pintail.imap;

import java.io.IOException;
import java.net.SocketTimeoutException;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;
import org.pintail.backend.StoreException;
import org.pintail.mail.Mail;
import org.pintail.net.Connection;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Keeps the selected mailbox and tells the client what other sessions did to it: after a command, or at once during IDLE.
/// Everything here runs with the dialogue's lock held, but [#wake], [#bye] and [#endBecause], which other threads call.
final class Announcer {
    private static final Logger LOG = LoggerFactory.getLogger(Announcer.class);
    private final Connection connection;
    private final Mail mail;
    private final ImapLimits limits;
    private final Responses out;
    private final ReentrantLock lock;
    private final AtomicBoolean waking = new AtomicBoolean();
    private volatile boolean idling;
    private @Nullable SelectedMailbox selected;
    private boolean condstore;

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

    void select(SelectedMailbox mailbox) {
        selected = mailbox;
    }

    void unselect() {
        selected = null;
    }

    /// As if nobody had ever logged in.
    void forget() {
        selected = null;
        condstore = false;
    }

    boolean condstore() {
        return condstore;
    }

    /// RFC 7162 §3.1: from now on changes are announced with their MODSEQ.
    void enableCondstore() {
        condstore = true;
    }

    /// Takes in what other sessions did to the selected mailbox, without telling yet.
    void refresh() {
        var box = selected;
        if (box == null) {
            return;
        }
        try {
            box.refresh();
        } catch (StoreException.Missing deleted) {
            throw new Bye("Selected mailbox was deleted, have to disconnect");
        }
    }

    void announce(CommandTable.Announces what) throws IOException {
        var box = selected;
        if (box == null || what == CommandTable.Announces.NOTHING) {
            return;
        }
        refresh();
        for (var update : box.updates(what == CommandTable.Announces.EVERYTHING)) {
            switch (update) {
                case SelectedMailbox.Update.Expunge(int n) -> out.ascii("* ").number(n).ascii(" EXPUNGE").crlf();
                case SelectedMailbox.Update.Exists(int n) -> out.ascii("* ").number(n).ascii(" EXISTS").crlf();
                case SelectedMailbox.Update.Fetch(int n, _, var flags, long modSeq) -> {
                    out.ascii("* ").number(n).ascii(" FETCH (FLAGS ").flags(flags);
                    if (condstore) {
                        out.ascii(" MODSEQ (").number(modSeq).put(')');
                    }
                    out.put(')').crlf();
                }
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
            while (true) {
                lock.unlock();
                try {
                    return dialogue.readLine();
                } catch (SocketTimeoutException quiet) {
                    if (mail.clock().millis() >= end) {
                        throw new Bye("IDLE terminated");
                    }
                } finally {
                    lock.lock();
                }
                out.untagged("OK Still here (" + mail.clock().millis() + ")");
                out.flush();
            }
        } finally {
            idling = false;
        }
    }

    /// Runs on a thread of the engine's, which must not be held up.
    void wake() {
        if (idling && waking.compareAndSet(false, true)) {
            Thread.ofVirtual().name("imap-idle-", 0).start(this::announceIdle);
        }
    }

    /// Of many wakes while the client does not read, one thread waits.
    private void announceIdle() {
        lock.lock();
        try {
            waking.set(false);
            if (idling) {
                announce(CommandTable.Announces.EVERYTHING);
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
