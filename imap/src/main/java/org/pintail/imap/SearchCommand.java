package org.pintail.imap;

import java.io.IOException;
import org.jspecify.annotations.Nullable;
import org.pintail.imap.search.SearchParser;
import org.pintail.imap.search.SearchProgram;
import org.pintail.imap.view.SelectedMailbox;
import org.pintail.imap.wire.ImapReader;
import org.pintail.imap.wire.Progress;
import org.pintail.imap.wire.Responses;

/// SEARCH — RFC 3501 §6.4.4; with RETURN — RFC 4731. [org.pintail.imap.search.MessageSearch] finds, [FoundMessages] answers.
///
///     search = "SEARCH" [SP return-opts] [SP "CHARSET" SP astring] 1*(SP search-key)
///
/// @param options null where the client did not ask for the extended answer
record SearchCommand(@Nullable ReturnOptions options, SearchProgram program, boolean byUid) implements Command.InSelected {
    static SearchCommand parse(ImapReader in, boolean byUid) throws IOException {
        var options = ReturnOptions.parse(in);
        return new SearchCommand(options, new SearchParser(in).program(), byUid);
    }

    @Override
    public Reply run(Authenticated session, SelectedMailbox selected, Responses out) throws IOException {
        if (options != null && options.has(ReturnOptions.Item.UPDATE)) {
            session.dialogue().announcer().contexts().requireUnused(session.dialogue().tag());
        }
        return ReturnOptions.keeping(options, selected, () -> search(session, selected, out));
    }

    private Reply search(Authenticated session, SelectedMailbox selected, Responses out) throws IOException {
        var announcer = session.dialogue().announcer();
        var begun = new SearchFilters(session).begin(program);
        var progress = new Progress(session.mail().clock(), out, session.dialogue().tag());
        var search = session.search(selected, progress);
        var among = search.candidates(begun.key());
        session.dialogue().messageLimit().keep(among, selected);
        var found = search.find(begun.key(), among);
        var result = FoundMessages.of(selected, found, byUid, begun.usesModSeq());
        result.answer("SEARCH", announcer.rev2() && options == null ? ReturnOptions.ALL : options, session.dialogue(), out);
        if (options != null && options.has(ReturnOptions.Item.UPDATE)) {
            var context = new SearchContext(
                    session.dialogue().tag(), new SearchContext.Question(begun, byUid, null, options.news()));
            announcer.contexts().add(session, selected, context, result.indexes(), out);
        }
        return Reply.COMPLETED;
    }
}
