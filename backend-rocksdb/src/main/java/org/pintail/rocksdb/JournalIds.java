package org.pintail.rocksdb;

import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.pintail.backend.JournalEntry;
import org.pintail.backend.JournalEntry.Kind;
import org.pintail.backend.MailboxId;
import org.pintail.backend.MessageId;
import org.pintail.backend.ObjectId;

/// Whose flags the records of [FlagEntries] are about, for one reading of a journal: from the row, or, where the message went since, from the
/// entry behind the record that says so. Of a mailbox that was deleted there is neither.
final class JournalIds {
    /// A message and its thread.
    record Ids(MessageId message, ObjectId thread) {}

    private record Place(MailboxId mailbox, long uid) {}

    private final Db db;
    private @Nullable Map<Place, Ids> gone;

    JournalIds(Db db) {
        this.db = db;
    }

    /// `record`: the key of the record; of several the first comes first.
    @Nullable Ids find(byte[] record, MailboxId mailbox, long uid) {
        var key = Keys.idAndNumber(mailbox.value(), uid);
        var value = db.get(Family.ROWS, key);
        if (value != null) {
            var row = RowCodec.decode(key, value).row();
            return new Ids(row.id(), row.thread());
        }
        var known = gone;
        if (known == null) {
            known = goneBehind(record);
            gone = known;
        }
        return known.get(new Place(mailbox, uid));
    }

    /// Read once: a journal is of three hours.
    private Map<Place, Ids> goneBehind(byte[] record) {
        var prefix = Keys.id(Keys.idAt(record, 0));
        var found = new HashMap<Place, Ids>();
        db.scan(Family.JOURNAL, record, true, (key, value) -> {
            boolean mine = Keys.begins(key, prefix);
            if (mine && !FlagEntries.isRecord(value)) {
                put(JournalCodec.decode(key, value), found);
            }
            return mine;
        });
        return found;
    }

    private static void put(JournalEntry entry, Map<Place, Ids> found) {
        var message = entry.message();
        var thread = entry.thread();
        if (entry.kind() == Kind.EXPUNGE && message != null && thread != null) {
            found.put(new Place(entry.mailbox(), entry.uid()), new Ids(message, thread));
        }
    }
}
