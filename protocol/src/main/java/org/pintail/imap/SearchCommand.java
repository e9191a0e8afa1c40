package org.pintail.imap;

import java.io.IOException;
import java.time.Instant;
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
        session.dialogue().announcer().refresh();
        var found = find(session, selected);
        out.ascii("* SEARCH");
        long highest = 0;
        for (int i = found.nextSetBit(0); i >= 0; i = found.nextSetBit(i + 1)) {
            out.sp().number(byUid ? selected.uid(i) : i + 1L);
            highest = Math.max(highest, selected.now().modSeq(selected.current(i)));
        }
        if (usesModSeq && !found.isEmpty()) {
            out.ascii(" (MODSEQ ").number(highest).put(')');
        }
        out.crlf();
        return Reply.COMPLETED;
    }

    private BitSet find(Authenticated session, SelectedMailbox selected) {
        var messages = session.messages();
        var resolved = resolve(key, selected, session.mail().clock().instant());
        var first = withoutExpensive(resolved);
        var found = bounds(resolved, selected);
        for (int i = found.nextSetBit(0); i >= 0; i = found.nextSetBit(i + 1)) {
            int at = selected.current(i);
            if (at < 0 || !first.matches(new SearchedMessage(messages, i, selected.now(), at, null))) {
                found.clear(i);
            }
        }
        if (!resolved.isExpensive()) {
            return found;
        }
        var matching = new BitSet();
        SelectedRows.read(messages, selected, found, (index, row) -> {
            if (resolved.matches(new SearchedMessage(messages, index, selected.now(), selected.current(index), row))) {
                matching.set(index);
            }
        });
        return matching;
    }

    /// What [Columns] can decide of it; matches at least what the key matches.
    private static SearchKey withoutExpensive(SearchKey key) {
        if (!key.isExpensive()) {
            return key;
        }
        return key instanceof SearchKey.And(var keys)
                ? new SearchKey.And(keys.stream().filter(k -> !k.isExpensive()).toList())
                : new SearchKey.All(true);
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
