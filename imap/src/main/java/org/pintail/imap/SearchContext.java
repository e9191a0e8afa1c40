package org.pintail.imap;

import java.io.IOException;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.Collections;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.pintail.imap.order.SortKey;
import org.pintail.imap.search.MessageSearch;
import org.pintail.imap.search.SearchProgram;
import org.pintail.imap.view.Columns;
import org.pintail.imap.view.SelectedMailbox;
import org.pintail.imap.wire.Progress;
import org.pintail.imap.wire.Responses;
import org.pintail.imap.wire.SequenceSet;

/// A SEARCH or SORT with UPDATE, RFC 5267 §4.3: after it was answered the client is told what comes into the result and what leaves it.
/// [Contexts] has those of a session.
final class SearchContext {
    private final String tag;
    private final SearchProgram program;
    private final boolean byUid;
    private final @Nullable List<SortKey> sort;
    private final List<FetchItem> news;
    /// UIDs of the result; in the order of the result where it is sorted.
    private final Set<Long> members = new HashSet<>();
    private final List<Long> order = new ArrayList<>();
    /// Messages the client knows that have come in, until the client may be told.
    private final Set<Long> joining = new HashSet<>();
    private @Nullable Columns seen;
    private long lastUid;

    /// What is followed, in which order (null: as they lie in the mailbox), and what is told of new messages in it.
    record Question(SearchProgram program, boolean byUid, @Nullable List<SortKey> sort, List<FetchItem> news) {
        Question {
            sort = sort == null ? null : List.copyOf(sort);
            news = List.copyOf(news);
        }
    }

    SearchContext(String tag, Question question) {
        this.tag = tag;
        this.program = question.program();
        this.byUid = question.byUid();
        this.sort = question.sort();
        this.news = byUid && !question.news().isEmpty()
                ? FetchItem.with(question.news(), FetchItem.Column.UID)
                : question.news();
    }

    String tag() {
        return tag;
    }

    boolean isSorted() {
        return sort != null;
    }

    /// Can its result be followed?
    boolean isUpdatable() {
        return !program.fixed();
    }

    void begin(SelectedMailbox selected, List<Integer> result) {
        for (int index : result) {
            members.add(selected.uid(index));
            if (sort != null) {
                order.add(selected.uid(index));
            }
        }
        seen = selected.now();
        lastUid = last(selected);
    }

    private static long last(SelectedMailbox selected) {
        return selected.count() == 0 ? 0 : selected.uid(selected.count() - 1);
    }

    /// What leaves, before the client hears of it by itself: numbers are those it knows. `mayExpunge`: it is about to be told what is gone.
    void leaving(Authenticated session, SelectedMailbox selected, boolean mayExpunge, Responses out) throws IOException {
        var left = new ArrayList<Integer>();
        if (mayExpunge) {
            selected.gone().stream().filter(i -> members.contains(selected.uid(i))).forEach(left::add);
        }
        var changed = changed(selected);
        if (!changed.isEmpty()) {
            var matching = search(session, selected, out).find(program.key(), changed);
            for (int i = changed.nextSetBit(0); i >= 0; i = changed.nextSetBit(i + 1)) {
                boolean member = members.contains(selected.uid(i));
                if (member && !matching.get(i)) {
                    left.add(i);
                } else if (!member && matching.get(i)) {
                    joining.add(selected.uid(i));
                }
            }
        }
        Collections.sort(left);
        if (!left.isEmpty()) {
            remove(selected, left, out);
        }
    }

    private BitSet changed(SelectedMailbox selected) {
        var changed = new BitSet();
        var before = seen;
        if (before != null && before != selected.now()) {
            seen = selected.now();
            before.compare(selected.now(), new Columns.Differences() {
                @Override
                public void gone(int index) {
                    // [SelectedMailbox#gone] tells, when the client may hear of it
                }

                @Override
                public void changed(int was, int now) {
                    int index = selected.index(selected.now().uid(now));
                    if (index >= 0 && selected.now().uid(now) <= lastUid) {
                        changed.set(index);
                    }
                }
            });
        }
        return changed;
    }

    private void remove(SelectedMailbox selected, List<Integer> left, Responses out) throws IOException {
        head(out).ascii(" REMOVEFROM (");
        if (sort == null) {
            out.ascii("0 ").ascii(SequenceSet.write(left.stream().map(i -> number(selected, i)).toList()));
        } else {
            boolean first = true;
            for (int index : left) {
                int place = order.indexOf(selected.uid(index));
                order.remove(place);
                out.ascii(first ? "" : " ").number(place + 1L).sp().number(number(selected, index));
                first = false;
            }
        }
        out.put(')').crlf();
        left.forEach(index -> members.remove(selected.uid(index)));
    }

    /// What joins, after the client was told of new messages.
    void joining(Authenticated session, SelectedMailbox selected, Responses out) throws IOException {
        var joined = news(session, selected, out);
        if (!news.isEmpty() && !joined.isEmpty()) {
            var answer = new FetchAnswer(session, news, out); // RFC 5465 §7: before ESEARCH, and of new messages only
            answer.rows(selected, joined, Set.of());
            TrafficLimits.DOWNLOAD.count(session, answer.sent());
        }
        for (var uid : joining) {
            int index = selected.index(uid);
            if (index >= 0) {
                joined.set(index);
            }
        }
        joining.clear();
        if (joined.isEmpty()) {
            return;
        }
        head(out).ascii(" ADDTO (");
        if (sort == null) {
            out.ascii("0 ").ascii(SequenceSet.write(joined.stream().mapToObj(i -> number(selected, i)).toList()));
        } else {
            insert(session, selected, joined, out);
        }
        out.put(')').crlf();
        joined.stream().forEach(index -> members.add(selected.uid(index)));
    }

    private BitSet news(Authenticated session, SelectedMailbox selected, Responses out) throws IOException {
        var found = new BitSet();
        int first = selected.index(lastUid + 1);
        int from = first < 0 ? -first - 1 : first;
        lastUid = Math.max(lastUid, last(selected));
        if (from == selected.count()) {
            return found;
        }
        found.set(from, selected.count());
        return search(session, selected, out).find(program.key(), found);
    }

    private void insert(Authenticated session, SelectedMailbox selected, BitSet joined, Responses out) throws IOException {
        var sorting = session.sort(selected, sort == null ? List.of() : sort, progress(session, out));
        var comparator = sorting.order();
        boolean first = true;
        for (var added : sorting.keyed(joined)) {
            int low = 0;
            int high = order.size();
            while (low < high) {
                int middle = (low + high) >>> 1;
                int index = selected.index(order.get(middle));
                if (index < 0) {
                    order.remove(middle); // gone, and the client was told
                    high = Math.min(high - 1, order.size());
                    continue;
                }
                var one = new BitSet();
                one.set(index);
                if (comparator.compare(sorting.keyed(one).getFirst(), added) < 0) {
                    low = middle + 1;
                } else {
                    high = middle;
                }
            }
            order.add(low, added.uid());
            out.ascii(first ? "" : " ").number(low + 1L).sp().number(number(selected, added.index()));
            first = false;
        }
    }

    private MessageSearch search(Authenticated session, SelectedMailbox selected, Responses out) {
        return session.search(selected, progress(session, out));
    }

    private Progress progress(Authenticated session, Responses out) {
        return new Progress(session.mail().clock(), out, tag);
    }

    private Responses head(Responses out) throws IOException {
        return out.ascii("* ESEARCH (TAG ").string(tag).ascii(byUid ? ") UID" : ")");
    }

    private long number(SelectedMailbox selected, int index) {
        return byUid ? selected.uid(index) : index + 1L;
    }
}
