package org.pintail.imap;

import java.io.IOException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.BitSet;

/// SEARCH — RFC 3501 §6.4.4. [SearchParser] reads the keys, [SearchedMessage] is what they look at.
record SearchCommand(SearchKey key, boolean byUid, boolean usesModSeq) implements Command.InSelected {
    static SearchCommand parse(ImapReader in, boolean byUid) throws IOException {
        var parser = new SearchParser(in);
        var key = parser.program();
        return new SearchCommand(key, byUid, parser.usesModSeq());
    }

    @Override
    public Reply run(Authenticated session, SelectedMailbox selected, Responses out) throws IOException {
        if (usesModSeq) {
            session.dialogue().announcer().enableCondstore();
        }
        var resolved = resolve(key, selected, session.mail().clock().instant());
        var found = new ArrayList<Long>();
        var highest = new long[1];
        SelectedRows.read(session.messages(), selected, bounds(resolved, selected), (index, row) -> {
            if (resolved.matches(new SearchedMessage(session.messages(), index, row))) {
                found.add(byUid ? row.uid() : index + 1L);
                highest[0] = Math.max(highest[0], row.modSeq());
            }
        });
        out.ascii("* SEARCH");
        for (long n : found) {
            out.sp().number(n);
        }
        if (usesModSeq && !found.isEmpty()) {
            out.ascii(" (MODSEQ ").number(highest[0]).put(')');
        }
        out.crlf();
        return Reply.COMPLETED;
    }

    /// Sets become the messages they name in this mailbox.
    private static SearchKey resolve(SearchKey key, SelectedMailbox selected, Instant now) {
        return switch (key) {
            case SearchKey.InSet(var set, var byUid) -> new SearchKey.Among(selected.indexes(set, byUid));
            case SearchKey.And(var keys) ->
                new SearchKey.And(keys.stream().map(k -> resolve(k, selected, now)).toList());
            case SearchKey.Or(var a, var b) -> new SearchKey.Or(resolve(a, selected, now), resolve(b, selected, now));
            case SearchKey.Not(var k) -> new SearchKey.Not(resolve(k, selected, now));
            case SearchKey.Within(var older, var seconds) -> {
                var then = now.minusSeconds(seconds);
                yield older
                        ? new SearchKey.Dated(false, Instant.MIN, then.plusNanos(1))
                        : new SearchKey.Dated(false, then, Instant.MAX);
            }
            case SearchKey.All _,
                    SearchKey.Among _,
                    SearchKey.Flag _,
                    SearchKey.Dated _,
                    SearchKey.Size _,
                    SearchKey.ModSeq _,
                    SearchKey.Header _,
                    SearchKey.Text _ -> key;
        };
    }

    /// The messages worth reading at all.
    private static BitSet bounds(SearchKey key, SelectedMailbox selected) {
        var all = selected.indexes(SequenceSet.ALL, false);
        switch (key) {
            case SearchKey.Among(var indexes) -> all.and(indexes);
            case SearchKey.And(var keys) -> keys.forEach(k -> {
                if (k instanceof SearchKey.Among(var indexes)) {
                    all.and(indexes);
                }
            });
            case SearchKey.All(var any) -> {
                if (!any) {
                    all.clear();
                }
            }
            case SearchKey.InSet _,
                    SearchKey.Or _,
                    SearchKey.Not _,
                    SearchKey.Flag _,
                    SearchKey.Dated _,
                    SearchKey.Within _,
                    SearchKey.Size _,
                    SearchKey.ModSeq _,
                    SearchKey.Header _,
                    SearchKey.Text _ -> {
                return all;
            }
        }
        return all;
    }
}
