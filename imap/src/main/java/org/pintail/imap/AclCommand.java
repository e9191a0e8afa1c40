package org.pintail.imap;

import java.io.IOException;
import java.util.Locale;
import java.util.function.UnaryOperator;
import org.pintail.address.MailAddress;
import org.pintail.backend.Bytes;
import org.pintail.imap.wire.BadCommand;
import org.pintail.imap.wire.ImapReader;
import org.pintail.imap.wire.No;
import org.pintail.imap.wire.Responses;
import org.pintail.mail.Right;
import org.pintail.mail.Rights;
import org.pintail.mail.Sharing;

/// SETACL, DELETEACL, GETACL, LISTRIGHTS, MYRIGHTS — RFC 4314 §3. Names are user names, `anyone` and `authuser`; with `-` in front what is kept
/// from them. The owner has every right, which nobody can change. Names are not looked up: an account that does not exist is answered like
/// one that does.
///
///     setacl = "SETACL" SP mailbox SP identifier SP ["+" / "-"] rights
///     deleteacl = "DELETEACL" SP mailbox SP identifier
///     getacl = "GETACL" SP mailbox
///     listrights = "LISTRIGHTS" SP mailbox SP identifier
///     myrights = "MYRIGHTS" SP mailbox
record AclCommand(Kind kind, Bytes name, String mailbox, String identifier, String rights)
        implements Command.InAuthenticated {
    private static final int LONGEST_NAME = 128;

    enum Kind {
        SETACL,
        DELETEACL,
        GETACL,
        LISTRIGHTS,
        MYRIGHTS
    }

    static AclCommand parse(ImapReader in, Kind kind) throws IOException {
        in.sp();
        var name = Bytes.wrap(in.astring());
        var identifier = "";
        var rights = "";
        if (kind != Kind.GETACL && kind != Kind.MYRIGHTS) {
            in.sp();
            identifier = in.text();
        }
        if (kind == Kind.SETACL) {
            in.sp();
            rights = in.text();
        }
        in.end();
        return new AclCommand(kind, name, in.mailboxName(name.unsafeArray()), identifier, rights);
    }

    @Override
    public Reply run(Authenticated session, Responses out) throws IOException {
        switch (kind) {
            case SETACL -> set(session);
            case DELETEACL -> change(session, _ -> Rights.NONE);
            case GETACL -> acl(session, out);
            case LISTRIGHTS -> {
                var access = session.permitted(mailbox, Right.ADMINISTER);
                boolean owner = isOwner(session, access, who());
                out.ascii("* LISTRIGHTS ").astring(name.unsafeArray()).sp().string(identifier);
                out.ascii(owner ? " " + Rights.ALL.shown() : " \"\" l r s w i p k x t e a c d").crlf();
            }
            case MYRIGHTS -> {
                var access = session.permitted(mailbox, Right.LOOKUP);
                out.ascii("* MYRIGHTS ").astring(name.unsafeArray()).sp().ascii(access.rights().shown()).crlf();
            }
        }
        return Reply.COMPLETED;
    }

    private void set(Authenticated session) {
        char first = rights.isEmpty() ? ' ' : rights.charAt(0);
        boolean adds = first == '+';
        boolean removes = first == '-';
        var named = Rights.parse(adds || removes ? rights.substring(1) : rights)
                .orElseThrow(() -> new BadCommand("no such right"));
        change(session, before -> adds ? before.plus(named) : removes ? before.minus(named) : named);
    }

    private void change(Authenticated session, UnaryOperator<Rights> change) {
        var access = session.permitted(mailbox, Right.ADMINISTER);
        var who = who();
        if (isOwner(session, access, who)) {
            throw new No("CANNOT", "The owner of a mailbox has every right");
        }
        session.mail().sharing().change(access.mailbox(), who, identifier.startsWith("-"), change);
        var events = session.mail().store().events();
        events.publish(access.mailbox().account());
        session.mail().accounts().find(who).ifPresent(account -> events.publish(account.id())); // it may be told of a new mailbox
    }

    private void acl(Authenticated session, Responses out) throws IOException {
        var access = session.permitted(mailbox, Right.ADMINISTER);
        out.ascii("* ACL ").astring(name.unsafeArray()).sp();
        out.string(session.owner(access.mailbox()).username()).sp().ascii(Rights.ALL.shown());
        for (Sharing.Entry e : session.mail().sharing().entries(access.mailbox().id())) {
            out.sp().string((e.negative() ? "-" : "") + e.name()).sp().ascii(e.rights().shown());
        }
        out.crlf();
    }

    /// The identifier without its sign, as it is kept.
    private String who() {
        var who = (identifier.startsWith("-") ? identifier.substring(1) : identifier).toLowerCase(Locale.ROOT);
        boolean plain = who.chars().allMatch(c -> Character.isLetterOrDigit(c) || "-._=:@".indexOf(c) >= 0);
        if (!plain || who.length() > LONGEST_NAME || MailAddress.usernameView(who).isEmpty()) {
            throw new BadCommand("Invalid identifier");
        }
        return who;
    }

    private static boolean isOwner(Authenticated session, Access access, String who) {
        return MailAddress.usernameView(session.owner(access.mailbox()).username())
                .equals(MailAddress.usernameView(who));
    }
}
