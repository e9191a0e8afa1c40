package org.pintail.imap;

import java.io.IOException;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.pintail.imap.view.SelectedMailbox;
import org.pintail.imap.wire.BadCommand;
import org.pintail.imap.wire.Responses;

/// The results of the selected mailbox that a session wants to be kept up to date with (RFC 5267 §4.3), by the tag of their command.
final class Contexts {
    private static final int MOST = 16;
    private static final int LARGEST_SORTED = 10_000; // places are found by going through the result
    private final Map<String, Entry> open = new LinkedHashMap<>();

    private record Entry(Authenticated session, SearchContext context) {}

    boolean isEmpty() {
        return open.isEmpty();
    }

    /// RFC 5267 §4.3: a tag stands for one result.
    void requireUnused(String tag) {
        if (open.containsKey(tag)) {
            throw new BadCommand("Tag reuse: its result is kept up to date");
        }
    }

    /// One that cannot be followed is answered all the same; the client is told that no more will come (RFC 5267 §4.3.1).
    void add(Authenticated session, SelectedMailbox selected, SearchContext context, List<Integer> result, Responses out)
            throws IOException {
        boolean large = context.isSorted() && result.size() > LARGEST_SORTED;
        if (!context.isUpdatable() || large || open.size() == MOST) {
            out.ascii("* NO [NOUPDATE ").string(context.tag()).ascii("] No updates for this result").crlf();
            return;
        }
        context.begin(selected, result);
        open.put(context.tag(), new Entry(session, context));
    }

    /// False when there is none of that tag.
    boolean cancel(String tag) {
        return open.remove(tag) != null;
    }

    /// Before the client is told what changed in the mailbox.
    void leaving(SelectedMailbox selected, boolean mayExpunge, Responses out) throws IOException {
        for (var entry : open.values()) {
            entry.context().leaving(entry.session(), selected, mayExpunge, out);
        }
    }

    /// After it was.
    void joining(SelectedMailbox selected, Responses out) throws IOException {
        for (var entry : open.values()) {
            entry.context().joining(entry.session(), selected, out);
        }
    }
}
