package org.pintail.imap;

import java.io.IOException;
import java.util.TreeSet;

/// CAPABILITY — RFC 3501 §6.1.1.
record CapabilityCommand() implements Command.InAnyState {
    static CapabilityCommand parse(ImapReader in) {
        in.end();
        return new CapabilityCommand();
    }

    @Override
    public Reply run(Dialogue dialogue, Responses out) throws IOException {
        write(dialogue, out);
        return Reply.COMPLETED;
    }

    /// IMAP4rev1 first, then what this state offers, sorted.
    static void write(Dialogue dialogue, Responses out) throws IOException {
        var offers = new TreeSet<String>();
        for (var always :
                ("CHILDREN CONDSTORE ENABLE ID IDLE LITERAL+ MOVE NAMESPACE QUOTA SPECIAL-USE STATUS=SIZE UIDPLUS UNSELECT "
                                + "UTF8=ACCEPT WITHIN XLIST")
                        .split(" ")) {
            offers.add(always);
        }
        offers.add("APPENDLIMIT=" + dialogue.limits().append());
        if (dialogue.connection().canStartTls()) {
            offers.add("STARTTLS");
        }
        if (dialogue.loggedIn()) {
            offers.add("UNAUTHENTICATE");
            if (!dialogue.connection().compressed()) {
                offers.add("COMPRESS=DEFLATE");
            }
        } else {
            offers.add("SASL-IR");
            var mechanisms = dialogue.sasl().offered(dialogue.connection());
            mechanisms.forEach(name -> offers.add("AUTH=" + name));
            if (mechanisms.isEmpty()) {
                offers.add("LOGINDISABLED");
            }
        }
        out.untagged("CAPABILITY IMAP4rev1 " + String.join(" ", offers));
    }
}
