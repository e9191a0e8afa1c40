package org.pintail.rocksdb;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.util.ArrayList;
import org.pintail.backend.AccountId;
import org.pintail.backend.Mailbox;
import org.pintail.backend.MailboxId;
import org.pintail.backend.ObjectId;
import org.pintail.backend.StoreException;

/// A mailbox with its counters as bytes; its id is in the key. The last of them is the life of the store ([Db#life]) in which it was written: in
/// a later one its modseqs begin where none can have been told.
final class MailboxCodec {
    private MailboxCodec() {}

    static byte[] encode(Mailbox m, long life) {
        var bytes = new ByteArrayOutputStream(128);
        try (var out = new DataOutputStream(bytes)) {
            out.writeLong(m.account().value().high());
            out.writeInt(m.account().value().low());
            LongText.write(out, m.path());
            out.writeUTF(m.specialUse() == null ? "" : m.specialUse());
            out.writeLong(m.uidValidity());
            out.writeLong(m.uidNext());
            out.writeLong(m.highestModSeq());
            out.writeByte((m.subscribed() ? 1 : 0) | (m.hidden() ? 2 : 0) | (m.encryptMessages() ? 4 : 0));
            out.writeLong(m.retention());
            out.writeLong(m.messages());
            out.writeLong(m.unseen());
            out.writeLong(m.size());
            out.writeByte(m.keywords().size());
            for (var keyword : m.keywords()) {
                out.writeUTF(keyword);
            }
            out.writeLong(life);
        } catch (IOException e) {
            throw new IllegalStateException("writing to memory cannot fail", e);
        }
        return bytes.toByteArray();
    }

    static Mailbox decode(byte[] key, byte[] value, long life) {
        try (var in = new DataInputStream(new ByteArrayInputStream(value))) {
            var account = new AccountId(new ObjectId(in.readLong(), in.readInt()));
            var path = LongText.read(in);
            var use = in.readUTF();
            long uidValidity = in.readLong();
            long uidNext = in.readLong();
            long modSeq = in.readLong();
            int bits = in.readByte();
            long retention = in.readLong();
            long messages = in.readLong();
            long unseen = in.readLong();
            long size = in.readLong();
            int count = in.readUnsignedByte();
            var keywords = new ArrayList<String>(count);
            for (int i = 0; i < count; i++) {
                keywords.add(in.readUTF());
            }
            long written = in.available() == 0 ? 0 : in.readLong();
            modSeq += (life - written) * Db.STEPS_FORGOTTEN;
            return new Mailbox(
                    new MailboxId(Keys.idAt(key, 0)), account, path, use.isEmpty() ? null : use, uidValidity, uidNext, modSeq,
                    (bits & 1) != 0, (bits & 2) != 0, (bits & 4) != 0, retention, keywords, messages, unseen, size);
        } catch (IOException e) {
            throw new StoreException.Corrupt("a mailbox record ends early", e);
        }
    }
}
