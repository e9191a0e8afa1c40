package org.pintail.rocksdb;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Random;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.pintail.backend.Flags;
import org.pintail.backend.MailboxId;
import org.pintail.backend.NewFlags;

/// A block is what was put into it, before and after it was bytes.
class FlagBlockTest {
    private static final long NUMBER = 3;
    private static final long FIRST = NUMBER * FlagBlock.SIZE;

    private static Flags any(Random random) {
        return new Flags(random.nextInt(32), random.nextInt(3) == 0 ? List.of("k" + random.nextInt(4), "ü") : List.of());
    }

    private static void same(FlagBlock block, TreeMap<Long, NewFlags> model, String what) {
        assertThat(block.isEmpty()).as(what).isEqualTo(model.isEmpty());
        for (long uid = FIRST; uid < FIRST + FlagBlock.SIZE; uid++) {
            assertThat(block.has(uid) ? new NewFlags(uid, block.modSeq(uid), block.flags(uid)) : null).as(what).isEqualTo(model.get(uid));
        }
    }

    @Test
    void aBlockIsWhatWasPutIntoIt() {
        for (int seed = 0; seed < 50; seed++) {
            var random = new Random(seed);
            var model = new TreeMap<Long, NewFlags>();
            var block = FlagBlock.decode(null);
            long modSeq = 1L << random.nextInt(60);
            for (int step = 0; step < 40; step++) {
                modSeq += 1 + random.nextInt(300);
                var flags = any(random);
                int from = random.nextInt(FlagBlock.SIZE);
                int to = Math.min(FlagBlock.SIZE, from + 1 + random.nextInt(random.nextBoolean() ? 3 : FlagBlock.SIZE));
                boolean removes = random.nextInt(4) == 0;
                for (long uid = FIRST + from; uid < FIRST + to; uid++) {
                    if (removes) {
                        assertThat(block.remove(uid)).isEqualTo(model.remove(uid) != null);
                    } else {
                        block.put(uid, flags, modSeq);
                        model.put(uid, new NewFlags(uid, modSeq, flags));
                    }
                }
                same(block, model, "seed " + seed);
                var again = FlagBlock.decode(block.encode());
                same(again, model, "seed " + seed + ", from bytes");
                assertThat(again.latest()).isEqualTo(block.latest());
                block = random.nextBoolean() ? again : block;
            }
            long since = modSeq - 200;
            assertThat(block.uidsSince(NUMBER, since))
                    .isEqualTo(model.values().stream().filter(f -> f.modSeq() > since).map(NewFlags::uid).toList());
        }
    }

    @Test
    void manyMessagesWithTheSameFlagsTakeAFewBytes() {
        var block = FlagBlock.decode(null);
        for (long uid = FIRST; uid < FIRST + FlagBlock.SIZE; uid++) {
            block.put(uid, Flags.of("\\Seen"), 7);
        }
        assertThat(block.encode()).hasSizeLessThan(20);
    }

    /// The blocks of a mailbox where the first has flags that go, and the second has none, are two writes and no more.
    @Test
    void aBlockThatDidNotChangeIsNotWritten(@TempDir Path temp) throws IOException {
        var mailbox = MailboxId.next();
        try (var db = Db.open(temp.resolve("index"));
                var segments = Segments.open(temp.resolve("bodies"), CrashWriter.SEGMENT, 0, 0)) {
            try (var txn = new Txn(db, segments, segments)) {
                var blocks = new FlagBlocks(txn, mailbox);
                blocks.put(FlagBlock.SIZE - 1, Flags.of("\\Seen"), 7);
                blocks.flush();
                db.write(txn.batch());
            }
            try (var txn = new Txn(db, segments, segments)) {
                var blocks = new FlagBlocks(txn, mailbox);
                blocks.remove(FlagBlock.SIZE - 1);
                blocks.remove(FlagBlock.SIZE);
                blocks.flush();
                assertThat(txn.batch().count()).isEqualTo(2);
            }
        }
    }
}
