package org.pintail.mongodb;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.mongodb.event.CommandFailedEvent;
import com.mongodb.event.CommandListener;
import de.bwaldvogel.mongo.MongoServer;
import de.bwaldvogel.mongo.ServerVersion;
import de.bwaldvogel.mongo.backend.memory.MemoryBackend;
import de.bwaldvogel.mongo.bson.Document;
import de.bwaldvogel.mongo.exception.MongoServerError;
import io.netty.channel.Channel;
import java.io.IOException;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicBoolean;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.pintail.backend.AccountId;
import org.pintail.backend.Collection;
import org.pintail.backend.Flags;
import org.pintail.backend.LocalCluster;
import org.pintail.backend.Mailbox;
import org.pintail.backend.MessageId;
import org.pintail.backend.MessageRow;
import org.pintail.backend.ObjectId;
import org.pintail.backend.Samples;
import org.pintail.backend.StoreException;

/// The database goes away, is slow, or says that it is not the primary, while two stores append to one mailbox. What was acknowledged is there,
/// once; what was refused is not; uids ascend in the order in which a follower hears of them.
class FaultsTest {
    private static final Set<String> READS = Set.of("hello", "ismaster", "find", "aggregate", "ping", "getMore", "endSessions", "buildinfo");
    private final AtomicBoolean notPrimary = new AtomicBoolean();
    private final AtomicBoolean decisionLost = new AtomicBoolean();
    private final AtomicBoolean beginningLost = new AtomicBoolean();
    private final AtomicBoolean answerLost = new AtomicBoolean();
    private final MongoServer server = new MongoServer(new Backend());
    private CuttableWire wire;
    private MongoStore one;
    private MongoStore two;

    private final class Backend extends MemoryBackend {
        Backend() {
            version(ServerVersion.MONGO_5_0);
        }

        private static MongoServerError interrupted() {
            return new MongoServerError(11602, "InterruptedDueToReplStateChange", "stepped down");
        }

        @Override
        public Document handleCommand(Channel channel, String database, String command, Document query) {
            boolean ends = command.equals("update") && query.toString().contains("pintail.steps") && query.toString().contains("$pull");
            if (ends && decisionLost.getAndSet(false)) {
                throw interrupted();
            }
            boolean begins = command.equals("update") && query.toString().contains("$push") && query.toString().contains("$inc");
            if (ends && answerLost.getAndSet(false) || begins && beginningLost.getAndSet(false)) {
                super.handleCommand(channel, database, command, query);
                throw interrupted();
            }
            if (notPrimary.get() && !READS.contains(command.toLowerCase(java.util.Locale.ROOT))) {
                throw new MongoServerError(10107, "NotWritablePrimary", "not primary");
            }
            return super.handleCommand(channel, database, command, query);
        }
    }

    @BeforeEach
    void open() throws IOException {
        server.bind("127.0.0.1", 0);
        wire = new CuttableWire(server.getLocalAddress().getPort());
        one = store(wire.port());
        two = store(server.getLocalAddress().getPort());
    }

    private static MongoStore store(int port) {
        return store(port, null);
    }

    private static MongoStore store(int port, @Nullable CommandListener listener) {
        var url = "mongodb://127.0.0.1:" + port + "/mail?heartbeatFrequencyMS=500";
        var settings = new MongoSettings(url, "mail", "mail", "mail", "queue", Duration.ofSeconds(3), Duration.ofMillis(700), true);
        var clock = Clock.systemUTC();
        Renderer none = (message, stored) -> {
            throw new IllegalStateException("every message here is our own");
        };
        return MongoStore.open(settings, new MongoStore.Surroundings(clock, none, new LocalCluster(clock)), listener);
    }

    @AfterEach
    void close() throws IOException {
        one.close();
        two.close();
        wire.close();
        server.shutdownNow();
    }

    /// What was answered to those who appended.
    private static final class Ledger {
        private final Set<MessageId> acknowledged = ConcurrentHashMap.newKeySet();
        private final Set<MessageId> refused = ConcurrentHashMap.newKeySet();
    }

    private static Thread appending(MongoStore store, Mailbox inbox, Ledger ledger, AtomicBoolean stop) {
        return Thread.ofVirtual().start(() -> {
            for (int i = 0; !stop.get(); i++) {
                var m = i % 5 == 0 ? Samples.inPieces(i % 3).message(inbox) : Samples.message(inbox, "message " + i);
                try {
                    ledger.acknowledged.add(store.messages().append(List.of(m)).getFirst().id());
                } catch (StoreException.Unavailable e) {
                    ledger.refused.add(m.id());
                }
            }
        });
    }

    /// Reads nothing but changes, and remembers in which order uids came.
    private static Thread following(MongoStore store, Mailbox inbox, List<Long> heard, AtomicBoolean stop) {
        return Thread.ofVirtual().start(() -> {
            long modSeq = 0;
            while (!stop.get()) {
                try {
                    var changes = store.messages().changes(inbox.id(), modSeq);
                    changes.changed().stream().filter(r -> !heard.contains(r.uid())).forEach(r -> heard.add(r.uid()));
                    modSeq = changes.highestModSeq();
                } catch (StoreException.Unavailable e) {
                    Thread.yield(); // asks again
                }
            }
        });
    }

    private void underLoad(Runnable faults) throws InterruptedException, IOException {
        var inbox = Samples.mailbox(two, AccountId.next(), "INBOX");
        var ledger = new Ledger();
        var heard = new ArrayList<Long>();
        var stop = new AtomicBoolean();
        var threads = new ArrayList<Thread>();
        for (int i = 0; i < 3; i++) {
            threads.add(appending(one, inbox, ledger, stop));
        }
        threads.add(appending(two, inbox, ledger, stop));
        var follower = following(two, inbox, heard, stop);
        faults.run();
        Thread.sleep(500);
        stop.set(true);
        for (var t : threads) {
            t.join();
        }
        follower.join();
        Thread.sleep(1000);
        two.tidy();
        Thread.sleep(1000);
        two.tidy();
        var rows = two.messages().rows(inbox.id());
        var ids = rows.stream().map(MessageRow::id).toList();
        assertThat(ids).doesNotHaveDuplicates().containsAll(ledger.acknowledged);
        assertThat(ids).as("what was refused is not there").noneMatch(ledger.refused::contains);
        assertThat(ids).hasSameSizeAs(ledger.acknowledged);
        assertThat(ledger.acknowledged).hasSizeGreaterThan(20);
        assertThat(rows.stream().map(MessageRow::uid)).isSorted().doesNotHaveDuplicates();
        assertThat(heard).as("in the order of their uids").isSorted();
        var now = two.mailboxes().find(inbox.id()).orElseThrow();
        assertThat(now.messages()).isEqualTo(rows.size());
        assertThat(now.unseen()).isEqualTo(rows.stream().filter(r -> !r.flags().has(Flags.SEEN)).count());
        for (var row : rows) {
            assertThat(two.messages().open(row).readAll()).hasSize((int) row.size());
        }
        var problems = new ArrayList<String>();
        two.check(true, problems::add);
        assertThat(problems).as("only counts that are too high").allMatch(p -> p.startsWith("attachment") || p.startsWith("account"));
        assertThat(two.check(false, problems::add)).isZero();
    }

    private static void pause(int millis) {
        try {
            Thread.sleep(millis);
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }

    /// Long enough for the other store to find what stands still and to finish or undo it.
    private void othersTidy() {
        for (int i = 0; i < 4; i++) {
            two.tidy();
            pause(400);
        }
    }

    @Test
    void nothingHappens() throws InterruptedException, IOException {
        underLoad(() -> pause(1500));
    }

    @Test
    void connectionsAreCut() throws InterruptedException, IOException {
        var random = new Random(4);
        underLoad(() -> {
            for (int i = 0; i < 25; i++) {
                pause(50 + random.nextInt(150));
                wire.cut();
            }
        });
    }

    @Test
    void theDatabaseIsOutOfReachForAWhile() throws InterruptedException, IOException {
        underLoad(() -> {
            pause(300);
            wire.shut(true);
            pause(1500);
            wire.shut(false);
            pause(1500);
        });
    }

    @Test
    void theWireIsSlow() throws InterruptedException, IOException {
        underLoad(() -> {
            wire.slow(60);
            pause(2500);
            wire.slow(0);
        });
    }

    @Test
    void thePrimaryIsLostAndFound() throws InterruptedException, IOException {
        underLoad(() -> {
            for (int i = 0; i < 3; i++) {
                pause(300);
                notPrimary.set(true);
                pause(600);
                notPrimary.set(false);
            }
            pause(1000);
        });
    }

    /// The end of the step did not arrive; before its owner asked what became of it, somebody else undid it.
    @Test
    void whatWasUndoneWhileItsDecisionWasLostIsNotAcknowledged() {
        var inbox = Samples.inbox(two);
        var undone = new AtomicBoolean();
        var listener = new CommandListener() {
            @Override
            public void commandFailed(CommandFailedEvent event) {
                othersTidy();
                undone.set(true);
            }
        };
        try (var slow = store(server.getLocalAddress().getPort(), listener)) {
            decisionLost.set(true);
            assertThatThrownBy(() -> {
                        slow.messages().append(List.of(Samples.message(inbox, "x")));
                    })
                    .isInstanceOf(StoreException.Unavailable.class);
            assertThat(undone).isTrue();
            assertThat(two.messages().rows(inbox.id())).isEmpty();
            assertThat(slow.messages().append(List.of(Samples.message(inbox, "y")))).hasSize(1);
            assertThat(two.mailboxes().find(inbox.id()).orElseThrow().messages()).isEqualTo(1);
        }
    }

    @Test
    void countsAndRowsAgreeWhileAStepStandsStill() {
        var inbox = Samples.inbox(two);
        one.messages().append(List.of(Samples.message(inbox, "before")));
        var boxes = new Boxes(two.databases(), Duration.ofMinutes(1));
        var standing = boxes.begin(inbox.id(), (box, id) -> Arrivals.plan(box, new Step(
                id, Step.Kind.ADD, box.modSeq() + 1, List.of(new Step.Item(ObjectId.next(), box.uidNext(), box.modSeq() + 1, Flags.NONE, null, true, null)),
                null, 1, 1, 9, null, null)));
        one.messages().append(List.of(Samples.message(inbox, "after"), Samples.message(inbox, "and another")));
        var now = two.mailboxes().find(inbox.id()).orElseThrow();
        var rows = two.messages().rows(inbox.id());
        assertThat(List.of(now.messages(), now.unseen(), now.size()))
                .isEqualTo(List.of((long) rows.size(), 1L, rows.getFirst().size()));
        assertThat(boxes.abort(inbox.id(), java.util.Objects.requireNonNull(standing))).isTrue();
        othersTidy();
        assertThat(two.messages().rows(inbox.id())).hasSize(3);
        assertThat(two.messages().rows(inbox.id(), 1, Long.MAX_VALUE, true, 2)).as("a whole page").extracting(MessageRow::uid).containsExactly(1L, 3L);
        assertThat(two.messages().rows(inbox.id(), 1, Long.MAX_VALUE, false, 3)).extracting(MessageRow::uid).containsExactly(4L, 3L, 1L);
        assertThat(two.messages().rows(inbox.id(), 2, 2, true, 1)).isEmpty();
        assertThat(two.mailboxes().find(inbox.id()).orElseThrow().messages()).isEqualTo(3);
    }

    /// The step began, its answer got lost, and somebody is just undoing it when its owner asks.
    @Test
    void whatIsBeingUndoneIsNotGoneOnWith() {
        var inbox = Samples.inbox(two);
        var boxes = new Boxes(two.databases(), Duration.ofMillis(1));
        var aborted = new AtomicBoolean();
        var listener = new CommandListener() {
            @Override
            public void commandFailed(CommandFailedEvent event) {
                aborted.set(boxes.abort(inbox.id(), boxes.require(inbox.id()).steps().getFirst()));
            }
        };
        try (var slow = store(server.getLocalAddress().getPort(), listener)) {
            beginningLost.set(true);
            assertThatThrownBy(() -> {
                        slow.messages().append(List.of(Samples.message(inbox, "x")));
                    })
                    .isInstanceOf(StoreException.Unavailable.class);
            assertThat(aborted).isTrue();
            othersTidy();
            assertThat(two.messages().rows(inbox.id())).isEmpty();
            assertThat(slow.messages().append(List.of(Samples.message(inbox, "y")))).hasSize(1);
            assertThat(two.messages().rows(inbox.id())).hasSize(1);
        }
    }

    /// The end of the step was made, only its answer got lost.
    @Test
    void whatWasDecidedAndNotAnsweredIsAcknowledged() {
        var inbox = Samples.inbox(two);
        answerLost.set(true);
        assertThat(two.messages().append(List.of(Samples.message(inbox, "x")))).hasSize(1);
        assertThat(answerLost).as("it happened").isFalse();
        assertThat(two.messages().rows(inbox.id())).hasSize(1);
        assertThat(two.mailboxes().find(inbox.id()).orElseThrow().messages()).isEqualTo(1);
    }

    /// What waits for its end when the node is told to end is left to others.
    @Test
    void aStoreClosesThoughTheDatabaseIsSilent() throws InterruptedException {
        var inbox = Samples.inbox(two);
        Samples.deliver(one.messages(), Samples.message(inbox, "before"));
        one.documents().insertSoon(new Collection("authlog", List.of()), org.pintail.backend.Document.of("_id", ObjectId.next(), "user", inbox.account().value()));
        wire.slow(60_000);
        var closing = Thread.ofVirtual().start(one::close);
        assertThat(closing.join(Duration.ofSeconds(6))).as("no longer than work has patience, and a little").isTrue();
        othersTidy();
        assertThat(two.messages().rows(inbox.id())).hasSize(1);
        assertThat(two.mailboxes().find(inbox.id()).orElseThrow().messages()).isEqualTo(1);
    }

    @Test
    void pastTheDeadlineItIsATemporaryErrorAndLaterWorkGoesOn() {
        var inbox = Samples.inbox(one);
        wire.shut(true);
        long began = System.nanoTime();
        assertThatThrownBy(() -> {
                    one.messages().append(List.of(Samples.message(inbox, "x")));
                })
                .isInstanceOf(StoreException.Unavailable.class);
        assertThat(Duration.ofNanos(System.nanoTime() - began)).isBetween(Duration.ofMillis(500), Duration.ofSeconds(20));
        assertThatThrownBy(() -> one.checkWritable()).isInstanceOf(StoreException.Unavailable.class);
        wire.shut(false);
        assertThat(one.messages().append(List.of(Samples.message(inbox, "y"))).getFirst().uid()).isEqualTo(1);
        one.checkWritable();
    }
}
