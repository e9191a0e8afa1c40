package org.pintail.imap;

import java.io.EOFException;
import java.io.IOException;
import java.net.SocketTimeoutException;
import java.nio.file.Path;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;
import org.pintail.backend.Events;
import org.pintail.backend.StoreException;
import org.pintail.imap.wire.BadCommand;
import org.pintail.imap.wire.Bye;
import org.pintail.imap.wire.ImapLimits;
import org.pintail.imap.wire.ImapReader;
import org.pintail.imap.wire.No;
import org.pintail.imap.wire.Responses;
import org.pintail.mail.Mail;
import org.pintail.mail.Refusal;
import org.pintail.net.CompressionFailure;
import org.pintail.net.Connection;
import org.pintail.net.LineTooLong;
import org.pintail.push.ApplePush;
import org.pintail.sasl.Sasl;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// One client, from greeting to BYE: reads commands one after the other, runs them, has the [Announcer] tell what other
/// sessions did, and turns whatever went wrong into a reply. Whoever writes to the client holds [#lock]; it is free while a line is waited for, so that a change can be
/// announced during IDLE.
final class Dialogue {
    private static final Logger LOG = LoggerFactory.getLogger(Dialogue.class);
    private static final int SELECTS = 1000;
    private static final Set<String> HTTP = Set.of("GET", "HEAD", "POST", "PUT", "DELETE", "OPTIONS", "PATCH", "TRACE");
    private final Connection connection;
    private final Mail mail;
    private final Sasl sasl;
    private final Optional<ApplePush> push;
    private final ImapLimits limits;
    private final Kept kept;
    private final ReentrantLock lock = new ReentrantLock();
    private final ImapReader in;
    private final Responses out;
    private final Announcer announcer;
    private final MessageLimit messageLimit;
    private @Nullable Authenticated user;
    private Events.@Nullable Watch changes;
    private Events.@Nullable Watch logouts;
    private boolean over;
    private String tag = "*";
    private int errors;
    private int selects;

    Dialogue(Connection connection, Mail mail, Sasl sasl, Optional<ApplePush> push, ImapLimits limits, Path spoolDirectory, Kept kept) {
        this.connection = connection;
        this.mail = mail;
        this.sasl = sasl;
        this.push = push;
        this.limits = limits;
        this.kept = kept;
        this.out = new Responses(new ConnectionOutput(connection));
        this.announcer = new Announcer(connection, mail, limits, out, lock);
        this.messageLimit = new MessageLimit(limits);
        this.in = new ImapReader(new ConnectionInput(connection, out, lock), limits, spoolDirectory);
    }

    void run() throws IOException {
        connection.timeout(limits.idle());
        try {
            out.untagged("OK Pintail ready for requests from " + connection.remoteIp() + " " + connection.session());
            out.flush();
            while (!over) {
                step();
            }
        } catch (SocketTimeoutException quiet) {
            announcer.bye("Idle timeout, closing connection");
        } catch (Bye farewell) {
            if (farewell.getCause() != null) {
                LOG.warn("imap dialogue ended session={}", connection.session(), farewell.getCause());
            }
            announcer.bye(farewell.text());
        } catch (CompressionFailure broken) {
            announcer.bye("Broken compression");
        } catch (EOFException gone) {
            LOG.debug("imap client left inside a command session={}", connection.session());
        } finally {
            leave();
        }
    }

    private void step() throws IOException {
        if (!connection.awaitCommand()) {
            throw new Bye("System shutdown");
        }
        try {
            if (!in.nextCommand()) {
                over = true;
                return;
            }
        } catch (LineTooLong tooLong) {
            withLock(() -> out.untagged("BAD Command line too long"));
            countError();
            flush();
            return;
        }
        try {
            tag = in.tag();
        } catch (BadCommand noTag) {
            in.skipCommand();
            withLock(() -> out.untagged("BAD Invalid tag"));
            countError();
            flush();
            return;
        }
        if (user == null && HTTP.contains(tag) && in.looksAt(" /")) {
            throw new Bye("This is no web server"); // ALPACA: a browser was sent here, and its next lines may hold commands
        }
        lock.lock();
        try {
            answer();
            flush();
        } finally {
            lock.unlock();
        }
    }

    private void flush() throws IOException {
        if (over || connection.buffered() == 0) {
            out.flush();
        }
    }

    /// The tagged OK of a command that cannot leave it to the dialogue.
    void taggedOk(String text) throws IOException {
        tagged(tag, "OK", null, text);
    }

    private void answer() throws IOException {
        var name = "Command";
        try {
            in.sp();
            name = in.atom().toUpperCase(Locale.ROOT);
            if (name.equals("UID")) {
                in.sp();
                name = "UID " + in.atom().toUpperCase(Locale.ROOT);
            }
            var entry = CommandTable.find(name);
            if (entry == null || push.isEmpty() && name.equals(ApplePushCommand.NAME)) {
                throw new BadCommand(user == null ? "Unknown command" : "Unknown command: " + name);
            }
            checkState(entry);
            if (entry.usesNumbers()) {
                announcer.requireNumbers();
            }
            messageLimit.begin();
            var command = entry.parser().parse(in);
            Reply reply;
            try {
                reply = run(command);
            } catch (No | Refusal refused) {
                announcer.announce(entry.announces());
                throw refused;
            }
            announcer.announce(entry.announces());
            if (user != null) {
                errors = 0;
            }
            if (!reply.sent()) {
                tagged(tag, "OK", code(entry, reply), reply.text() == null ? name + " completed" : reply.text());
            }
        } catch (No no) {
            in.skipCommand();
            tagged(tag, "NO", no.code(), no.text());
        } catch (Refusal refused) {
            var no = No.of(refused);
            tagged(tag, "NO", no.code(), no.text());
        } catch (BadCommand bad) {
            in.skipCommand();
            tagged(tag, "BAD", bad.code(), bad.text());
            countError();
        } catch (LineTooLong tooLong) {
            tagged(tag, "BAD", null, "Command line too long");
            countError();
        } catch (Bye farewell) {
            throw farewell;
        } catch (StoreException failed) {
            LOG.warn("imap command failed command={} session={}", name, connection.session(), failed);
            tagged(tag, "NO", storeCode(failed), name + " failed");
        } catch (RuntimeException bug) {
            LOG.error("imap command broke command={} session={}", name, connection.session(), bug);
            tagged(tag, "NO", "TEMPFAIL", name + " failed");
        }
    }

    /// RFC 5530: that messages went of which the client cannot be told while it works with sequence numbers.
    /// RFC 9738 §3.1: that a command stopped at its limit; before the reply where that has a code already.
    private @Nullable String code(CommandTable.Entry entry, Reply reply) throws IOException {
        boolean expunged = reply.code() == null && entry.usesNumbers() && announcer.expungesUntold();
        var code = expunged ? "EXPUNGEISSUED" : reply.code();
        if (!messageLimit.reached()) {
            return code;
        }
        if (code != null) {
            out.untagged("NO [" + messageLimit.code() + "] There are more messages");
            return code;
        }
        return messageLimit.code();
    }

    private static String storeCode(StoreException failed) {
        return switch (failed) {
            case StoreException.OverQuota _ -> "OVERQUOTA";
            case StoreException.Missing _ -> "NONEXISTENT";
            case StoreException.Duplicate _ -> "ALREADYEXISTS";
            case StoreException.Unavailable _, StoreException.Full _, StoreException.Corrupt _ -> "TEMPFAIL";
        };
    }

    private void checkState(CommandTable.Entry entry) {
        boolean fits =
                switch (entry.states()) {
                    case ANY -> true;
                    case NOT_AUTHENTICATED -> user == null;
                    case AUTHENTICATED_ONLY -> user != null && announcer.selected() == null;
                    case AUTHENTICATED -> user != null;
                    case SELECTED -> announcer.selected() != null;
                };
        if (!fits) {
            throw new BadCommand(entry.name() + " not allowed now");
        }
    }

    private Reply run(Command command) throws IOException {
        return switch (command) {
            case Command.InAnyState c -> c.run(this, out);
            case Command.InAuthenticated c -> c.run(authenticated(), out);
            case Command.InSelected c -> {
                var selected = announcer.selected();
                if (selected == null) {
                    throw new BadCommand("no mailbox selected");
                }
                yield c.run(authenticated(), selected, out);
            }
        };
    }

    private Authenticated authenticated() {
        if (user == null) {
            throw new BadCommand("log in first");
        }
        return user;
    }

    private void tagged(String tag, String status, @Nullable String code, String text) throws IOException {
        out.ascii(tag).sp().ascii(status).sp();
        if (code != null) {
            out.put('[').ascii(code).ascii("] ");
        }
        out.utf8(text).crlf();
    }

    private void countError() {
        if (++errors >= limits.errors()) {
            throw new Bye("Too many protocol errors");
        }
    }

    /// Something that writes.
    private interface Writing {
        void run() throws IOException;
    }

    private void withLock(Writing writing) throws IOException {
        lock.lock();
        try {
            writing.run();
        } finally {
            lock.unlock();
        }
    }

    /// Makes the client somebody. Refuses when that account has too many sessions.
    void login(Authenticated who) {
        long own = who.limit("imapMaxConnections");
        int limit = own > 0 ? (int) Math.min(own, Integer.MAX_VALUE) : limits.connectionsPerUser();
        if (!mail.store().cluster().seats().take(seat(who), limit)) {
            throw new No("ALERT", "Too many simultaneous connections.");
        }
        user = who;
        errors = 0;
        in.loggedIn(true);
        var events = mail.store().events();
        changes = events.watch(who.id(), announcer::listens, announcer::wake);
        logouts = events.watchLogout(who.id(), reason -> Thread.ofVirtual().start(() -> announcer.endBecause(reason)));
    }

    /// What the sessions of an account on all nodes are counted under.
    private static String seat(Authenticated who) {
        return "imap:" + who.id().hex();
    }

    /// UNAUTHENTICATE: the client is nobody again, and nothing of what it was is left but the connection.
    void logout() {
        announcer.forget();
        leave();
        changes = null;
        logouts = null;
        user = null;
        selects = 0;
        in.loggedIn(false);
        out.useUtf8(false);
    }

    private void leave() {
        announcer.leave();
        if (changes != null) {
            changes.close();
        }
        if (logouts != null) {
            logouts.close();
        }
        if (user != null) {
            mail.store().cluster().seats().leave(seat(user));
        }
    }

    /// The selected mailbox and what is said about it.
    Announcer announcer() {
        return announcer;
    }

    void countSelect() {
        if (++selects > SELECTS) {
            throw new Bye("Too many SELECT commands issued, please reconnect");
        }
    }

    /// Of the command that runs.
    String tag() {
        return tag;
    }

    boolean loggedIn() {
        return user != null;
    }

    void end() {
        over = true;
    }

    void enableUtf8() {
        in.useUtf8();
        out.useUtf8(true);
    }

    Connection connection() {
        return connection;
    }

    String sessionId() {
        return connection.session();
    }

    Kept kept() {
        return kept;
    }

    /// Where devices ask to be woken, if they can.
    Optional<ApplePush> push() {
        return push;
    }

    MessageLimit messageLimit() {
        return messageLimit;
    }

    ImapLimits limits() {
        return limits;
    }

    Sasl sasl() {
        return sasl;
    }

    Mail mail() {
        return mail;
    }

    /// The next line of the client, not read as a command.
    String readLine() throws IOException {
        return in.readLine();
    }

    /// Asks for one more line: `+ prompt`.
    String ask(String prompt) throws IOException {
        return in.ask(prompt);
    }
}
