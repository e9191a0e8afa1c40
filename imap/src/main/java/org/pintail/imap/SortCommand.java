package org.pintail.imap;

import java.io.IOException;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.pintail.imap.order.SortKey;
import org.pintail.imap.search.SearchParser;
import org.pintail.imap.search.SearchProgram;
import org.pintail.imap.view.SelectedMailbox;
import org.pintail.imap.wire.ImapReader;
import org.pintail.imap.wire.Progress;
import org.pintail.imap.wire.Responses;

/// SORT — RFC 5256 §3; with RETURN — RFC 5267 §3. [org.pintail.imap.order.MessageSort] sorts what
/// [org.pintail.imap.search.MessageSearch] finds.
///
///     sort = "SORT" [SP return-opts] SP "(" sort-criterion *(SP sort-criterion) ")" SP charset 1*(SP search-key)
///
/// @param options null where the client did not ask for the extended answer
record SortCommand(@Nullable ReturnOptions options, List<SortKey> keys, SearchProgram program, boolean byUid)
        implements Command.InSelected {
    SortCommand {
        keys = List.copyOf(keys);
    }

    static SortCommand parse(ImapReader in, boolean byUid) throws IOException {
        var options = ReturnOptions.parse(in);
        in.sp();
        var keys = SortKey.parse(in);
        return new SortCommand(options, keys, new SearchParser(in).programInCharset(), byUid);
    }

    @Override
    public Reply run(Authenticated session, SelectedMailbox selected, Responses out) throws IOException {
        if (options != null && options.has(ReturnOptions.Item.UPDATE)) {
            session.dialogue().announcer().contexts().requireUnused(session.dialogue().tag());
        }
        return ReturnOptions.keeping(options, selected, () -> sort(session, selected, out));
    }

    private Reply sort(Authenticated session, SelectedMailbox selected, Responses out) throws IOException {
        var dialogue = session.dialogue();
        var begun = new SearchFilters(session).begin(program);
        var progress = new Progress(session.mail().clock(), out, dialogue.tag());
        var search = session.search(selected, progress);
        var among = search.candidates(begun.key());
        dialogue.messageLimit().refuse(among.cardinality());
        var found = search.find(begun.key(), among);
        var sorted = session.sort(selected, keys, progress).sort(found);
        new FoundMessages(selected, sorted, byUid, begun.usesModSeq()).answer("SORT", options, dialogue, out);
        if (options != null && options.has(ReturnOptions.Item.UPDATE)) {
            var question = new SearchContext.Question(begun, byUid, keys, options.news());
            dialogue.announcer()
                    .contexts()
                    .add(session, selected, new SearchContext(dialogue.tag(), question), sorted, out);
        }
        return Reply.COMPLETED;
    }
}
