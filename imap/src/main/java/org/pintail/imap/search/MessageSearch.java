package org.pintail.imap.search;

import java.io.IOException;
import java.time.Instant;
import java.util.BitSet;
import org.pintail.backend.Messages;
import org.pintail.imap.envelope.Envelopes;
import org.pintail.imap.view.SelectedMailbox;
import org.pintail.imap.view.SelectedRows;
import org.pintail.imap.wire.Progress;
import org.pintail.imap.wire.SequenceSet;

/// Finds the messages of a mailbox that match. [SearchParser] reads the keys, [SearchedMessage] is what they look at.
public final class MessageSearch {
    private final Messages messages;
    private final Envelopes envelopes;
    private final SelectedMailbox selected;
    private final Progress progress;
    private final Instant now;
    private final boolean rev2;

    /// `now` is what intervals are counted from; with `rev2` nothing is recent.
    public MessageSearch(Messages messages, Envelopes envelopes, SelectedMailbox selected, Progress progress, Instant now, boolean rev2) {
        this.messages = messages;
        this.envelopes = envelopes;
        this.selected = selected;
        this.progress = progress;
        this.now = now;
        this.rev2 = rev2;
    }

    /// The messages that have to be looked at: what sets the key names.
    public BitSet candidates(SearchKey key) {
        return bounds(resolve(key), selected.indexes(SequenceSet.ALL, false));
    }

    /// Those of all that are there and match.
    public BitSet find(SearchKey key) throws IOException {
        return find(key, selected.indexes(SequenceSet.ALL, false));
    }

    /// Those of `among` that are there and match.
    public BitSet find(SearchKey key, BitSet among) throws IOException {
        var resolved = resolve(key);
        var first = withoutExpensive(resolved);
        var found = bounds(resolved, (BitSet) among.clone());
        for (int i = found.nextSetBit(0); i >= 0; i = found.nextSetBit(i + 1)) {
            int at = selected.current(i);
            if (at < 0 || !first.matches(new SearchedMessage(messages, envelopes, i, selected.now(), at, null))) {
                found.clear(i);
            }
        }
        if (!resolved.isExpensive()) {
            return found;
        }
        progress.expect(found.cardinality());
        var matching = new BitSet();
        SelectedRows.<IOException>read(messages, selected, found, (index, row) -> {
            progress.step();
            if (resolved.matches(new SearchedMessage(messages, envelopes, index, selected.now(), selected.current(index), row))) {
                matching.set(index);
            }
        });
        return matching;
    }

    /// What [org.pintail.imap.view.Columns] can decide of it; matches at least what the key matches.
    private static SearchKey withoutExpensive(SearchKey key) {
        if (!key.isExpensive()) {
            return key;
        }
        return key instanceof SearchKey.And(var keys)
                ? new SearchKey.And(keys.stream().filter(k -> !k.isExpensive()).toList())
                : new SearchKey.All(true);
    }

    /// Sets become the messages they name in this mailbox.
    private SearchKey resolve(SearchKey key) {
        return switch (key) {
            case SearchKey.InSet(var set, var byUid) -> new SearchKey.Among(selected.indexes(set, byUid));
            case SearchKey.Recent() -> new SearchKey.Among(rev2 ? new BitSet() : selected.recentIndexes());
            case SearchKey.And(var keys) -> new SearchKey.And(keys.stream().map(this::resolve).toList());
            case SearchKey.Or(var a, var b) -> new SearchKey.Or(resolve(a), resolve(b));
            case SearchKey.Not(var k) -> new SearchKey.Not(resolve(k));
            case SearchKey.Within(var older, var seconds) -> {
                var then = now.minusSeconds(seconds);
                yield older
                        ? new SearchKey.Dated(SearchKey.Clock.INTERNAL, Instant.MIN, then.plusNanos(1))
                        : new SearchKey.Dated(SearchKey.Clock.INTERNAL, then, Instant.MAX);
            }
            case SearchKey.All _,
                    SearchKey.Among _,
                    SearchKey.Filter _,
                    SearchKey.Flag _,
                    SearchKey.Dated _,
                    SearchKey.SentDay _,
                    SearchKey.Size _,
                    SearchKey.ModSeq _,
                    SearchKey.ObjectIdIs _,
                    SearchKey.InEnvelope _,
                    SearchKey.Header _,
                    SearchKey.Text _ -> key;
        };
    }

    /// The messages worth looking at.
    private static BitSet bounds(SearchKey key, BitSet all) {
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
                    SearchKey.Recent _,
                    SearchKey.Filter _,
                    SearchKey.Or _,
                    SearchKey.Not _,
                    SearchKey.Flag _,
                    SearchKey.Dated _,
                    SearchKey.SentDay _,
                    SearchKey.Within _,
                    SearchKey.Size _,
                    SearchKey.ModSeq _,
                    SearchKey.ObjectIdIs _,
                    SearchKey.InEnvelope _,
                    SearchKey.Header _,
                    SearchKey.Text _ -> {
                return all;
            }
        }
        return all;
    }
}
