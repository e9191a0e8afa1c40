package org.pintail.rocksdb;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.BitSet;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.pintail.backend.AccountId;
import org.pintail.backend.Flags;
import org.pintail.backend.JournalEntry;
import org.pintail.backend.JournalEntry.Kind;
import org.pintail.backend.MailboxId;
import org.pintail.backend.NewFlags;
import org.pintail.backend.ObjectId;

/// The journal entries of a change of flags as one record, under the id of the last of them; those before it have the ids before that.
///
///     record      = kind mailbox modseq length session count combinations runs
///     combination = length names                     ; between blanks
///     run         = uids-between uids-1 unseen-change combination
final class FlagEntries {
    /// Beside the ordinals of [Kind].
    private static final byte KIND = 100;

    private static final int RUN = 1 + 3 * Packed.LONGEST;

    private FlagEntries() {}

    static boolean isRecord(byte[] value) {
        return value[0] == KIND;
    }

    /// `changed` ascending; bit n of `unseenChanges` is that of the n-th.
    static byte[] encode(MailboxId mailbox, List<NewFlags> changed, BitSet unseenChanges, @Nullable String session) {
        var kinds = new ArrayList<Flags>();
        var runs = ByteBuffer.allocate(RUN * runs(changed, unseenChanges));
        long next = 0;
        for (int from = 0; from < changed.size(); ) {
            int to = end(changed, unseenChanges, from);
            var first = changed.get(from);
            Packed.write(runs, first.uid() - next);
            Packed.write(runs, to - from - 1);
            runs.put((byte) (unseenChanges.get(from) ? 1 : 0));
            Packed.write(runs, number(kinds, first.flags()));
            next = changed.get(to - 1).uid() + 1;
            from = to;
        }
        var names = kinds.stream().map(f -> String.join(" ", f.names()).getBytes(StandardCharsets.UTF_8)).toList();
        var by = (session == null ? "" : session).getBytes(StandardCharsets.UTF_8);
        var out = ByteBuffer.allocate(1 + Keys.ID + 4 * Packed.LONGEST + by.length + runs.position()
                + names.stream().mapToInt(n -> Packed.LONGEST + n.length).sum());
        out.put(KIND).put(Keys.id(mailbox.value()));
        Packed.write(out, changed.getFirst().modSeq());
        put(out, by);
        Packed.write(out, changed.size());
        Packed.write(out, names.size());
        names.forEach(n -> put(out, n));
        out.put(runs.flip());
        return Arrays.copyOf(out.array(), out.position());
    }

    private static int number(List<Flags> kinds, Flags flags) {
        int known = kinds.lastIndexOf(flags);
        if (known < 0) {
            kinds.add(flags);
            return kinds.size() - 1;
        }
        return known;
    }

    private static int runs(List<NewFlags> changed, BitSet unseenChanges) {
        int runs = 0;
        for (int from = 0; from < changed.size(); from = end(changed, unseenChanges, from)) {
            runs++;
        }
        return runs;
    }

    private static int end(List<NewFlags> changed, BitSet unseenChanges, int from) {
        var first = changed.get(from);
        int to = from + 1;
        while (to < changed.size()
                && changed.get(to).uid() == first.uid() + to - from
                && changed.get(to).flags().equals(first.flags())
                && unseenChanges.get(to) == unseenChanges.get(from)) {
            to++;
        }
        return to;
    }

    private static void put(ByteBuffer out, byte[] text) {
        Packed.write(out, text.length);
        out.put(text);
    }

    private static String text(ByteBuffer in) {
        var bytes = new byte[(int) Packed.read(in)];
        in.get(bytes);
        return new String(bytes, StandardCharsets.UTF_8);
    }

    /// Entries after `after`, at most `limit`.
    static List<JournalEntry> decode(byte[] key, byte[] value, @Nullable ObjectId after, int limit, JournalIds ids) {
        var account = new AccountId(Keys.idAt(key, 0));
        var mailbox = new MailboxId(Keys.idAt(value, 1));
        var in = ByteBuffer.wrap(value, 1 + Keys.ID, value.length - 1 - Keys.ID);
        long modSeq = Packed.read(in);
        var session = text(in);
        int count = (int) Packed.read(in);
        var kinds = new ArrayList<Flags>();
        for (long left = Packed.read(in); left > 0; left--) {
            var names = text(in);
            kinds.add(names.isEmpty() ? Flags.NONE : Flags.of(names.split(" ", -1)));
        }
        var entries = new ArrayList<JournalEntry>();
        var id = Ids.plus(Keys.idAt(key, Keys.ID), 1 - count);
        long uid = 0;
        while (in.hasRemaining() && entries.size() < limit) {
            uid += Packed.read(in);
            long end = uid + Packed.read(in) + 1;
            boolean unseen = in.get() != 0;
            var flags = kinds.get((int) Packed.read(in));
            for (; uid < end && entries.size() < limit; uid++) {
                if (after == null || id.compareTo(after) > 0) {
                    var of = ids.find(key, mailbox, uid);
                    entries.add(new JournalEntry(
                            id, account, Kind.FETCH, mailbox, uid, modSeq, of == null ? null : of.message(), of == null ? null : of.thread(),
                            flags, unseen, null, session.isEmpty() ? null : session));
                }
                id = Ids.plus(id, 1);
            }
            uid = end;
        }
        return entries;
    }
}
