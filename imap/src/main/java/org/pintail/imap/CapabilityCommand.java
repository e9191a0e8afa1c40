package org.pintail.imap;

import java.io.IOException;
import java.util.TreeSet;
import org.pintail.imap.wire.ImapReader;
import org.pintail.imap.wire.Responses;

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

    /// IMAP4rev1 first (but for XAPPLEPUSHSERVICE, which has been before it since Apple had it there), then what this state offers, sorted.
    static void write(Dialogue dialogue, Responses out) throws IOException {
        var offers = new TreeSet<String>();
        for (var always :
                ("ACL BINARY CATENATE CHILDREN CONDSTORE CONTEXT=SEARCH CONTEXT=SORT CREATE-SPECIAL-USE ENABLE ESEARCH ESORT FILTERS ID IDLE IMAP4rev2 "
                                + "INPROGRESS LIST-EXTENDED LIST-METADATA LIST-MYRIGHTS LIST-STATUS LITERAL+ METADATA METADATA-SERVER MOVE "
                                + "MULTIAPPEND MULTISEARCH NAMESPACE NOTIFY OBJECTID PARTIAL PREVIEW QRESYNC QUOTA QUOTA=RES-MAILBOX QUOTA=RES-MESSAGE "
                                + "QUOTA=RES-STORAGE QUOTASET REPLACE RIGHTS=kxte SAVEDATE SEARCHRES SORT SORT=DISPLAY SPECIAL-USE STATUS=SIZE "
                                + "THREAD=ORDEREDSUBJECT THREAD=REFERENCES THREAD=REFS UIDBATCHES UIDONLY UIDPLUS UNSELECT UTF8=ACCEPT "
                                + "WITHIN XLIST")
                        .split(" ")) {
            offers.add(always);
        }
        offers.add("APPENDLIMIT=" + dialogue.limits().append());
        var messageLimit = dialogue.messageLimit().capability();
        if (!messageLimit.isEmpty()) {
            offers.add(messageLimit);
        }
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
        var push = dialogue.push().isPresent() ? ApplePushCommand.NAME + " " : "";
        out.untagged("CAPABILITY " + push + "IMAP4rev1 " + String.join(" ", offers));
    }
}
