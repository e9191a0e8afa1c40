package org.pintail.backend;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import org.junit.jupiter.api.Test;

/// Counters of mailboxes and accounts equal their sums after any sequence of steps, and nobody who follows `changes` misses anything.
public interface AccountSumsContract extends EngineUnderTest {
    @Test
    default void sumsHoldAfterEveryStepOfARandomSequence() {
        for (long seed = 1; seed <= 3; seed++) {
            new RandomSteps(store(), seed).run(120);
        }
    }

    /// Random steps on one account, each followed by a comparison with a plain recomputation.
    final class RandomSteps {
        private static final int MAILBOXES = 3;
        private final Store store;
        private final long seed;
        private final Random random;
        private final AccountId account = AccountId.next();
        private final List<Mailbox> mailboxes = new ArrayList<>();
        private final Map<MailboxId, Follower> followers = new HashMap<>();
        private int made;

        /// A client that only ever asks for changes.
        private static final class Follower {
            private final Map<Long, MessageRow> known = new HashMap<>();
            private final Set<Long> seen = new HashSet<>();
            private long modSeq;
        }

        RandomSteps(Store store, long seed) {
            this.store = store;
            this.seed = seed;
            this.random = new Random(seed);
        }

        void run(int steps) {
            for (int i = 0; i < MAILBOXES; i++) {
                add();
            }
            for (int i = 0; i < steps; i++) {
                var what = step();
                var description = "seed " + seed + ", step " + i + ": " + what;
                for (var m : mailboxes) {
                    compare(m, description);
                }
                long sum = mailboxes.stream().mapToLong(m -> store.mailboxes().find(m.id()).orElseThrow().size()).sum();
                assertThat(store.messages().usage(account)).as(description).isEqualTo(sum);
            }
        }

        private void add() {
            var m = Samples.mailbox(store, account, "m" + made++);
            mailboxes.add(m);
            followers.put(m.id(), new Follower());
        }

        private Mailbox any() {
            return mailboxes.get(random.nextInt(mailboxes.size()));
        }

        private List<Long> some(Mailbox of) {
            return store.messages().rows(of.id()).stream()
                    .map(MessageRow::uid)
                    .filter(uid -> random.nextInt(3) == 0)
                    .toList();
        }

        private NewMessage message() {
            var flags = random.nextBoolean() ? new String[] {"\\Seen"} : new String[] {"k" + random.nextInt(5)};
            return Samples.message(any(), new byte[random.nextInt(50)], flags);
        }

        private String step() {
            var from = any();
            var to = any();
            var uids = some(from);
            var flags = random.nextBoolean() ? Flags.of("\\Seen") : Flags.of("\\Flagged", "x" + random.nextInt(4));
            boolean plus = random.nextBoolean();
            switch (random.nextInt(12)) {
                case 0, 1 -> store.messages().copy(from.id(), uids, to.id(), 0, null);
                case 2, 3 -> store.messages().move(from.id(), uids, to.id(), null);
                case 4, 5 -> store.messages().expunge(from.id(), uids, null);
                case 6, 7, 8 ->
                    store.messages()
                            .changeFlags(
                                    from.id(),
                                    uids::contains,
                                    f -> plus ? f.plus(flags) : f.minus(flags),
                                    Long.MAX_VALUE,
                                    null);
                case 9 -> {
                    store.mailboxes().delete(from.id());
                    mailboxes.remove(from);
                    add();
                }
                default -> store.messages().append(List.of(message(), message(), message()));
            }
            return from.path() + " " + to.path() + " " + uids + " " + flags;
        }

        private void compare(Mailbox m, String step) {
            var now = store.mailboxes().find(m.id()).orElseThrow();
            var rows = store.messages().rows(m.id());
            assertThat(now.messages()).as(step).isEqualTo(rows.size());
            assertThat(now.size()).as(step).isEqualTo(rows.stream().mapToLong(MessageRow::size).sum());
            assertThat(now.unseen())
                    .as(step)
                    .isEqualTo(rows.stream().filter(r -> !r.flags().has(Flags.SEEN)).count());
            assertThat(rows).as(step).allMatch(r -> r.uid() < now.uidNext() && r.modSeq() <= now.highestModSeq());
            follow(m, rows, step);
        }

        private static MessageRow with(MessageRow r, NewFlags now) {
            return new MessageRow(
                    r.id(), r.mailbox(), r.uid(), now.modSeq(), now.flags(), r.size(), r.internalDate(), r.sentDate(), r.thread(), r.root(),
                    r.content(), r.hasAttachments());
        }

        private void follow(Mailbox m, List<MessageRow> rows, String step) {
            var f = followers.computeIfAbsent(m.id(), id -> new Follower());
            var changes = store.messages().changes(m.id(), f.modSeq);
            assertThat(changes.highestModSeq()).as(step).isGreaterThanOrEqualTo(f.modSeq);
            changes.expunged().forEach(e -> f.known.remove(e.uid()));
            for (var row : changes.changed()) {
                boolean returned = !f.known.containsKey(row.uid()) && f.seen.contains(row.uid());
                assertThat(returned).as(step + ": uid used again").isFalse();
                f.known.put(row.uid(), row);
                f.seen.add(row.uid());
            }
            for (var flagged : changes.flagged()) {
                f.known.computeIfPresent(flagged.uid(), (_, row) -> with(row, flagged));
            }
            f.modSeq = changes.highestModSeq();
            assertThat(f.known.values()).as(step).containsExactlyInAnyOrderElementsOf(rows);
        }
    }
}
