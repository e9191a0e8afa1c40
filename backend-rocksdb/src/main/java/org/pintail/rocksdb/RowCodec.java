package org.pintail.rocksdb;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.List;
import org.pintail.backend.Flags;
import org.pintail.backend.MailboxId;
import org.pintail.backend.MessageId;
import org.pintail.backend.MessageRow;
import org.pintail.backend.ObjectId;

/// A row as about 90 bytes; mailbox and uid are in its key. Flags and modseq are those it came with: [FlagBlock] has what was changed since.
final class RowCodec {
    private static final int FIXED = 12 + 8 + 1 + 1 + 8 + 8 + 8 + 12 + 12 + 12;

    private static final int ATTACHMENTS = 1;

    /// Not in [Family#MODSEQS].
    private static final int UNLISTED = 2;

    private RowCodec() {}

    static byte[] key(MessageRow row) {
        return Keys.idAndNumber(row.mailbox().value(), row.uid());
    }

    static byte[] encode(MessageRow r, boolean listed) {
        var keywords = String.join(" ", r.flags().keywords()).getBytes(StandardCharsets.UTF_8);
        var out = ByteBuffer.allocate(FIXED + keywords.length);
        put(out, r.id().value());
        out.putLong(r.modSeq()).put((byte) r.flags().system()).put((byte) ((r.hasAttachments() ? ATTACHMENTS : 0) | (listed ? 0 : UNLISTED))).putLong(r.size());
        out.putLong(r.internalDate().toEpochMilli()).putLong(r.sentDate().toEpochMilli());
        put(out, r.thread());
        put(out, r.root());
        put(out, r.content());
        return out.put(keywords).array();
    }

    static StoredRow decode(byte[] key, byte[] value) {
        var in = ByteBuffer.wrap(value);
        var id = new MessageId(id(in));
        long modSeq = in.getLong();
        int system = in.get();
        int marks = in.get();
        long size = in.getLong();
        var internal = Instant.ofEpochMilli(in.getLong());
        var sent = Instant.ofEpochMilli(in.getLong());
        var thread = id(in);
        var root = id(in);
        var content = id(in);
        var row = new MessageRow(
                id,
                new MailboxId(Keys.idAt(key, 0)),
                Keys.numberAt(key, Keys.ID),
                modSeq,
                flags(system, value, in.position()),
                size,
                internal,
                sent,
                thread,
                root,
                content,
                (marks & ATTACHMENTS) != 0);
        return new StoredRow(row, modSeq, (marks & UNLISTED) == 0);
    }

    private static Flags flags(int system, byte[] value, int at) {
        if (at == value.length) {
            return new Flags(system, List.of());
        }
        return new Flags(system, List.of(new String(value, at, value.length - at, StandardCharsets.UTF_8).split(" ", -1)));
    }

    private static void put(ByteBuffer out, ObjectId id) {
        out.putLong(id.high()).putInt(id.low());
    }

    private static ObjectId id(ByteBuffer in) {
        return new ObjectId(in.getLong(), in.getInt());
    }
}
