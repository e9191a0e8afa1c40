package org.pintail.imap;

import java.io.IOException;
import java.util.BitSet;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.pintail.backend.Flags;
import org.pintail.backend.NewFlags;
import org.pintail.imap.view.SelectedMailbox;
import org.pintail.imap.wire.BadCommand;
import org.pintail.imap.wire.ImapReader;
import org.pintail.imap.wire.No;
import org.pintail.imap.wire.Responses;
import org.pintail.imap.wire.SequenceSet;
import org.pintail.mail.Right;

/// FETCH — RFC 3501 §6.4.5; MODSEQ — RFC 7162 §3.1.4. [FetchAnswer] writes the lines.
///
///     fetch = "FETCH" SP sequence-set SP ("ALL" / "FULL" / "FAST" / fetch-att / "(" fetch-att *(SP fetch-att) ")")
///             [fetch-modifiers]
record FetchCommand(SequenceSet set, boolean byUid, List<FetchItem> items, FetchModifiers modifiers) implements Command.InSelected {
    FetchCommand {
        items = List.copyOf(items);
    }

    static FetchCommand parse(ImapReader in, boolean byUid) throws IOException {
        in.sp();
        var set = in.sequenceSet();
        in.sp();
        var items = FetchItem.parse(in);
        if (byUid) {
            items = FetchItem.with(items, FetchItem.Column.UID);
        }
        var modifiers = FetchModifiers.parse(in, byUid);
        if (modifiers.changedSince() >= 0) {
            items = FetchItem.with(items, FetchItem.Column.MODSEQ);
        }
        in.end();
        return new FetchCommand(set, byUid, items, modifiers);
    }

    @Override
    public Reply run(Authenticated session, SelectedMailbox selected, Responses out) throws IOException {
        var announcer = session.dialogue().announcer();
        if (modifiers.vanished() && !announcer.qresync()) {
            throw new BadCommand("VANISHED needs ENABLE QRESYNC");
        }
        if (items.contains(FetchItem.Column.MODSEQ)) {
            announcer.enableCondstore();
        }
        announcer.refresh();
        var wanted = wanted(selected);
        if (modifiers.partial() != null) {
            session.dialogue().messageLimit().refuse(wanted.cardinality());
        }
        if (modifiers.vanished()) {
            Vanished.writeEarlier(session, selected, modifiers.changedSince(), set, out);
        }
        keepChanged(selected, wanted);
        session.dialogue().messageLimit().keep(wanted, selected);
        if (items.stream().anyMatch(FetchItem::sendsBytes)) {
            TrafficLimits.DOWNLOAD.check(session);
        }
        var seen = markSeen(session, selected, wanted);
        var answer = new FetchAnswer(session, items, out);
        if (answer.needsRows()) {
            answer.rows(selected, wanted, seen);
        } else {
            columns(selected, wanted, answer);
        }
        if (items.contains(FetchItem.Column.FLAGS)
                && (items.contains(FetchItem.Column.MODSEQ) || !announcer.condstore())) {
            selected.told(wanted);
        }
        TrafficLimits.DOWNLOAD.count(session, answer.sent());
        if (answer.undecodable()) {
            throw new No("UNKNOWN-CTE", "A part has a transfer encoding that is not known");
        }
        return Reply.COMPLETED;
    }

    private BitSet wanted(SelectedMailbox selected) {
        var named = selected.indexes(set, byUid);
        var partial = modifiers.partial();
        if (partial == null) {
            return named;
        }
        var part = new BitSet();
        partial.of(named.stream().boxed().toList()).forEach(part::set);
        return part;
    }

    /// Leaves those that are there and have changed since the modseq that was given.
    private void keepChanged(SelectedMailbox selected, BitSet wanted) {
        for (int i = wanted.nextSetBit(0); i >= 0 && modifiers.changedSince() >= 0; i = wanted.nextSetBit(i + 1)) {
            int at = selected.current(i);
            if (at < 0 || selected.now().modSeq(at) <= modifiers.changedSince()) {
                wanted.clear(i);
            }
        }
    }

    private static void columns(SelectedMailbox selected, BitSet wanted, FetchAnswer answer) throws IOException {
        for (int i = wanted.nextSetBit(0); i >= 0; i = wanted.nextSetBit(i + 1)) {
            int at = selected.current(i);
            if (at >= 0) {
                answer.write(i + 1, selected.now(), at);
            }
        }
    }

    /// RFC 3501 §6.4.5: fetching a body sets \Seen, and the answer shows the new flags. Returns the UIDs it was set for.
    private Set<Long> markSeen(Authenticated session, SelectedMailbox selected, BitSet wanted) {
        boolean sets = items.stream().anyMatch(FetchItem::seen);
        var changed = new HashSet<Long>();
        if (!sets || selected.readOnly() || !session.rights(selected).has(Right.SEEN)) {
            return changed;
        }
        for (int i = wanted.nextSetBit(0); i >= 0; i = wanted.nextSetBit(i + 1)) {
            int at = selected.current(i);
            if (at >= 0 && !selected.now().flags(at).has(Flags.SEEN) && selected.now().modSeq(at) > modifiers.changedSince()) {
                changed.add(selected.uid(i));
            }
        }
        if (changed.isEmpty()) {
            return changed;
        }
        var done = session.messages()
                .changeFlagsSoon(
                        selected.id(),
                        changed,
                        flags -> flags.has(Flags.SEEN) ? flags : flags.plus(new Flags(Flags.SEEN, List.of())),
                        Long.MAX_VALUE,
                        session.session());
        selected.told(done.changed());
        changed.clear();
        done.changed().stream().map(NewFlags::uid).forEach(changed::add);
        return changed;
    }
}
