package org.pintail.imap;

import java.io.IOException;
import java.util.List;
import java.util.Locale;
import org.pintail.backend.Mailbox;
import org.pintail.backend.StoreException;
import org.pintail.mail.Right;

/// SELECT and EXAMINE — RFC 3501 §6.3.1, §6.3.2, `(CONDSTORE)`: RFC 7162 §3.1.8. Whatever fails leaves no mailbox selected.
///
///     select = "SELECT" SP mailbox [SP "(" select-param *(SP select-param) ")"]
record SelectCommand(String mailbox, boolean readOnly, List<String> parameters) implements Command.InAuthenticated {
    SelectCommand {
        parameters = List.copyOf(parameters);
    }

    static SelectCommand parse(ImapReader in, boolean readOnly) throws IOException {
        in.sp();
        var mailbox = in.mailbox();
        List<String> parameters = List.of();
        if (in.accept(' ')) {
            parameters = in.list(() -> in.atom().toUpperCase(Locale.ROOT));
        }
        in.end();
        return new SelectCommand(mailbox, readOnly, parameters);
    }

    @Override
    public Reply run(Authenticated session, Responses out) throws IOException {
        var dialogue = session.dialogue();
        dialogue.countSelect();
        dialogue.announcer().unselect();
        var access = session.permitted(mailbox, Right.READ);
        var found = access.mailbox();
        boolean unchanging = readOnly || !access.mayChange();
        if (found.hidden()) {
            throw new No("CANNOT", "This mailbox can not be selected");
        }
        if (parameters.contains("CONDSTORE")) {
            dialogue.announcer().enableCondstore();
        }
        try {
            var selected = new SelectedMailbox(found.id(), unchanging, dialogue.snapshots().of(found.id()));
            dialogue.announcer().select(selected, access, session);
            describe(found, selected.now(), out);
        } catch (StoreException.Missing deleted) {
            throw new No("NONEXISTENT", "No such mailbox");
        }
        var text = (readOnly ? "EXAMINE" : "SELECT") + " completed"
                + (dialogue.announcer().condstore() ? ", CONDSTORE is now enabled" : "");
        return Reply.ok(unchanging ? "READ-ONLY" : "READ-WRITE", text);
    }

    private static void describe(Mailbox found, Columns messages, Responses out) throws IOException {
        var flags = new StringBuilder("\\Answered \\Flagged \\Draft \\Deleted \\Seen");
        for (var keyword : found.keywords()) {
            flags.append(' ').append(keyword);
        }
        out.untagged("FLAGS (" + flags + ")");
        out.untagged("OK [PERMANENTFLAGS (" + flags + " \\*)] Flags permitted");
        out.untagged("OK [UIDVALIDITY " + found.uidValidity() + "] UIDs valid");
        out.untagged(messages.count() + " EXISTS");
        out.untagged("0 RECENT");
        out.untagged("OK [HIGHESTMODSEQ " + messages.modSeq() + "] Highest");
        out.untagged("OK [UIDNEXT " + messages.uidNext() + "] Predicted next UID");
    }
}
