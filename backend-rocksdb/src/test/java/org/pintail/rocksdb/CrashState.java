package org.pintail.rocksdb;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;
import java.util.TreeSet;
import org.pintail.backend.AccountId;
import org.pintail.backend.Flags;
import org.pintail.backend.JournalEntry;
import org.pintail.backend.ObjectId;
import org.pintail.backend.Store;

/// Everything one thread of [CrashWriter] should find: the mailboxes of its account, its messages in the queue, and the journal so far.
/// Nobody else changes them, so what an operation does to them is known before it runs.
record CrashState(TreeMap<String, Box> boxes, TreeMap<String, Queued> queue, List<String> journal) {
    /// A mailbox: its messages by uid.
    record Box(long uidNext, TreeMap<Long, Message> messages) {
        Box copy() {
            return new Box(uidNext, new TreeMap<>(messages));
        }
    }

    record Message(long seed, boolean seen) {}

    /// A queued message and the recipients left.
    record Queued(long seed, TreeSet<String> rows) {}

    static AccountId account(int thread) {
        return new AccountId(new ObjectId(0x6000_0000L << 32 | thread, 0));
    }

    /// The account of the mailbox that all threads append to.
    static AccountId shared() {
        return account(1000);
    }

    /// Every message of thread `t` begins with this in the queue.
    static String queuePrefix(int thread) {
        return String.format("%02x", thread);
    }

    static CrashState read(Store store, int thread) {
        var account = account(thread);
        var boxes = new TreeMap<String, Box>();
        for (var m : store.mailboxes().list(account)) {
            var messages = new TreeMap<Long, Message>();
            for (var row : store.messages().rows(m.id())) {
                messages.put(row.uid(), new Message(CrashMail.seedOf(row), row.flags().has(Flags.SEEN)));
            }
            boxes.put(m.path(), new Box(m.uidNext(), messages));
        }
        var queue = new TreeMap<String, Queued>();
        for (var row : store.queue().list(null, Integer.MAX_VALUE)) {
            if (row.id().startsWith(queuePrefix(thread))) {
                long seed = store.queue().message(row.id()).orElseThrow().data().number("seed");
                queue.computeIfAbsent(row.id(), _ -> new Queued(seed, new TreeSet<>())).rows().add(row.seq());
            }
        }
        var journal = store.messages().journal(account, null, Integer.MAX_VALUE).stream().map(CrashState::line).toList();
        return new CrashState(boxes, queue, new ArrayList<>(journal));
    }

    private static String line(JournalEntry e) {
        return switch (e.kind()) {
            case EXISTS, EXPUNGE, FETCH -> e.kind() + " " + e.uid();
            case CREATE, RENAME, DELETE -> e.kind() + " " + e.path();
        };
    }

    CrashState copy() {
        var b = new TreeMap<String, Box>();
        boxes.forEach((path, box) -> b.put(path, box.copy()));
        var q = new TreeMap<String, Queued>();
        queue.forEach((id, queued) -> q.put(id, new Queued(queued.seed, new TreeSet<>(queued.rows))));
        return new CrashState(b, q, new ArrayList<>(journal));
    }

    Box box(String path) {
        var box = boxes.get(path);
        if (box == null) {
            throw new IllegalStateException("no mailbox " + path);
        }
        return box;
    }

    /// Does to this what `op` does to the store.
    void apply(CrashOp op) {
        switch (op) {
            case CrashOp.Create o -> {
                boxes.put(o.box(), new Box(1, new TreeMap<>()));
                journal.add("CREATE " + o.box());
            }
            case CrashOp.Delete o -> {
                boxes.remove(o.box());
                journal.add("DELETE " + o.box());
            }
            case CrashOp.Append o -> o.seeds().forEach(seed -> add(o.box(), new Message(seed, o.seen())));
            case CrashOp.Shared _ -> {}
            case CrashOp.Expunge o -> remove(o.box(), o.uids());
            case CrashOp.Copy o -> copy(o.from(), o.to(), o.uids());
            case CrashOp.Move o -> {
                copy(o.from(), o.to(), o.uids());
                remove(o.from(), o.uids());
            }
            case CrashOp.Seen o -> seen(o);
            case CrashOp.Enqueue o -> enqueue(o.id(), o.seed(), o.rows());
            case CrashOp.Settle o -> {
                removeRow(o.id(), o.seq());
                enqueue(o.report(), o.seed(), 1);
            }
            case CrashOp.Purge o -> removeRow(o.id(), o.seq());
        }
    }

    private void add(String path, Message m) {
        var box = box(path);
        box.messages.put(box.uidNext, m);
        boxes.put(path, new Box(box.uidNext + 1, box.messages));
        journal.add("EXISTS " + box.uidNext);
    }

    private void copy(String from, String to, List<Long> uids) {
        var messages = uids.stream().map(box(from).messages::get).toList();
        messages.forEach(m -> add(to, m));
    }

    private void remove(String path, List<Long> uids) {
        for (long uid : uids) {
            box(path).messages.remove(uid);
            journal.add("EXPUNGE " + uid);
        }
    }

    private void seen(CrashOp.Seen o) {
        for (long uid : o.uids()) {
            var before = box(o.box()).messages.get(uid);
            if (before != null && before.seen != o.on()) {
                box(o.box()).messages.put(uid, new Message(before.seed, o.on()));
                journal.add("FETCH " + uid);
            }
        }
    }

    private void enqueue(String id, long seed, int rows) {
        var seqs = new TreeSet<String>();
        for (int i = 1; i <= rows; i++) {
            seqs.add(String.format("%03x", i));
        }
        queue.put(id, new Queued(seed, seqs));
    }

    private void removeRow(String id, String seq) {
        var queued = queue.get(id);
        if (queued != null) {
            queued.rows.remove(seq);
            if (queued.rows.isEmpty()) {
                queue.remove(id);
            }
        }
    }

    /// The first few things in which `found` is not as it should be; empty when all is well.
    List<String> differences(CrashState found) {
        var out = new ArrayList<String>();
        if (!boxes.keySet().equals(found.boxes.keySet())) {
            out.add("mailboxes " + boxes.keySet() + ", found " + found.boxes.keySet());
        }
        boxes.forEach((path, box) -> {
            var other = found.boxes.get(path);
            if (other != null) {
                if (box.uidNext != other.uidNext) {
                    out.add(path + " uidNext " + box.uidNext + ", found " + other.uidNext);
                }
                differences(path, box.messages, other.messages, out);
            }
        });
        differences("queue", queue, found.queue, out);
        for (int i = 0; i < Math.max(journal.size(), found.journal.size()) && out.size() < 20; i++) {
            var want = i < journal.size() ? journal.get(i) : "nothing";
            var got = i < found.journal.size() ? found.journal.get(i) : "nothing";
            if (!want.equals(got)) {
                out.add("journal " + i + " " + want + ", found " + got);
            }
        }
        return out;
    }

    private static <K extends Comparable<K>, V> void differences(String what, Map<K, V> want, Map<K, V> got, List<String> out) {
        var keys = new TreeSet<>(want.keySet());
        keys.addAll(got.keySet());
        for (var key : keys) {
            if (!Objects.equals(want.get(key), got.get(key))) {
                out.add(what + " " + key + ": " + want.get(key) + ", found " + got.get(key));
            }
        }
    }
}
