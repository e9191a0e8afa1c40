package org.pintail.rocksdb;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.function.Consumer;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;
import org.pintail.backend.Document;
import org.pintail.backend.Flags;
import org.pintail.backend.Mailbox;
import org.pintail.backend.Mailboxes;
import org.pintail.backend.Queue;
import org.pintail.backend.QueueRow;
import org.pintail.backend.QueuedMessage;
import org.pintail.backend.Samples;
import org.pintail.mime.Source;

/// One thread of [CrashWriter]: random operations on its own account, its own part of the queue, and the shared mailbox.
final class CrashThread {
    private static final List<String> BOXES = List.of("INBOX", "Archive", "Trash");
    private static final String MANY = "Many";
    private static final int FULL = 60;
    private static final int MORE_THAN_ONE_PURGE = 600;
    private final RocksStore store;
    private final Consumer<String> ledger;
    private final int thread;
    private final Random random;
    private final CrashState state;
    private final Mailbox shared;
    private @Nullable QueueRow claimed;

    CrashThread(RocksStore store, Consumer<String> ledger, int thread, Random random) {
        this.store = store;
        this.ledger = ledger;
        this.thread = thread;
        this.random = random;
        this.state = CrashState.read(store, thread);
        this.shared = store.mailboxes().find(CrashState.shared(), "INBOX").orElseThrow();
    }

    void run() {
        for (long n = 1; ; n++) {
            var op = next();
            if (op != null) {
                ledger.accept("I " + thread + " " + n + " " + op.line());
                var result = run(op);
                ledger.accept("A " + thread + " " + n + " " + result);
                state.apply(op);
            }
        }
    }

    private @Nullable CrashOp next() {
        for (var path : BOXES) {
            if (!state.boxes().containsKey(path)) {
                return new CrashOp.Create(path);
            }
        }
        var from = BOXES.get(random.nextInt(BOXES.size()));
        var to = BOXES.get(random.nextInt(BOXES.size()));
        var uids = some(state.box(from));
        if (state.box(from).messages().size() > FULL) {
            return new CrashOp.Expunge(from, uids);
        }
        return switch (random.nextInt(16)) {
            case 0, 1, 2, 3 -> append(from);
            case 4 -> new CrashOp.Shared(seed());
            case 5, 6 -> new CrashOp.Expunge(from, uids);
            case 7, 8 -> new CrashOp.Move(from, to, uids);
            case 9 -> state.box(to).messages().size() > FULL ? null : new CrashOp.Copy(from, to, uids);
            case 10 -> new CrashOp.Seen(from, random.nextBoolean(), uids);
            case 11 -> many(from);
            case 12 -> new CrashOp.Enqueue(queueId(), seed(), 1 + random.nextInt(3));
            case 13, 14 -> purge();
            default -> settle();
        };
    }

    private List<Long> some(CrashState.Box box) {
        return box.messages().keySet().stream().filter(_ -> random.nextInt(4) == 0).toList();
    }

    private long seed() {
        return random.nextLong(1L << 50);
    }

    private String queueId() {
        return CrashState.queuePrefix(thread) + String.format("%016x", random.nextLong());
    }

    private CrashOp append(String box) {
        var seeds = new ArrayList<Long>();
        for (int i = random.nextInt(3); i >= 0; i--) {
            seeds.add(seed());
        }
        return new CrashOp.Append(box, random.nextBoolean(), seeds);
    }

    /// A mailbox that grows by copies until deleting it takes more than one step.
    private CrashOp many(String from) {
        var many = state.boxes().get(MANY);
        if (many == null) {
            return new CrashOp.Create(MANY);
        }
        return many.messages().size() > MORE_THAN_ONE_PURGE
                ? new CrashOp.Delete(MANY)
                : new CrashOp.Copy(from, MANY, List.copyOf(state.box(from).messages().keySet()));
    }

    private @Nullable CrashOp purge() {
        if (state.queue().isEmpty()) {
            return null;
        }
        var one = List.copyOf(state.queue().entrySet()).get(random.nextInt(state.queue().size()));
        return new CrashOp.Purge(one.getKey(), one.getValue().rows().first());
    }

    private @Nullable CrashOp settle() {
        var rows = store.queue().claim("z" + thread, Instant.now(), Duration.ofMillis(200), Set.of(), 1);
        if (rows.isEmpty()) {
            return null;
        }
        claimed = rows.getFirst();
        return new CrashOp.Settle(claimed.id(), claimed.seq(), queueId(), seed());
    }

    /// What the operation returned, as far as nobody can know it before.
    private String run(CrashOp op) {
        var messages = store.messages();
        switch (op) {
            case CrashOp.Create o ->
                store.mailboxes().create(new Mailboxes.New(CrashState.account(thread), o.box(), null, true, false, false, 0));
            case CrashOp.Delete o -> store.mailboxes().delete(box(o.box()).id());
            case CrashOp.Append o -> {
                var box = box(o.box());
                messages.append(o.seeds().stream().map(seed -> CrashMail.message(box, seed, o.seen())).toList());
            }
            case CrashOp.Shared o -> {
                return String.valueOf(messages.append(List.of(CrashMail.message(shared, o.seed(), false))).getFirst().uid());
            }
            case CrashOp.Expunge o -> messages.expunge(box(o.box()).id(), o.uids(), null);
            case CrashOp.Move o -> messages.move(box(o.from()).id(), o.uids(), box(o.to()).id(), null);
            case CrashOp.Copy o -> messages.copy(box(o.from()).id(), o.uids(), box(o.to()).id(), 0, null);
            case CrashOp.Seen o -> {
                var seen = Flags.of("\\Seen");
                UnaryOperator<Flags> change = f -> o.on() ? f.plus(seen) : f.minus(seen);
                if (random.nextBoolean()) {
                    messages.changeFlagsSoon(box(o.box()).id(), o.uids(), change, Long.MAX_VALUE, null);
                } else {
                    messages.changeFlags(box(o.box()).id(), o.uids(), change, Long.MAX_VALUE, null);
                }
            }
            case CrashOp.Enqueue o -> {
                var entry = queued(o.id(), o.seed(), o.rows());
                store.queue().enqueue(entry.message(), entry.body(), entry.rows());
            }
            case CrashOp.Settle o -> require(claimed != null && store.queue().settle(claimed, List.of(queued(o.report(), o.seed(), 1))));
            case CrashOp.Purge o -> require(store.queue().purge(o.id(), o.seq(), Instant.now().plus(Duration.ofDays(1))));
        }
        return "";
    }

    private static void require(boolean done) {
        if (!done) {
            throw new IllegalStateException("refused");
        }
    }

    private Mailbox box(String path) {
        return store.mailboxes().find(CrashState.account(thread), path).orElseThrow();
    }

    private Queue.Entry queued(String id, long seed, int count) {
        var rows = new ArrayList<QueueRow>();
        for (int i = 1; i <= count; i++) {
            rows.add(new QueueRow(
                    id, String.format("%03x", i), "to@example.com", "example.com", "z" + thread, Samples.DATE, Samples.DATE, 0, null, null, "",
                    false, 0, null, Document.EMPTY));
        }
        var raw = CrashMail.raw(seed);
        return new Queue.Entry(
                new QueuedMessage(id, "from@example.com", Samples.DATE, raw.length, Document.of("seed", seed)), Source.of(raw), rows);
    }
}
