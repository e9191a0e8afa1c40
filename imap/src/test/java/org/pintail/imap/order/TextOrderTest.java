package org.pintail.imap.order;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.time.Clock;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.pintail.backend.Mailbox;
import org.pintail.backend.Samples;
import org.pintail.backend.memory.MemoryStore;
import org.pintail.imap.view.Columns;
import org.pintail.imap.view.Snapshots;

/// An order that is moved forward is the one that is made anew.
class TextOrderTest {
    private final MemoryStore store = new MemoryStore(Clock.systemUTC());
    private final Mailbox inbox = Samples.inbox(store);
    private final Snapshots snapshots = new Snapshots(store, Clock.systemUTC(), true);
    private int read;

    private static String text(long uid) {
        return uid % 5 == 0 ? "" : Long.toString(uid * 31 % 7);
    }

    private KeptKeys.Reading<String> reading(Columns now) {
        return (wanted, found) -> wanted.stream().forEach(i -> {
            read++;
            found.found(i, text(now.uid(i)));
        });
    }

    private void append(int count) {
        for (int i = 0; i < count; i++) {
            store.messages().append(List.of(Samples.message(inbox, "Subject: x\r\n\r\n")));
        }
    }

    private static void check(TextOrder order, Columns now) {
        assertThat(order.texts().columns()).isSameAs(now);
        for (int a = 0; a < now.count(); a++) {
            for (int b = 0; b < now.count(); b++) {
                assertThat(Integer.signum(Integer.compare(order.rank(a), order.rank(b))))
                        .isEqualTo(Integer.signum(text(now.uid(a)).compareTo(text(now.uid(b)))));
            }
        }
    }

    @Test
    void whatComesAndGoesFindsItsPlaceAndOnlyWhatIsNewIsRead() throws IOException {
        long seed = new Random().nextLong();
        var random = new Random(seed);
        append(10);
        var now = snapshots.now(inbox.id());
        var keys = Objects.requireNonNull(KeptKeys.<String>of(now, null, 10, reading(now)));
        var order = new TextOrder(keys, null);
        check(order, now);
        for (int step = 0; step < 30; step++) {
            int more = random.nextInt(4);
            append(more);
            var gone = new ArrayList<Long>();
            store.messages().rows(inbox.id()).stream().filter(r -> random.nextInt(8) == 0).forEach(r -> gone.add(r.uid()));
            long before = now.uidNext();
            store.messages().expunge(inbox.id(), gone, null);
            now = snapshots.now(inbox.id());
            read = 0;
            var moved = Objects.requireNonNull(KeptKeys.of(now, order.texts(), 10, reading(now)), "seed " + seed);
            assertThat(read).as("seed %d", seed).isEqualTo(more - (int) gone.stream().filter(uid -> uid >= before).count());
            order = new TextOrder(moved, order);
            check(order, now);
        }
    }

    @Test
    void whereTooMuchWouldBeReadNothingIs() throws IOException {
        append(10);
        var now = snapshots.now(inbox.id());
        assertThat(KeptKeys.<String>of(now, null, 9, reading(now))).isNull();
        assertThat(read).isZero();
    }

    @Test
    void messagesAreTheSameWhenFlagsChangeAndNotWhenOneTookThePlaceOfAnother() {
        append(3);
        var first = snapshots.now(inbox.id());
        store.messages().changeFlags(inbox.id(), List.of(2L), f -> org.pintail.backend.Flags.of("\\Seen"), Long.MAX_VALUE, null);
        var flagged = snapshots.now(inbox.id());
        assertThat(flagged).isNotSameAs(first);
        assertThat(flagged.hasMessagesOf(first)).isTrue();
        store.messages().expunge(inbox.id(), List.of(1L), null);
        append(1);
        assertThat(snapshots.now(inbox.id()).hasMessagesOf(flagged)).isFalse();
        assertThat(first.placesIn(snapshots.now(inbox.id()))).containsExactly(-1, 0, 1);
    }
}
