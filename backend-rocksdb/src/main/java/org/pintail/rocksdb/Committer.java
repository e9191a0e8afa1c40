package org.pintail.rocksdb;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.Executor;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.LockSupport;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.pintail.backend.StoreException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// All that is written goes through here, one group after the other. A thread takes what has gathered (at most [#GROUP] operations), runs them one after
/// the other over one [Txn], writes the segments (and syncs them where [Carried] says so), then the RocksDB log, and only then lets the callers go on: many
/// commits share one sync. An operation that need not wait for the disk is written to the log all the same, and synced with the next one that
/// needs it, or within [#SYNCED_WITHIN_NANOS]; where nobody else writes, its caller does so itself, for the way to that thread and back takes longer than
/// the write. An operation that nobody waits for goes along with the next one, or within a second.
final class Committer implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(Committer.class);
    static final int GROUP = 256;
    private static final long SYNCED_WITHIN_NANOS = TimeUnit.SECONDS.toNanos(1);
    private static final Executor IN_A_SECOND = CompletableFuture.delayedExecutor(1, TimeUnit.SECONDS, Runnable::run);
    private final Db db;
    private final Segments bodies;
    private final Segments attachments;
    private final Carried carriedBodies;
    private final Carried carriedAttachments;
    private final Positions.Known positions = new Positions.Known();
    private final FreeSpace space;
    private final Consumer<Txn> committed;
    private final LinkedBlockingQueue<Waiting<?>> waiting = new LinkedBlockingQueue<>();
    private final ConcurrentLinkedQueue<Later> later = new ConcurrentLinkedQueue<>();
    private final AtomicBoolean reminded = new AtomicBoolean();
    private final Thread thread;
    /// Whoever writes holds it.
    private final ReentrantLock writing = new ReentrantLock();
    private volatile boolean closed;
    // guarded by `writing`
    private boolean failing;
    private int unsynced; // operations acknowledged whose log is not
    private long syncAt;
    final AtomicLong commits = new AtomicLong();
    final AtomicLong groups = new AtomicLong();

    /// What is to be done; runs while nobody else writes, must be quick, and must not read files.
    interface Operation<T> {
        T run(Txn txn);
    }

    /// What an operation needs.
    private enum Need {
        SYNC,
        SYNC_AND_ROOM,
        /// To survive the end of this process.
        LOG
    }

    /// An operation and the thread that waits for it.
    private static final class Waiting<T> {
        private final Operation<T> operation;
        private final Need need;
        private final Thread caller = Thread.currentThread();
        private @Nullable T result;
        private @Nullable RuntimeException failure;
        private volatile boolean done;

        Waiting(Operation<T> operation, Need need) {
            this.operation = operation;
            this.need = need;
        }

        void run(Txn txn) {
            result = operation.run(txn);
        }

        T outcome() {
            if (failure != null) {
                throw failure;
            }
            return Objects.requireNonNull(result, "an operation returns something");
        }

        void finish() {
            done = true;
            LockSupport.unpark(caller);
        }
    }

    /// An operation that nobody waits for; `over` runs when it is committed or has failed.
    private record Later(Waiting<?> operation, Runnable over) {}

    Committer(Db db, Segments bodies, Segments attachments, FreeSpace space, Consumer<Txn> committed) {
        this.db = db;
        this.bodies = bodies;
        this.attachments = attachments;
        this.carriedBodies = new Carried(Place.Kind.BODIES, bodies);
        this.carriedAttachments = new Carried(Place.Kind.ATTACHMENTS, attachments);
        this.space = space;
        this.committed = committed;
        this.thread = Thread.ofPlatform().name("committer").start(this::loop);
    }

    /// Runs `operation` and returns when it is durable. Throws what the operation threw, or [StoreException] when it could not be made durable.
    <T> T commit(Operation<T> operation) {
        return commit(operation, Need.SYNC);
    }

    /// As [#commit], for operations that need room: refused while the disk is nearly full.
    <T> T commitGrowing(Operation<T> operation) {
        return commit(operation, Need.SYNC_AND_ROOM);
    }

    /// As [#commit], but returns when the log has it: the process may end, but a machine that loses power may forget it and everything after
    /// it. [Db#STEPS_FORGOTTEN] bounds how many steps that are. `operation` must not store bytes in segments: it may run on the thread of the caller,
    /// which anybody may interrupt.
    <T> T commitSoon(Operation<T> operation) {
        if (waiting.isEmpty() && writing.tryLock()) {
            try {
                var mine = new Waiting<>(operation, Need.LOG);
                if (mayWait(List.of(mine))) {
                    return commitHere(mine);
                }
            } finally {
                writing.unlock();
            }
        }
        return commit(operation, Need.LOG);
    }

    /// Runs `operation` with the next one that anybody commits, before it, or within a second, and `over` after it was written or has failed.
    /// Returns at once.
    void commitLater(Operation<?> operation, Runnable over) {
        if (closed) {
            throw new StoreException.Unavailable("the store is closed");
        }
        later.add(new Later(new Waiting<>(operation, Need.LOG), over));
        if (reminded.compareAndSet(false, true)) {
            IN_A_SECOND.execute(this::remind);
        }
    }

    private void remind() {
        reminded.set(false);
        if (!later.isEmpty()) {
            waiting.add(new Waiting<>(_ -> true, Need.LOG));
        }
    }

    /// Returns when everything that came through [#commitLater] before is over.
    void settle() {
        commitSoon(_ -> true); // also where nothing waits: a group that is being written may have taken it
    }

    private <T> T commitHere(Waiting<T> mine) {
        if (closed) { // not before the last group, which needs the lock as well
            throw new StoreException.Unavailable("the store is closed");
        }
        boolean wasSynced = unsynced == 0;
        commits.incrementAndGet();
        commit(List.of(mine));
        if (wasSynced && unsynced > 0) {
            waiting.add(new Waiting<>(_ -> true, Need.LOG)); // the thread has to know when to sync
        }
        return mine.outcome();
    }

    private <T> T commit(Operation<T> operation, Need need) {
        var mine = new Waiting<>(operation, need);
        synchronized (waiting) { // nothing comes in behind the last group
            if (closed) {
                throw new StoreException.Unavailable("the store is closed");
            }
            waiting.add(mine);
        }
        boolean interrupted = false;
        while (!mine.done) {
            LockSupport.park(this);
            interrupted |= Thread.interrupted();
        }
        if (interrupted) {
            Thread.currentThread().interrupt();
        }
        return mine.outcome();
    }

    private void loop() {
        var group = new ArrayList<Waiting<?>>(GROUP);
        while (true) {
            try {
                var first = next();
                if (first == null) {
                    writing(this::sync);
                    continue;
                }
                group.add(first);
            } catch (InterruptedException e) {
                LOG.warn("committer interrupted; it goes on");
                continue;
            }
            waiting.drainTo(group, GROUP - 1);
            commits.addAndGet(group.size());
            writing(() -> commit(group));
            group.forEach(Waiting::finish);
            group.clear();
            if (isOver()) {
                return;
            }
        }
    }

    /// In one step with [#close], or its operation could come when nobody is there any more.
    private boolean isOver() {
        synchronized (waiting) {
            return closed && waiting.isEmpty();
        }
    }

    /// The next operation, null when it is time to sync.
    private @Nullable Waiting<?> next() throws InterruptedException {
        return waiting.poll(untilSync(), TimeUnit.NANOSECONDS);
    }

    private long untilSync() {
        writing.lock();
        try {
            return unsynced == 0 ? Long.MAX_VALUE : syncAt - System.nanoTime();
        } finally {
            writing.unlock();
        }
    }

    private void writing(Runnable work) {
        writing.lock();
        try {
            work.run();
        } finally {
            writing.unlock();
        }
    }

    private void commit(List<Waiting<?>> group) {
        var along = new ArrayList<Later>();
        for (var one = later.poll(); one != null; one = later.poll()) {
            along.add(one);
        }
        if (along.isEmpty()) {
            commitAll(group);
            return;
        }
        var all = new ArrayList<Waiting<?>>(along.stream().map(Later::operation).toList());
        all.addAll(group);
        commitAll(all);
        along.forEach(one -> one.over().run());
    }

    private void commitAll(List<Waiting<?>> group) {
        try (var txn = new Txn(db, bodies, attachments)) {
            runAndWrite(group, txn);
            if (!txn.isEmpty()) {
                Ledger.noteLastEntry(txn);
                // when this fails nobody knows whether it will be found at the next start: the bytes in the segments stay
                boolean durable = false;
                try {
                    positions.put(txn, Place.Kind.BODIES, bodies);
                    positions.put(txn, Place.Kind.ATTACHMENTS, attachments);
                    write(group, txn);
                    durable = true;
                } finally {
                    txn.written(durable);
                    positions.written(durable);
                }
                carriedBodies.forget();
                carriedAttachments.forget();
                groups.incrementAndGet();
                recovered();
            } else if (unsynced > 0 && !mayWait(group)) { // what they found as they wanted it is promised as if they had written it
                syncNow();
            }
            announce(txn);
        } catch (IOException | RuntimeException | Error e) { // whatever it is, nobody may wait forever
            log(e);
            fail(group, e);
        }
    }

    /// May these be acknowledged before the log is synced?
    private boolean mayWait(List<Waiting<?>> group) {
        return group.stream().allMatch(one -> one.need == Need.LOG)
                && unsynced + group.size() <= Db.STEPS_FORGOTTEN
                && (unsynced == 0 || syncAt - System.nanoTime() > 0);
    }

    private void write(List<Waiting<?>> group, Txn txn) {
        if (!mayWait(group)) {
            db.write(txn.batch());
            unsynced = 0;
            return;
        }
        db.writeUnsynced(txn.batch());
        if (unsynced == 0) {
            syncAt = System.nanoTime() + SYNCED_WITHIN_NANOS;
        }
        unsynced += group.size();
    }

    private void sync() {
        try {
            syncNow();
        } catch (StoreException e) {
            syncAt = System.nanoTime() + SYNCED_WITHIN_NANOS; // tried again then, or with the next group
            log(e);
        }
    }

    private void syncNow() {
        db.sync();
        unsynced = 0;
        recovered();
    }

    private void recovered() {
        if (failing) {
            LOG.info("commits succeed again");
        }
        failing = false;
    }

    /// A full disk may refuse thousands of groups; one line is enough.
    private void log(Throwable e) {
        if (!failing) {
            LOG.error("commit failed; further failures are not logged until one succeeds", e);
        }
        failing = true;
    }

    private void runAndWrite(List<Waiting<?>> group, Txn txn) throws IOException {
        var bodiesEnd = bodies.end();
        var attachmentsEnd = attachments.end();
        boolean written = false;
        try {
            run(group, txn);
            txn.checkWhole();
            carriedBodies.write(txn);
            carriedAttachments.write(txn);
            written = true;
        } finally {
            if (!written) {
                bodies.rollBack(bodiesEnd);
                attachments.rollBack(attachmentsEnd);
            }
        }
    }

    /// What watchers do cannot undo a commit.
    private void announce(Txn txn) {
        try {
            committed.accept(txn);
        } catch (RuntimeException e) {
            LOG.error("watchers not woken", e);
        }
    }

    private void run(List<Waiting<?>> group, Txn txn) {
        for (var one : group) {
            txn.mark();
            try {
                if (one.need == Need.SYNC_AND_ROOM) {
                    space.check();
                }
                one.run(txn);
                txn.keep();
            } catch (RuntimeException e) {
                txn.undo(); // staged bytes of it are written and belong to nobody
                one.failure = e;
            }
        }
    }

    private static void fail(List<Waiting<?>> group, Throwable e) {
        StoreException failure = e instanceof StoreException known
                ? known
                : e instanceof IOException io
                        ? Segments.failed(io)
                        : new StoreException.Unavailable("the commit failed: " + e.getMessage(), e);
        for (var one : group) {
            if (one.failure == null) {
                one.failure = failure;
            }
        }
    }

    /// Finishes what waits. Nobody is interrupted: an interrupt inside a file channel would close it.
    @Override
    public void close() {
        synchronized (waiting) {
            if (closed) {
                return;
            }
            closed = true;
            waiting.add(new Waiting<>(Db::noteClosed, Need.SYNC)); // the last, and so everything is synced
        }
        boolean interrupted = false;
        while (thread.isAlive()) {
            try {
                thread.join();
            } catch (InterruptedException e) {
                interrupted = true;
            }
        }
        if (interrupted) {
            Thread.currentThread().interrupt();
        }
    }
}
