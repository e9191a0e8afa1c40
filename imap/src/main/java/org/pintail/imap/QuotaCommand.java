package org.pintail.imap;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.pintail.address.MailAddress;
import org.pintail.backend.Bytes;
import org.pintail.backend.Document;
import org.pintail.imap.wire.ImapReader;
import org.pintail.imap.wire.No;
import org.pintail.imap.wire.Responses;
import org.pintail.mail.Account;
import org.pintail.mail.Right;
import org.pintail.mail.Settings;

/// GETQUOTA, GETQUOTAROOT, SETQUOTA — RFC 9208. An account is one root: "" for its own session, `Users/NAME` for others. STORAGE in KiB,
/// rounded up; MAILBOX; MESSAGE where there is a limit. Limits are set by administrators (setting `const:imap:admins`).
///
///     getquota = "GETQUOTA" SP quota-root-name
///     getquotaroot = "GETQUOTAROOT" SP mailbox
///     setquota = "SETQUOTA" SP quota-root-name SP "(" [resource SP number *(SP resource SP number)] ")"
record QuotaCommand(Kind kind, Bytes name, String mailbox, List<Limit> limits) implements Command.InAuthenticated {
    private static final long MOST = Long.MAX_VALUE / 1024;

    enum Kind {
        GETQUOTA,
        GETQUOTAROOT,
        SETQUOTA
    }

    record Limit(String resource, long number) {}

    QuotaCommand {
        limits = List.copyOf(limits);
    }

    static QuotaCommand parse(ImapReader in, Kind kind) throws IOException {
        in.sp();
        var name = Bytes.wrap(in.astring());
        var limits = new ArrayList<Limit>();
        if (kind == Kind.SETQUOTA) {
            in.sp();
            in.list(() -> limits.add(limit(in)));
        }
        in.end();
        return new QuotaCommand(kind, name, in.mailboxName(name.unsafeArray()), limits);
    }

    private static Limit limit(ImapReader in) {
        var resource = in.word();
        in.sp();
        return new Limit(resource, in.number());
    }

    @Override
    public Reply run(Authenticated session, Responses out) throws IOException {
        switch (kind) {
            case SETQUOTA -> {
                if (!administers(session)) {
                    throw new No("NOPERM", "Permission denied");
                }
                write(session, set(session, root(session)), out);
            }
            case GETQUOTA -> write(session, root(session), out);
            case GETQUOTAROOT -> {
                var access = session.permitted(mailbox, Right.READ);
                var owner = session.owner(access.mailbox());
                out.ascii("* QUOTAROOT ").string(name.unsafeArray()).sp().mailbox(rootOf(session, owner)).crlf();
                write(session, owner, out);
            }
        }
        return Reply.COMPLETED;
    }

    private static String rootOf(Authenticated session, Account owner) {
        return owner.id().equals(session.id()) ? "" : SharedName.PREFIX + owner.username();
    }

    /// Only administrators see the roots of others by name.
    private Account root(Authenticated session) {
        Optional<Account> found = Optional.empty();
        if (mailbox.isEmpty()) {
            found = Optional.of(session.account());
        } else if (mailbox.startsWith(SharedName.PREFIX) && administers(session)) {
            found = session.mail().accounts().find(mailbox.substring(SharedName.PREFIX.length()));
        }
        return found.orElseThrow(() -> new No("NONEXISTENT", "No such quota root"));
    }

    private static boolean administers(Authenticated session) {
        var own = MailAddress.usernameView(session.account().username());
        for (var admin : session.mail().stored().text(Settings.IMAP_ADMINS).split(",", -1)) {
            if (!admin.isBlank() && MailAddress.usernameView(admin.strip()).equals(own)) {
                return true;
            }
        }
        return false;
    }

    private Account set(Authenticated session, Account account) {
        var changes = Document.EMPTY;
        for (var limit : limits) {
            if (limit.number < 1 || limit.number > MOST) {
                throw new No("CANNOT", "A limit is 1 or more");
            }
            changes = switch (limit.resource) {
                case "STORAGE" -> changes.with("quota", limit.number * 1024);
                case "MESSAGE" -> changes.with("quotaMessages", limit.number);
                case "MAILBOX" -> changes.with("quotaMailboxes", limit.number);
                default -> throw new No("CANNOT", "Only STORAGE, MESSAGE and MAILBOX are limited");
            };
        }
        return session.mail().accounts().update(account.id(), changes);
    }

    private static void write(Authenticated session, Account account, Responses out) throws IOException {
        var mail = session.mail();
        out.ascii("* QUOTA ").mailbox(rootOf(session, account)).ascii(" (STORAGE ");
        out.number(kib(mail.accounts().usage(account.id()))).sp().number(kib(mail.accounts().quota(account)));
        out.ascii(" MAILBOX ").number(mail.folders().list(account.id()).size());
        out.sp().number(mail.folders().maxMailboxes(account));
        if (account.messageQuota() > 0) {
            out.ascii(" MESSAGE ").number(mail.folders().messages(account.id())).sp().number(account.messageQuota());
        }
        out.put(')').crlf();
    }

    private static long kib(long bytes) {
        return (bytes + 1023) / 1024;
    }
}
