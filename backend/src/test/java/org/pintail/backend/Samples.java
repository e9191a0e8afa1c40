package org.pintail.backend;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Base64;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.pintail.mime.Cut;
import org.pintail.mime.MimeParser;
import org.pintail.mime.MimePart;
import org.pintail.mime.Source;

/// Mailboxes, messages and queue rows to test engines with, made without any parser.
public final class Samples {
    public static final Instant DATE = Instant.parse("2026-02-03T04:05:06Z");
    private static final int LINE = 76;
    private static final int PIECE_BYTES = 6000;

    private Samples() {}

    public static byte[] ascii(String text) {
        return text.getBytes(StandardCharsets.US_ASCII);
    }

    public static Mailbox mailbox(Store store, AccountId account, String path) {
        return store.mailboxes().create(new Mailboxes.New(account, path, null, true, false, false, 0));
    }

    /// A mailbox INBOX of a new account.
    public static Mailbox inbox(Store store) {
        return mailbox(store, AccountId.next(), "INBOX");
    }

    /// A message of these bytes, nothing cut out of it.
    public static NewMessage message(Mailbox in, byte[] raw, String... flags) {
        return message(in, uncut(raw), Bytes.EMPTY, raw.length, 0, flags);
    }

    /// Nothing cut out.
    public static Cut uncut(byte[] raw) {
        return new Cut(raw, List.of(), root(raw));
    }

    private static MimePart root(byte[] raw) {
        try {
            return MimeParser.parse(Source.of(raw)).root();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    public static NewMessage message(Mailbox in, String raw, String... flags) {
        return message(in, ascii(raw), flags);
    }

    public static NewMessage message(Mailbox in, Cut cut, Bytes head, long size, long quota, String... flags) {
        return new NewMessage(
                in.account(),
                in.id(),
                MessageId.next(),
                Flags.of(flags),
                DATE,
                DATE.minusSeconds(60),
                ObjectId.next(),
                !cut.pieces().isEmpty(),
                size,
                head,
                cut,
                Bytes.wrap(ascii("(NIL \"s\" NIL NIL NIL NIL NIL NIL NIL NIL)")),
                Bytes.wrap(ascii("(\"text\" \"plain\" NIL NIL NIL \"7bit\" 1 1)")),
                Bytes.wrap(new byte[] {1, 2, 3}),
                Document.of("subject", "s", "size", size),
                quota,
                "session-1");
    }

    /// A delivery of a message of whose conversation nothing is known.
    public static void deliver(Messages messages, NewMessage m) {
        messages.deliver(m, new ThreadClues("", "", List.of()), _ -> Map.of());
    }

    public static NewMessage withEnvelope(NewMessage m, Bytes envelope) {
        return new NewMessage(
                m.account(), m.mailbox(), m.id(), m.flags(), m.internalDate(), m.sentDate(), m.thread(), m.hasAttachments(), m.size(), m.head(),
                m.cut(), envelope, m.bodyStructure(), m.partMap(), m.details(), m.quota(), m.session());
    }

    /// A message in two large parts, and how it is cut: one piece kept as it came, one kept decoded from base64.
    public record InPieces(byte[] raw, Cut cut, String identityHex, String decodedHex) {
        public NewMessage message(Mailbox in, String... flags) {
            return Samples.message(in, cut, Bytes.EMPTY, raw.length, 0, flags);
        }
    }

    /// Other `seed`, other pieces.
    public static InPieces inPieces(long seed) {
        var random = new Random(seed);
        var plain = new byte[PIECE_BYTES];
        var coded = new byte[PIECE_BYTES];
        random.nextBytes(plain);
        random.nextBytes(coded);
        var base64 = Base64.getMimeEncoder(LINE, ascii("\r\n")).encode(coded);
        var before = ascii("Subject: two\r\nContent-Type: multipart/mixed; boundary=b\r\n\r\n--b\r\n\r\n");
        var between = ascii("\r\n--b\r\nContent-Transfer-Encoding: base64\r\n\r\n");
        var after = ascii("\r\n--b--\r\n");
        var raw = join(before, plain, between, base64, after);
        var cut = new Cut(
                join(before, between, after),
                List.of(
                        piece(before.length, plain, 0, plain),
                        piece(before.length + between.length, base64, LINE, coded)),
                root(raw));
        return new InPieces(raw, cut, sha256Hex(plain), sha256Hex(coded));
    }

    private static Cut.Piece piece(int at, byte[] encoded, int lineLength, byte[] stored) {
        return new Cut.Piece(
                at, encoded.length, lineLength, false, sha256Hex(stored), sha256Hex(encoded), Source.of(stored), "application/octet-stream");
    }

    public static byte[] join(byte[]... parts) {
        var out = new ByteArrayOutputStream();
        for (var p : parts) {
            out.writeBytes(p);
        }
        return out.toByteArray();
    }

    public static String sha256Hex(byte[] bytes) {
        try {
            return HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(bytes));
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException(e);
        }
    }

    /// A message for the queue with a row per recipient domain, all due at `due`, in zone "default".
    public static Queue.Entry queued(String id, Instant due, String... domains) {
        var rows = new ArrayList<QueueRow>();
        for (int i = 0; i < domains.length; i++) {
            rows.add(row(id, String.format("%03x", i + 1), domains[i], due));
        }
        var body = ascii("Subject: " + id + "\r\n\r\nhello\r\n");
        var data = Document.of("interface", "feeder", "origin", "127.0.0.1");
        return new Queue.Entry(new QueuedMessage(id, "from@example.com", due, body.length, data), Source.of(body), rows);
    }

    private static QueueRow row(String id, String seq, String domain, Instant due) {
        return new QueueRow(
                id, seq, "to@" + domain, domain, "default", due, due, 0, null, null, "", false, 0, null, Document.EMPTY);
    }
}
