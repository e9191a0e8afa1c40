package org.pintail.rocksdb;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import org.jspecify.annotations.Nullable;
import org.pintail.backend.AccountId;
import org.pintail.backend.Flags;
import org.pintail.backend.JournalEntry;
import org.pintail.backend.JournalEntry.Kind;
import org.pintail.backend.MailboxId;
import org.pintail.backend.MessageId;
import org.pintail.backend.MessageRow;
import org.pintail.backend.ObjectId;
import org.pintail.backend.StoreException;

/// Journal entries as bytes; account and id are in the key.
final class JournalCodec {
    private JournalCodec() {}

    static byte[] message(Kind kind, MessageRow row, long modSeq, boolean unseenChange, @Nullable String session) {
        var bytes = new ByteArrayOutputStream(96);
        try (var out = new DataOutputStream(bytes)) {
            out.writeByte(kind.ordinal());
            id(out, row.mailbox().value());
            out.writeLong(modSeq);
            LongText.write(out, session == null ? "" : session);
            out.writeLong(row.uid());
            id(out, row.id().value());
            id(out, row.thread());
            out.writeBoolean(unseenChange);
            out.writeUTF(String.join(" ", row.flags().names()));
        } catch (IOException e) {
            throw new IllegalStateException("writing to memory cannot fail", e);
        }
        return bytes.toByteArray();
    }

    static byte[] mailbox(Kind kind, MailboxId mailbox, long modSeq, @Nullable String path) {
        var bytes = new ByteArrayOutputStream(64);
        try (var out = new DataOutputStream(bytes)) {
            out.writeByte(kind.ordinal());
            id(out, mailbox.value());
            out.writeLong(modSeq);
            LongText.write(out, path == null ? "" : path);
        } catch (IOException e) {
            throw new IllegalStateException("writing to memory cannot fail", e);
        }
        return bytes.toByteArray();
    }

    static JournalEntry decode(byte[] key, byte[] value) {
        var account = new AccountId(Keys.idAt(key, 0));
        var id = Keys.idAt(key, Keys.ID);
        try (var in = new DataInputStream(new ByteArrayInputStream(value))) {
            var kind = Kind.values()[in.readByte()];
            var mailbox = new MailboxId(id(in));
            long modSeq = in.readLong();
            var text = LongText.read(in);
            if (kind == Kind.CREATE || kind == Kind.RENAME || kind == Kind.DELETE) {
                return new JournalEntry(id, account, kind, mailbox, 0, modSeq, null, null, null, false, text.isEmpty() ? null : text, null);
            }
            long uid = in.readLong();
            var message = new MessageId(id(in));
            var thread = id(in);
            boolean unseen = in.readBoolean();
            var names = in.readUTF();
            var flags = names.isEmpty() ? Flags.NONE : Flags.of(names.split(" ", -1));
            return new JournalEntry(id, account, kind, mailbox, uid, modSeq, message, thread, flags, unseen, null, text.isEmpty() ? null : text);
        } catch (IOException e) {
            throw new StoreException.Corrupt("a journal entry ends early", e);
        }
    }

    private static void id(DataOutputStream out, ObjectId id) throws IOException {
        out.writeLong(id.high());
        out.writeInt(id.low());
    }

    private static ObjectId id(DataInputStream in) throws IOException {
        return new ObjectId(in.readLong(), in.readInt());
    }
}
