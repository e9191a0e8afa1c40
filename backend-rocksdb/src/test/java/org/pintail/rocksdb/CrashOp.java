package org.pintail.rocksdb;

import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;

/// What a thread of [CrashWriter] does, as a line of its ledger: words between blanks, numbers between commas.
sealed interface CrashOp {
    record Create(String box) implements CrashOp {}

    record Delete(String box) implements CrashOp {}

    record Append(String box, boolean seen, List<Long> seeds) implements CrashOp {}

    /// Into the mailbox all threads append to.
    record Shared(long seed) implements CrashOp {}

    record Expunge(String box, List<Long> uids) implements CrashOp {}

    record Move(String from, String to, List<Long> uids) implements CrashOp {}

    record Copy(String from, String to, List<Long> uids) implements CrashOp {}

    record Seen(String box, boolean on, List<Long> uids) implements CrashOp {}

    record Enqueue(String id, long seed, int rows) implements CrashOp {}

    /// A row is done with, and a report about it goes into the queue in the same step.
    record Settle(String id, String seq, String report, long seed) implements CrashOp {}

    record Purge(String id, String seq) implements CrashOp {}

    default String line() {
        return switch (this) {
            case Create o -> "create " + o.box;
            case Delete o -> "delete " + o.box;
            case Append o -> "append " + o.box + " " + o.seen + " " + list(o.seeds);
            case Shared o -> "shared " + o.seed;
            case Expunge o -> "expunge " + o.box + " " + list(o.uids);
            case Move o -> "move " + o.from + " " + o.to + " " + list(o.uids);
            case Copy o -> "copy " + o.from + " " + o.to + " " + list(o.uids);
            case Seen o -> "seen " + o.box + " " + o.on + " " + list(o.uids);
            case Enqueue o -> "enqueue " + o.id + " " + o.seed + " " + o.rows;
            case Settle o -> "settle " + o.id + " " + o.seq + " " + o.report + " " + o.seed;
            case Purge o -> "purge " + o.id + " " + o.seq;
        };
    }

    static CrashOp parse(List<String> w) {
        return switch (w.getFirst()) {
            case "create" -> new Create(w.get(1));
            case "delete" -> new Delete(w.get(1));
            case "append" -> new Append(w.get(1), Boolean.parseBoolean(w.get(2)), numbers(w.get(3)));
            case "shared" -> new Shared(Long.parseLong(w.get(1)));
            case "expunge" -> new Expunge(w.get(1), numbers(w.get(2)));
            case "move" -> new Move(w.get(1), w.get(2), numbers(w.get(3)));
            case "copy" -> new Copy(w.get(1), w.get(2), numbers(w.get(3)));
            case "seen" -> new Seen(w.get(1), Boolean.parseBoolean(w.get(2)), numbers(w.get(3)));
            case "enqueue" -> new Enqueue(w.get(1), Long.parseLong(w.get(2)), Integer.parseInt(w.get(3)));
            case "settle" -> new Settle(w.get(1), w.get(2), w.get(3), Long.parseLong(w.get(4)));
            case "purge" -> new Purge(w.get(1), w.get(2));
            default -> throw new IllegalArgumentException("not an operation: " + w);
        };
    }

    private static String list(List<Long> numbers) {
        return numbers.isEmpty() ? "-" : numbers.stream().map(String::valueOf).collect(Collectors.joining(","));
    }

    private static List<Long> numbers(String list) {
        var numbers = new ArrayList<Long>();
        if (!list.equals("-")) {
            for (var word : list.split(",", -1)) {
                numbers.add(Long.parseLong(word));
            }
        }
        return numbers;
    }
}
