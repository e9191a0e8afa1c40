package org.pintail.imap;

import java.io.IOException;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.pintail.imap.view.SelectedMailbox;
import org.pintail.imap.wire.Responses;
import org.pintail.imap.wire.SequenceSet;

/// What SEARCH or SORT found, in the order of the answer, and the answer itself.
///
/// @param indexes in the selected mailbox
/// @param withModSeq was MODSEQ among the keys (RFC 7162 §3.1.5)?
record FoundMessages(SelectedMailbox selected, List<Integer> indexes, boolean byUid, boolean withModSeq) {
    FoundMessages {
        indexes = List.copyOf(indexes);
    }

    static FoundMessages of(SelectedMailbox selected, BitSet found, boolean byUid, boolean withModSeq) {
        return new FoundMessages(selected, found.stream().boxed().toList(), byUid, withModSeq);
    }

    private long number(int index) {
        return byUid ? selected.uid(index) : index + 1L;
    }

    private List<Long> numbers(List<Integer> some) {
        var numbers = new ArrayList<Long>(some.size());
        some.forEach(index -> numbers.add(number(index)));
        return numbers;
    }

    private long highestModSeq(List<Integer> among) {
        long highest = 0;
        for (int index : among) {
            int at = selected.current(index);
            highest = at < 0 ? highest : Math.max(highest, selected.now().modSeq(at));
        }
        return highest;
    }

    /// `* SEARCH 2 84 882 (MODSEQ 917)`, or `* SORT`.
    private void writeClassic(String name, Responses out) throws IOException {
        out.ascii("* ").ascii(name);
        for (int index : indexes) {
            out.sp().number(number(index));
        }
        if (withModSeq && !indexes.isEmpty()) {
            out.ascii(" (MODSEQ ").number(highestModSeq(indexes)).put(')');
        }
        out.crlf();
    }

    /// `* ESEARCH (TAG "a1") UID COUNT 2 ALL 4,7` (RFC 4731 §3.1).
    ///
    /// @param mailbox whose messages these are, where the client does not know (RFC 7377 §2.1)
    void writeExtended(String tag, @Nullable Access mailbox, ReturnOptions options, Responses out) throws IOException {
        out.ascii("* ESEARCH (TAG ").string(tag);
        if (mailbox != null) {
            out.ascii(" MAILBOX ").mailbox(mailbox.path());
            out.ascii(" UIDVALIDITY ").number(mailbox.mailbox().uidValidity());
        }
        out.ascii(byUid ? ") UID" : ")");
        if (!indexes.isEmpty()) {
            if (options.has(ReturnOptions.Item.MIN)) {
                out.ascii(" MIN ").number(number(indexes.getFirst()));
            }
            if (options.has(ReturnOptions.Item.MAX)) {
                out.ascii(" MAX ").number(number(indexes.getLast()));
            }
            if (options.has(ReturnOptions.Item.ALL)) {
                out.ascii(" ALL ").ascii(SequenceSet.write(numbers(indexes)));
            }
        }
        if (options.has(ReturnOptions.Item.COUNT)) {
            out.ascii(" COUNT ").number(indexes.size());
        }
        var range = options.partial();
        if (range != null) {
            var part = range.of(indexes);
            out.ascii(" PARTIAL (").ascii(range.toString()).sp();
            out.ascii(part.isEmpty() ? "NIL" : SequenceSet.write(numbers(part))).put(')');
        }
        if (withModSeq && !indexes.isEmpty()) {
            out.ascii(" MODSEQ ").number(highestModSeq(options.chosen(indexes)));
        }
        out.crlf();
    }

    /// This is what `$` is to stand for.
    void save(ReturnOptions options) {
        var saved = new BitSet();
        options.chosen(indexes).forEach(saved::set);
        selected.save(saved);
    }

    /// Answers as was asked for, and keeps what `$` is to stand for.
    ///
    /// @param name of the command, which the classic answer carries
    /// @param options null where there were none
    void answer(String name, @Nullable ReturnOptions options, Dialogue dialogue, Responses out) throws IOException {
        if (options == null) {
            writeClassic(name, out);
            return;
        }
        if (options.has(ReturnOptions.Item.SAVE)) {
            save(options);
        }
        if (options.answers()) {
            writeExtended(dialogue.tag(), null, options, out);
        }
    }
}
