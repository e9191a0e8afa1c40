package org.pintail.imap;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import org.pintail.backend.MailboxChanges;
import org.pintail.imap.view.SelectedMailbox;
import org.pintail.imap.wire.Responses;
import org.pintail.imap.wire.SequenceSet;

/// `* VANISHED [(EARLIER)] uids`, RFC 7162 §3.2.10.
final class Vanished {
    private static final int PER_LINE = 2000; // uids that do not follow one another; lines stay short enough for everybody

    private Vanished() {}

    /// What has gone since a moment the client knew, as far as `within` names it.
    static void writeEarlier(Authenticated session, SelectedMailbox selected, long since, SequenceSet within, Responses out)
            throws IOException {
        var now = selected.now();
        long last = now.uidNext() - 1;
        var ranges = within.saved() ? List.<SequenceSet.Range>of() : within.resolve(last);
        var gone = new ArrayList<Long>();
        int at = 0;
        for (var expunged : session.messages().changes(selected.id(), since).expunged().stream()
                .mapToLong(MailboxChanges.Expunged::uid)
                .sorted()
                .toArray()) {
            while (at < ranges.size() && ranges.get(at).last() < expunged) {
                at++;
            }
            if (at < ranges.size() && ranges.get(at).first() <= expunged && now.index(expunged) < 0) {
                gone.add(expunged);
            }
        }
        write("VANISHED (EARLIER) ", gone, out);
    }

    /// What the client is now told to be gone.
    static void write(List<Long> uids, Responses out) throws IOException {
        write("VANISHED ", uids, out);
    }

    private static void write(String name, List<Long> ascending, Responses out) throws IOException {
        int from = 0;
        int ranges = 0;
        for (int i = 0; i < ascending.size(); i++) {
            boolean ends = i + 1 == ascending.size() || ascending.get(i + 1) != ascending.get(i) + 1;
            ranges += ends ? 1 : 0;
            if (ends && (ranges == PER_LINE || i + 1 == ascending.size())) {
                out.ascii("* ").ascii(name).ascii(SequenceSet.write(ascending.subList(from, i + 1))).crlf();
                from = i + 1;
                ranges = 0;
            }
        }
    }
}
