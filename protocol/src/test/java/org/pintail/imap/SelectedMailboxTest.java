package org.pintail.imap;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.pintail.backend.Flags;
import org.pintail.backend.MailboxChanges;
import org.pintail.backend.MailboxId;
import org.pintail.backend.MessageId;
import org.pintail.backend.MessageRow;
import org.pintail.backend.ObjectId;
import org.pintail.imap.SelectedMailbox.Update;

class SelectedMailboxTest {
    private static final MailboxId BOX = MailboxId.next();

    private static MessageRow row(long uid, long modSeq) {
        var id = ObjectId.next();
        return new MessageRow(
                MessageId.next(), BOX, uid, modSeq, Flags.NONE, 1, Instant.EPOCH, Instant.EPOCH, id, id, id, false);
    }

    private static SelectedMailbox box(long... uids) {
        var rows = new ArrayList<MessageRow>();
        for (long uid : uids) {
            rows.add(row(uid, 1));
        }
        return new SelectedMailbox(BOX, false, rows, 1);
    }

    private static MailboxChanges changes(long modSeq, List<MessageRow> changed, long... expunged) {
        var gone = new ArrayList<MailboxChanges.Expunged>();
        for (long uid : expunged) {
            gone.add(new MailboxChanges.Expunged(uid, modSeq));
        }
        return new MailboxChanges(modSeq, 100, changed, gone);
    }

    private static String numbers(SelectedMailbox box, String set, boolean byUid) {
        var ranges = new ArrayList<SequenceSet.Range>();
        for (var part : set.split(",")) {
            var ends = part.split(":");
            ranges.add(new SequenceSet.Range(number(ends[0]), number(ends[ends.length - 1])));
        }
        return box.indexes(new SequenceSet(ranges), byUid).toString();
    }

    private static long number(String text) {
        return text.equals("*") ? SequenceSet.STAR : Long.parseLong(text);
    }

    @Test
    void numbersOfNoMessageNameNothing() {
        var box = box(3, 5, 9);
        assertThat(numbers(box, "4:8", false)).isEqualTo("{}");
        assertThat(numbers(box, "6:8", true)).isEqualTo("{}");
        assertThat(numbers(box(), "1:*", true)).isEqualTo("{}");
    }

    @Test
    void setsNameMessagesByNumberAndByUid() {
        var box = box(3, 5, 9);
        assertThat(numbers(box, "2:*", false)).isEqualTo("{1, 2}");
        assertThat(numbers(box, "4:9", true)).isEqualTo("{1, 2}");
        assertThat(numbers(box, "50:*", true)).as("* is in every range that ends in it").isEqualTo("{2}");
    }

    @Test
    void expungedMessagesKeepTheirNumbersUntilTheClientIsTold() {
        var box = box(1, 2, 3);
        box.absorb(changes(2, List.of(), 1, 3));
        assertThat(box.updates(false)).isEmpty();
        assertThat(box.count()).isEqualTo(3);
        assertThat(box.anyGone(box.indexes(SequenceSet.ALL, false))).isTrue();
        assertThat(box.updates(true)).containsExactly(new Update.Expunge(1), new Update.Expunge(2), new Update.Exists(1));
        assertThat(box.uid(0)).isEqualTo(2);
    }

    @Test
    void whatCameAndWentBetweenTwoAnswersIsNotMentioned() {
        var box = box(1);
        box.absorb(changes(2, List.of(row(2, 2), row(3, 2))));
        box.absorb(changes(3, List.of(), 2));
        assertThat(box.updates(true)).containsExactly(new Update.Exists(2));
        assertThat(box.uid(1)).isEqualTo(3);
    }

    @Test
    void expungesOfMessagesNeverSeenAreNotMentioned() {
        var box = box(5);
        box.absorb(changes(2, List.of(), 3, 4, 6));
        assertThat(box.updates(true)).isEmpty();
    }

    @Test
    void aChangeTheClientKnowsIsNotRepeated() {
        var box = box(1, 2);
        var mine = row(1, 2);
        box.told(mine);
        var theirs = row(2, 3);
        box.absorb(changes(3, List.of(mine, theirs)));
        assertThat(box.updates(true)).containsExactly(new Update.Fetch(2, theirs));
        assertThat(box.updates(true)).isEmpty();
    }

    /// A client that does what it is told ends up with the mailbox as it is, whatever happened and whenever it was told.
    @Test
    void aClientThatFollowsTheUpdatesKnowsTheMailbox() {
        var random = new Random(11);
        for (int run = 0; run < 300; run++) {
            var real = new ArrayList<>(List.of(1L, 2L, 3L));
            var box = box(1, 2, 3);
            int client = 3;
            long next = 4;
            for (long modSeq = 2; modSeq < 30; modSeq++) {
                if (random.nextInt(3) > 0 || real.isEmpty()) {
                    real.add(next);
                    box.absorb(changes(modSeq, List.of(row(next++, modSeq))));
                } else {
                    long gone = real.remove(random.nextInt(real.size()));
                    box.absorb(changes(modSeq, List.of(), gone));
                }
                if (random.nextBoolean()) {
                    client = follow(box.updates(random.nextBoolean()), client);
                    assertThat(client).isEqualTo(box.count());
                }
            }
            client = follow(box.updates(true), client);
            assertThat(client).isEqualTo(real.size());
            assertThat(box.uids(box.indexes(SequenceSet.ALL, false))).isEqualTo(real);
        }
    }

    private static int follow(List<Update> updates, int count) {
        int now = count;
        for (var update : updates) {
            switch (update) {
                case Update.Expunge(int n) -> {
                    assertThat(n).isBetween(1, now);
                    now--;
                }
                case Update.Exists(int n) -> {
                    assertThat(n).isGreaterThanOrEqualTo(now);
                    now = n;
                }
                case Update.Fetch(int n, var row) -> assertThat(n).isBetween(1, now);
            }
        }
        return now;
    }
}
