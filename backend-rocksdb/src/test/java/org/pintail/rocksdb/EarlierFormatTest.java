package org.pintail.rocksdb;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.time.Clock;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.pintail.backend.Flags;
import org.pintail.backend.MailboxId;
import org.pintail.backend.MessageRow;
import org.pintail.backend.NewFlags;
import org.pintail.backend.Samples;
import org.rocksdb.RocksDBException;
import org.rocksdb.WriteBatchWithIndex;

/// A store of format 1: every row is listed by its modseq, changes of flags are in the rows, mailboxes know of no life.
class EarlierFormatTest {
    private static final int MESSAGES = 300;
    @TempDir
    Path temp;

    private RocksStore open() {
        return RocksStore.open(new RocksStore.Settings(temp, null, CrashWriter.SEGMENT), Clock.systemUTC());
    }

    /// Rewrites what is there as the earlier program wrote it, with `flags` of uid 5 and 6 changed by it at `modSeq`.
    private void asFormat1(Flags flags, long modSeq) throws RocksDBException {
        try (var db = Db.open(temp.resolve("index"));
                var batch = new WriteBatchWithIndex(true)) {
            db.scan(Family.ROWS, new byte[0], true, (key, value) -> {
                var row = RowCodec.decode(key, value).row();
                var was = row.uid() == 5 || row.uid() == 6 ? Rows.flagged(row, modSeq, flags) : row;
                put(db, batch, Family.ROWS, key, RowCodec.encode(was, true));
                put(db, batch, Family.MODSEQS, new StoredRow(was, was.modSeq(), true).modSeqKey(), new byte[0]);
                return true;
            });
            db.scan(Family.MAILBOXES, new byte[0], true, (key, value) -> {
                put(db, batch, Family.MAILBOXES, key, Arrays.copyOf(value, value.length - Long.BYTES));
                return true;
            });
            put(db, batch, Family.META, Keys.text("format"), Keys.number(1));
            for (var key : List.of("life", "closed")) {
                batch.delete(db.handle(Family.META), Keys.text(key));
            }
            db.write(batch);
        }
    }

    private static void put(Db db, WriteBatchWithIndex batch, Family family, byte[] key, byte[] value) {
        try {
            batch.put(db.handle(family), key, value);
        } catch (RocksDBException e) {
            throw Db.failed(e);
        }
    }

    private static List<Long> uids(RocksStore store, MailboxId box, long since) {
        return store.messages().changes(box, since).uids();
    }

    @Test
    void isReadAndGoesOn() throws Exception {
        var store = open();
        var box = Samples.inbox(store);
        store.messages().append(LongStream.range(0, MESSAGES).mapToObj(i -> Samples.message(box, "m" + i)).toList());
        long before = store.mailboxes().find(box.id()).orElseThrow().highestModSeq();
        store.close();
        asFormat1(Flags.of("\\Answered"), before);
        try (var now = open()) {
            var answered = now.messages().row(box.id(), 5).orElseThrow();
            assertThat(NewFlags.of(answered)).isEqualTo(new NewFlags(5, before, Flags.of("\\Answered")));
            assertThat(uids(now, box.id(), before - 1)).containsExactly(5L, 6L, (long) MESSAGES);
            assertThat(uids(now, box.id(), 0)).hasSize(MESSAGES);
            var seen = now.messages().changeFlags(box.id(), List.of(6L, 200L), f -> f.plus(Flags.of("\\Seen")), before, null);
            assertThat(seen.changed().getFirst().flags()).isEqualTo(Flags.of("\\Seen", "\\Answered"));
            assertThat(uids(now, box.id(), before)).containsExactly(6L, 200L);
            var came = now.messages().append(List.of(Samples.message(box, "new"))).getFirst();
            var gone = new ArrayList<>(List.of(5L, 200L));
            assertThat(now.messages().expunge(box.id(), gone, null)).isEqualTo(gone);
            assertThat(uids(now, box.id(), before)).containsExactly(6L, came.uid());
            assertThat(uids(now, box.id(), came.modSeq() - 1)).containsExactly(came.uid());
            assertThat(uids(now, box.id(), before - 1)).containsExactly(6L, (long) MESSAGES, came.uid());
            assertThat(now.messages().rows(box.id()).stream().map(MessageRow::uid)).hasSize(MESSAGES - 1).doesNotContainAnyElementsOf(gone);
            assertThat(now.check(false, problem -> {})).isZero();
        }
        assertThat(StoreCheck.problems(temp)).isEmpty();
    }
}
