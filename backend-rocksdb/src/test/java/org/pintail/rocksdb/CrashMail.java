package org.pintail.rocksdb;

import java.util.Random;
import org.pintail.backend.AccountId;
import org.pintail.backend.Bytes;
import org.pintail.backend.Document;
import org.pintail.backend.Flags;
import org.pintail.backend.Mailbox;
import org.pintail.backend.MessageId;
import org.pintail.backend.MessageRow;
import org.pintail.backend.NewMessage;
import org.pintail.backend.ObjectId;
import org.pintail.backend.Samples;
import org.pintail.mime.Cut;

/// Messages whose every byte follows from a number. One in four has two attachments out of a small pool, so that many share them; one in forty is
/// large. The number itself is kept as the thread of the row.
final class CrashMail {
    private static final int POOL = 12;
    private static final int SMALL = 6000;
    private static final int LARGE = 90_000;

    private CrashMail() {}

    private static byte[] head(long seed) {
        return Samples.ascii("X-Seed: " + seed + "\r\n");
    }

    private static Samples.InPieces pieces(long seed) {
        return Samples.inPieces(seed / 4 % POOL);
    }

    private static byte[] plain(long seed) {
        var random = new Random(seed);
        var bytes = new byte[seed % 40 == 7 ? LARGE : random.nextInt(SMALL)];
        random.nextBytes(bytes);
        return bytes;
    }

    static byte[] raw(long seed) {
        return Samples.join(head(seed), seed % 4 == 0 ? pieces(seed).raw() : plain(seed));
    }

    static long seedOf(MessageRow row) {
        return row.thread().high();
    }

    static NewMessage message(Mailbox in, long seed, boolean seen) {
        var cut = seed % 4 == 0 ? pieces(seed).cut() : Samples.uncut(plain(seed));
        return message(in.account(), in, seed, seen, cut);
    }

    private static NewMessage message(AccountId account, Mailbox in, long seed, boolean seen, Cut cut) {
        return new NewMessage(
                account, in.id(), MessageId.next(), seen ? Flags.of("\\Seen") : Flags.of(), Samples.DATE, Samples.DATE,
                new ObjectId(seed, 0), !cut.pieces().isEmpty(), raw(seed).length, Bytes.wrap(head(seed)), cut,
                Bytes.wrap(Samples.ascii("(envelope " + seed + ")")), Bytes.wrap(Samples.ascii("(structure)")), Bytes.EMPTY,
                Document.of("seed", seed), 0, null);
    }
}
