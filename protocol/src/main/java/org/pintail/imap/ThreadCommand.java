package org.pintail.imap;

import java.io.IOException;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.BitSet;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Objects;
import org.pintail.backend.MessageRow;
import org.pintail.backend.Messages;
import org.pintail.backend.StoreException;

/// THREAD — RFC 5256 §3. [ReferenceThreads] has the larger of its algorithms.
///
///     thread = "THREAD" SP ("ORDEREDSUBJECT" / "REFERENCES" / "REFS") SP charset 1*(SP search-key)
record ThreadCommand(Algorithm algorithm, SearchProgram program, boolean byUid) implements Command.InSelected {
    enum Algorithm {
        ORDEREDSUBJECT,
        REFERENCES,
        REFS
    }

    static ThreadCommand parse(ImapReader in, boolean byUid) throws IOException {
        in.sp();
        var word = in.word();
        var algorithm = Arrays.stream(Algorithm.values())
                .filter(a -> a.name().equals(word))
                .findFirst()
                .orElseThrow(() -> new BadCommand("Unknown threading algorithm"));
        return new ThreadCommand(algorithm, new SearchParser(in).programInCharset(), byUid);
    }

    @Override
    public Reply run(Authenticated session, SelectedMailbox selected, Responses out) throws IOException {
        var begun = program.begin(session);
        var progress = new Progress(session.mail().clock(), out, session.dialogue().tag());
        var search = new MessageSearch(session, selected, progress);
        var among = search.candidates(begun.key());
        session.dialogue().messageLimit().refuse(among.cardinality());
        var found = search.find(begun.key(), among);
        progress.expect(found.cardinality());
        var roots =
                switch (algorithm) {
                    case ORDEREDSUBJECT -> orderedSubject(session, selected, found, progress);
                    case REFERENCES -> referenced(session, selected, found, progress).references();
                    case REFS -> referenced(session, selected, found, progress).refs();
                };
        out.ascii("* THREAD");
        if (!roots.isEmpty()) {
            out.sp();
        }
        for (var root : roots) {
            write(root, selected, out);
        }
        out.crlf();
        return Reply.COMPLETED;
    }

    /// Gets a message that is there with its envelope.
    private interface Visitor {
        void visit(int index, int at, Envelope envelope);
    }

    private void read(Authenticated session, SelectedMailbox selected, BitSet found, Progress progress, Visitor visitor)
            throws IOException {
        SelectedRows.<IOException>read(session.messages(), selected, found, (index, row) -> {
            progress.step();
            int at = selected.current(index);
            try {
                visitor.visit(index, at, envelope(session, row));
            } catch (StoreException.Missing expunged) {
                return; // the client learns it next
            }
        });
    }

    private Envelope envelope(Authenticated session, MessageRow row) {
        var envelopes = session.dialogue().snapshots().envelopes();
        Messages messages = session.messages();
        return algorithm == Algorithm.ORDEREDSUBJECT ? envelopes.of(messages, row) : envelopes.withKin(messages, row);
    }

    /// The first of each subject, the others below it; threads by the date of their first.
    private List<ThreadNode> orderedSubject(Authenticated session, SelectedMailbox selected, BitSet found, Progress progress)
            throws IOException {
        var nodes = new ArrayList<ThreadNode>();
        read(session, selected, found, progress, (index, at, envelope) ->
                nodes.add(new ThreadNode().fill(index, selected.now(), at, envelope.subject())));
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

    private ReferenceThreads referenced(Authenticated session, SelectedMailbox selected, BitSet found, Progress progress)
            throws IOException {
        var threads = new ReferenceThreads();
        read(session, selected, found, progress, (index, at, envelope) -> {
            var kin = Objects.requireNonNull(envelope.kin());
            var message = threads.place(kin.id());
            message.fill(index, selected.now(), at, envelope.subject());
            threads.link(message, kin.ancestors());
        });
        return threads;
    }

    ///     thread-list    = "(" (thread-members / thread-nested) ")"
    ///     thread-members = nz-number *(SP nz-number) [SP thread-nested]
    ///     thread-nested  = 2*thread-list
    private void write(ThreadNode root, SelectedMailbox selected, Responses out) throws IOException {
        var open = new ArrayDeque<Iterator<ThreadNode>>();
        var at = root;
        while (true) {
            at = chain(out.put('('), at, selected);
            if (!at.children().isEmpty()) {
                open.push(at.children().iterator());
            } else {
                out.put(')');
            }
            while (!open.isEmpty() && !open.getFirst().hasNext()) {
                open.pop();
                out.put(')');
            }
            if (open.isEmpty()) {
                return;
            }
            at = open.getFirst().next();
        }
    }

    /// Writes numbers as long as each has one child; what comes back has none or several.
    private ThreadNode chain(Responses out, ThreadNode first, SelectedMailbox selected) throws IOException {
        var at = first;
        while (true) {
            if (!at.isDummy()) {
                out.number(byUid ? selected.uid(at.index()) : at.index() + 1L);
                if (!at.children().isEmpty()) {
                    out.sp();
                }
            }
            if (at.children().size() != 1) {
                return at;
            }
            at = at.children().getFirst();
        }
    }
}
