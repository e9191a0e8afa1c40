package org.pintail.imap;

import java.io.IOException;
import org.pintail.backend.Bytes;

/// GETQUOTA, GETQUOTAROOT, SETQUOTA — RFC 2087. One root, named "". Sizes in KiB, rounded up.
record QuotaCommand(Kind kind, Bytes name, String mailbox) implements Command.InAuthenticated {
    enum Kind {
        GETQUOTA,
        GETQUOTAROOT,
        SETQUOTA
    }

    static QuotaCommand parse(ImapReader in, Kind kind) throws IOException {
        in.sp();
        var name = Bytes.wrap(in.astring());
        if (kind == Kind.SETQUOTA) {
            in.sp();
            in.list(() -> limit(in));
        }
        in.end();
        return new QuotaCommand(kind, name, in.mailboxName(name.unsafeArray()));
    }

    private static String limit(ImapReader in) {
        var resource = in.atom();
        in.sp();
        in.number();
        return resource;
    }

    @Override
    public Reply run(Authenticated session, Responses out) throws IOException {
        switch (kind) {
            case SETQUOTA -> throw new No("CANNOT", "Permission denied.");
            case GETQUOTA -> {
                if (name.size() > 0) {
                    throw new No("NONEXISTENT", "No such quota root");
                }
            }
            case GETQUOTAROOT -> {
                session.mailbox(mailbox);
                out.ascii("* QUOTAROOT ").string(name.unsafeArray()).ascii(" \"\"").crlf();
            }
        }
        long used = session.mail().accounts().usage(session.id());
        long limit = session.mail().accounts().quota(session.account());
        out.ascii("* QUOTA \"\" (STORAGE ").number(kib(used)).sp().number(kib(limit)).put(')').crlf();
        return Reply.COMPLETED;
    }

    private static long kib(long bytes) {
        return (bytes + 1023) / 1024;
    }
}
