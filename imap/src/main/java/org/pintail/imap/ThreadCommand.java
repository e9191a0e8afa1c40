package org.pintail.imap;

import java.io.IOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.BitSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Objects;
import org.pintail.backend.StoreException;
import org.pintail.imap.order.KeptKeys;
import org.pintail.imap.order.MailboxOrders;
import org.pintail.imap.order.ReferenceThreads;
import org.pintail.imap.order.ThreadList;
import org.pintail.imap.order.ThreadNode;
import org.pintail.imap.search.SearchParser;
import org.pintail.imap.search.SearchProgram;
import org.pintail.imap.view.Columns;
import org.pintail.imap.view.SelectedMailbox;
import org.pintail.imap.view.SelectedRows;
import org.pintail.imap.wire.BadCommand;
import org.pintail.imap.wire.ImapReader;
import org.pintail.imap.wire.Progress;
import org.pintail.imap.wire.Responses;

/// THREAD — RFC 5256 §3. [ReferenceThreads] has the larger of its algorithms.
///
///     thread = "THREAD" SP ("ORDEREDSUBJECT" / "REFERENCES" / "REFS") SP charset 1*(SP search-key)
record ThreadCommand(ThreadList.Algorithm algorithm, SearchProgram program, boolean byUid) implements Command.InSelected {
    static ThreadCommand parse(ImapReader in, boolean byUid) throws IOException {
        in.sp();
        var word = in.word();
        var algorithm = Arrays.stream(ThreadList.Algorithm.values())
                .filter(a -> a.name().equals(word))
                .findFirst()
                .orElseThrow(() -> new BadCommand("Unknown threading algorithm"));
        return new ThreadCommand(algorithm, new SearchParser(in).programInCharset(), byUid);
    }

    @Override
    public Reply run(Authenticated session, SelectedMailbox selected, Responses out) throws IOException {
        var begun = new SearchFilters(session).begin(program);
        var progress = new Progress(session.mail().clock(), out, session.dialogue().tag());
        var search = session.search(selected, progress);
        var among = search.candidates(begun.key());
        session.dialogue().messageLimit().refuse(among.cardinality());
        var found = search.find(begun.key(), among);
        var threads = threads(session, selected, found, progress);
        out.ascii("* THREAD");
        if (!threads.isEmpty()) {
            out.sp();
        }
        threads.write(index -> byUid ? selected.uid(index) : index + 1L, out);
        out.crlf();
        return Reply.COMPLETED;
    }

    /// Those of all messages are kept.
    private ThreadList threads(Authenticated session, SelectedMailbox selected, BitSet found, Progress progress) throws IOException {
        var now = selected.now();
        var orders = session.dialogue().kept().orders().of(selected.id());
        boolean all = found.cardinality() == now.count() && selected.count() == now.count();
        var known = all ? orders.threads(algorithm, now) : null;
        if (known != null) {
            return known;
        }
        var keys = orders.threadKeys(now, found.cardinality(), session.messages(), progress);
        var messages = keys == null ? read(session, selected, found, progress) : chosen(selected, found, keys);
        var threads = ThreadList.of(
                switch (algorithm) {
                    case ORDEREDSUBJECT -> orderedSubject(messages, now);
                    case REFERENCES -> referenced(messages, now).references();
                    case REFS -> referenced(messages, now).refs();
                });
        if (all && keys != null) {
            orders.keep(algorithm, now, threads);
        }
        return threads;
    }

    /// A message that is to be threaded.
    ///
    /// @param index by which the session knows it
    /// @param at where it stands in the mailbox as it is now
    private record Threaded(int index, int at, MailboxOrders.ThreadKey key) {}

    private static List<Threaded> chosen(SelectedMailbox selected, BitSet found, KeptKeys<MailboxOrders.ThreadKey> keys) {
        var messages = new ArrayList<Threaded>(found.cardinality());
        for (int i = found.nextSetBit(0); i >= 0; i = found.nextSetBit(i + 1)) {
            int at = selected.current(i);
            var key = at < 0 ? null : keys.of(at);
            if (key != null) {
                messages.add(new Threaded(i, at, key));
            }
        }
        return messages;
    }

    private List<Threaded> read(Authenticated session, SelectedMailbox selected, BitSet found, Progress progress) throws IOException {
        progress.expect(found.cardinality());
        var envelopes = session.dialogue().kept().envelopes();
        var messages = new ArrayList<Threaded>(found.cardinality());
        SelectedRows.<IOException>read(session.messages(), selected, found, (index, row) -> {
            progress.step();
            try {
                var envelope = envelopes.withKin(session.messages(), row);
                var key = new MailboxOrders.ThreadKey(Objects.requireNonNull(envelope.kin()), envelope.subject());
                messages.add(new Threaded(index, selected.current(index), key));
            } catch (StoreException.Missing expunged) {
                return; // the client learns it next
            }
        });
        return messages;
    }

    /// The first of each subject, the others below it; threads by the date of their first.
    private static List<ThreadNode> orderedSubject(List<Threaded> messages, Columns now) {
        var nodes = new ArrayList<ThreadNode>();
        for (var m : messages) {
            nodes.add(new ThreadNode().fill(m.index(), now, m.at(), m.key().subject()));
        }
        nodes.sort(ThreadNode.BY_DATE);
        var roots = new LinkedHashMap<String, ThreadNode>();
        for (var node : nodes) {
            var root = roots.putIfAbsent(node.subject(), node);
            if (root != null) {
                root.children().add(node);
            }
        }
        return List.copyOf(roots.values());
    }

    private static ReferenceThreads referenced(List<Threaded> messages, Columns now) {
        var threads = new ReferenceThreads();
        for (var m : messages) {
            var kin = m.key().kin();
            var message = threads.place(kin.id());
            message.fill(m.index(), now, m.at(), m.key().subject());
            threads.link(message, kin.ancestors());
        }
        return threads;
    }
}
