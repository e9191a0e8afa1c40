package org.pintail.rocksdb;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.pintail.backend.Flags;

/// The flags of messages of a mailbox whose uids are [#SIZE] numbers that follow each other, where they were changed since the row was written: what
/// stands here counts, with the modseq of the change, and not what is in the row. Many messages with the same flags and modseq take a few bytes.
///
///     block       = latest-modseq combinations runs
///     combination = system-flags length keywords     ; between blanks
///     run         = first-place places-1 combination latest-modseq-minus-modseq
final class FlagBlock {
    static final int SIZE = 256;
    private static final int RUN = 2 + 2 * Packed.LONGEST;
    private final int[] numbers = new int[SIZE];
    private final long[] modSeqs = new long[SIZE];
    private final List<Flags> combinations = new ArrayList<>();
    private long latest;
    private int count;

    private FlagBlock() {
        Arrays.fill(numbers, -1);
    }

    static long numberOf(long uid) {
        return uid / SIZE;
    }

    private static int place(long uid) {
        return (int) (uid % SIZE);
    }

    static FlagBlock decode(byte @Nullable [] value) {
        var block = new FlagBlock();
        if (value == null) {
            return block;
        }
        var in = ByteBuffer.wrap(value);
        block.latest = in.getLong();
        for (long left = Packed.read(in); left > 0; left--) {
            int system = in.get();
            var keywords = new byte[(int) Packed.read(in)];
            in.get(keywords);
            var names = new String(keywords, StandardCharsets.UTF_8);
            block.combinations.add(new Flags(system, names.isEmpty() ? List.of() : List.of(names.split(" ", -1))));
        }
        while (in.hasRemaining()) {
            int first = Byte.toUnsignedInt(in.get());
            int end = first + Byte.toUnsignedInt(in.get()) + 1;
            Arrays.fill(block.numbers, first, end, (int) Packed.read(in));
            Arrays.fill(block.modSeqs, first, end, block.latest - Packed.read(in));
            block.count += end - first;
        }
        return block;
    }

    byte[] encode() {
        var used = new int[combinations.size()];
        Arrays.fill(used, -1);
        int kinds = 0;
        int bytes = Long.BYTES + Packed.LONGEST;
        int runs = 0;
        for (int at = 0; at < SIZE; at = end(at)) {
            int number = numbers[at];
            if (number >= 0) {
                runs++;
                if (used[number] < 0) {
                    used[number] = kinds++;
                }
            }
        }
        var names = new byte[kinds][];
        var systems = new byte[kinds];
        for (int i = 0; i < used.length; i++) {
            if (used[i] >= 0) {
                systems[used[i]] = (byte) combinations.get(i).system();
                names[used[i]] = String.join(" ", combinations.get(i).keywords()).getBytes(StandardCharsets.UTF_8);
                bytes += 1 + Packed.LONGEST + names[used[i]].length;
            }
        }
        var out = ByteBuffer.allocate(bytes + runs * RUN).putLong(latest);
        Packed.write(out, kinds);
        for (int i = 0; i < kinds; i++) {
            out.put(systems[i]);
            Packed.write(out, names[i].length);
            out.put(names[i]);
        }
        for (int at = 0; at < SIZE; ) {
            int end = end(at);
            if (numbers[at] >= 0) {
                out.put((byte) at).put((byte) (end - at - 1));
                Packed.write(out, used[numbers[at]]);
                Packed.write(out, latest - modSeqs[at]);
            }
            at = end;
        }
        return Arrays.copyOf(out.array(), out.position());
    }

    /// Where the run that begins at `at` ends.
    private int end(int at) {
        int end = at + 1;
        while (end < SIZE && numbers[end] == numbers[at] && (numbers[at] < 0 || modSeqs[end] == modSeqs[at])) {
            end++;
        }
        return end;
    }

    /// UIDs of messages that are in here and changed after `modSeq`, of the block `number`.
    List<Long> uidsSince(long number, long modSeq) {
        var uids = new ArrayList<Long>();
        for (int at = 0; at < SIZE; at++) {
            if (numbers[at] >= 0 && modSeqs[at] > modSeq) {
                uids.add(number * SIZE + at);
            }
        }
        return uids;
    }

    boolean has(long uid) {
        return numbers[place(uid)] >= 0;
    }

    /// Of a message that is in here.
    Flags flags(long uid) {
        return combinations.get(numbers[place(uid)]);
    }

    long modSeq(long uid) {
        return modSeqs[place(uid)];
    }

    void put(long uid, Flags flags, long modSeq) {
        int at = place(uid);
        count += numbers[at] < 0 ? 1 : 0;
        numbers[at] = number(flags);
        modSeqs[at] = modSeq;
        latest = Math.max(latest, modSeq);
    }

    private int number(Flags flags) {
        for (int i = combinations.size() - 1; i >= 0; i--) { // most often that of the message before
            if (combinations.get(i).equals(flags)) {
                return i;
            }
        }
        combinations.add(flags);
        return combinations.size() - 1;
    }

    /// Was it in here?
    boolean remove(long uid) {
        boolean was = has(uid);
        numbers[place(uid)] = -1;
        count -= was ? 1 : 0;
        return was;
    }

    boolean isEmpty() {
        return count == 0;
    }

    /// The highest modseq of a change in here, also of messages that have gone since.
    long latest() {
        return latest;
    }
}
