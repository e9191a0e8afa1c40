package org.pintail.imap;

import java.io.IOException;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// SORT — RFC 5256 §3; with RETURN — RFC 5267 §3. [MessageSort] sorts what [MessageSearch] finds.
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
        var begun = program.begin(session);
        var progress = new Progress(session.mail().clock(), out, dialogue.tag());
        var search = new MessageSearch(session, selected, progress);
        var among = search.candidates(begun.key());
        dialogue.messageLimit().refuse(among.cardinality());
        var found = search.find(begun.key(), among);
        var sorted = new MessageSort(session, selected, keys, progress).sort(found);
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
