package org.pintail.imap;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import org.pintail.imap.view.SelectedMailbox;
import org.pintail.imap.wire.ImapReader;
import org.pintail.imap.wire.No;
import org.pintail.imap.wire.Responses;

/// CANCELUPDATE — RFC 5267 §4.3.5.
///
///     cancelupdate = "CANCELUPDATE" 1*(SP quoted)
record CancelUpdateCommand(List<String> tags) implements Command.InSelected {
    CancelUpdateCommand {
        tags = List.copyOf(tags);
    }

    static CancelUpdateCommand parse(ImapReader in) throws IOException {
        var tags = new ArrayList<String>();
        do {
            in.sp();
            tags.add(new String(in.string(), StandardCharsets.US_ASCII));
        } while (!in.atEnd());
        return new CancelUpdateCommand(tags);
    }

    @Override
    public Reply run(Authenticated session, SelectedMailbox selected, Responses out) {
        var contexts = session.dialogue().announcer().contexts();
        boolean all = true;
        for (var tag : tags) {
            all &= contexts.cancel(tag);
        }
        if (!all) {
            throw new No("No result of that tag is kept up to date");
        }
        return Reply.COMPLETED;
    }
}
