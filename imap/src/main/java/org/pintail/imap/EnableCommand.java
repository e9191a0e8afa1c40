package org.pintail.imap;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import org.pintail.imap.wire.ImapReader;
import org.pintail.imap.wire.Responses;

/// ENABLE — RFC 5161. Knows CONDSTORE and QRESYNC (RFC 7162), IMAP4rev2 (RFC 9051 §6.3.1), UIDONLY (RFC 9586) and UTF8=ACCEPT (RFC 6855).
///
///     enable = "ENABLE" 1*(SP capability)
record EnableCommand(List<String> names) implements Command.InAuthenticated {
    EnableCommand {
        names = List.copyOf(names);
    }

    static EnableCommand parse(ImapReader in) {
        var names = new ArrayList<String>();
        do {
            in.sp();
            names.add(in.atom().toUpperCase(Locale.ROOT));
        } while (!in.atEnd());
        return new EnableCommand(names);
    }

    @Override
    public Reply run(Authenticated session, Responses out) throws IOException {
        var enabled = new StringBuilder();
        if (names.contains("CONDSTORE")) {
            session.dialogue().announcer().enableCondstore();
            enabled.append(" CONDSTORE");
        }
        if (names.contains("QRESYNC")) {
            session.dialogue().announcer().enableQresync();
            enabled.append(" QRESYNC");
        }
        if (names.contains("UIDONLY")) {
            session.dialogue().announcer().enableUidOnly();
            enabled.append(" UIDONLY");
        }
        if (names.contains("IMAP4REV2")) {
            session.dialogue().announcer().enableRev2();
            session.dialogue().enableUtf8(); // RFC 9051 §5.1: mailbox names are UTF-8
            enabled.append(" IMAP4rev2");
        }
        if (names.contains("UTF8=ACCEPT")) {
            session.dialogue().enableUtf8();
            enabled.append(" UTF8=ACCEPT");
        }
        out.untagged("ENABLED" + enabled);
        return Reply.COMPLETED;
    }
}
