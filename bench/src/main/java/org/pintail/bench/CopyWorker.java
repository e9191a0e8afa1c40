package org.pintail.bench;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Clock;
import java.util.ArrayList;
import java.util.Base64;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.pintail.backend.AccountId;
import org.pintail.backend.Document;
import org.pintail.backend.Flags;
import org.pintail.backend.MessageRow;
import org.pintail.backend.ObjectId;
import org.pintail.backend.Queue;
import org.pintail.backend.QueueRow;
import org.pintail.backend.Store;
import org.pintail.mail.Account;
import org.pintail.mail.Accounts;
import org.pintail.mail.Mail;
import org.pintail.mail.MailSettings;
import org.pintail.mail.Mailstore;
import org.pintail.mime.Source;
import org.pintail.mta.MtaSettings;
import org.pintail.mta.Outbox;
import org.pintail.rocksdb.RocksStore;

/// What [CopyBench] runs beside the copies: fills a store, and compares two.
final class CopyWorker {
    private static final int ACCOUNTS = 20;
    private static final int QUEUED = 100;
    private static final int THREADS = 16;
    private final Store store;
    private final Mail mail;
    private final Map<ObjectId, ObjectId> contents = new HashMap<>();

    private CopyWorker(Store store) {
        this.store = store;
        this.mail = new Mail(store, MailSettings.defaults("bench.test"), Clock.systemUTC());
    }

    /// `fill DIRECTORY MESSAGES` or `compare DIRECTORY DIRECTORY`.
    public static void main(String[] args) throws Exception {
        try (var store = open(args[1])) {
            if (args[0].equals("fill")) {
                new CopyWorker(store).fill(Integer.parseInt(args[2]));
            } else {
                try (var other = open(args[2])) {
                    System.out.println("compared " + new CopyWorker(store).compare(new CopyWorker(other)));
                }
            }
        }
    }

    private static Store open(String directory) {
        return RocksStore.open(RocksStore.Settings.at(Path.of(directory)), Clock.systemUTC());
    }

    private void fill(int messages) throws InterruptedException {
        var accounts = new ArrayList<Account>();
        for (int i = 0; i < ACCOUNTS; i++) {
            accounts.add(mail.accounts().create(Accounts.New.of("u" + i, "", "u" + i + "@bench.test")));
        }
        var threads = new ArrayList<Thread>();
        for (int t = 0; t < THREADS; t++) {
            int from = t;
            threads.add(Thread.ofPlatform().start(() -> {
                for (int i = from; i < messages; i += THREADS) {
                    append(accounts.get(i % ACCOUNTS), i);
                }
            }));
        }
        for (var thread : threads) {
            thread.join();
        }
        for (var account : accounts) {
            var boxes = mail.folders().list(account.id());
            var inbox = boxes.getFirst();
            store.messages().expunge(inbox.id(), List.of(3L, 5L), null);
            store.messages().copy(inbox.id(), List.of(1L, 2L), boxes.getLast().id(), 0, null);
            store.messages().move(inbox.id(), List.of(4L), boxes.getLast().id(), null);
        }
        var outbox = new Outbox(mail, new MtaSettings("bench.test", null, List.of(), 4, 4, 10_000_000, 100, 25));
        for (int i = 0; i < QUEUED; i++) {
            var body = Source.of(TestMessage.of(i));
            outbox.enqueue(new Outbox.Outgoing("u0@bench.test", List.of("a@one.test", "b@two.test"), body, "submit", "", accounts.getFirst().id(), null));
        }
    }

    private void append(Account account, int number) {
        var boxes = mail.folders().list(account.id());
        var box = boxes.get(number / ACCOUNTS % 3 == 0 ? number / ACCOUNTS % boxes.size() : 0);
        var flags = Flags.of(number % 2 == 0 ? List.of("\\Seen") : number % 5 == 0 ? List.of("\\Flagged", "keyword" + number % 7) : List.of());
        var message = Source.of(number % 10 == 0 ? withAttachment(number) : TestMessage.of(number));
        mail.mailstore().append(message, new Mailstore.Placement(account, box.id(), flags, null, new byte[0], Document.EMPTY, true, null));
    }

    /// One of a thousand files of 30 KB.
    private static byte[] withAttachment(int number) {
        var file = new byte[30_000];
        new Random(number / 10 % 1000).nextBytes(file);
        var text = "From: a@source.test\r\nTo: b@bench.test\r\nSubject: file " + number + "\r\nMessage-ID: <f" + number + "@source.test>\r\n"
                + "MIME-Version: 1.0\r\nContent-Type: multipart/mixed; boundary=b\r\n\r\n--b\r\n\r\nsee file\r\n--b\r\n"
                + "Content-Type: application/pdf; name=f.pdf\r\nContent-Transfer-Encoding: base64\r\n\r\n"
                + Base64.getMimeEncoder().encodeToString(file) + "\r\n--b--\r\n" + (number % 30 == 0 ? "an epilogue without an end of line" : "");
        return text.getBytes(StandardCharsets.US_ASCII);
    }

    private String compare(CopyWorker other) throws IOException {
        long messages = 0;
        long bytes = 0;
        for (int i = 0; i < ACCOUNTS; i++) {
            var account = id(i);
            same(account, other.id(i));
            var boxes = mail.folders().list(account);
            same(boxes, other.mail.folders().list(account));
            same(store.messages().usage(account), other.store.messages().usage(account));
            for (var box : boxes) {
                var rows = store.messages().rows(box.id());
                var theirs = other.store.messages().rows(box.id());
                same(rows, theirs.stream().map(this::renamed).toList());
                var changes = store.messages().changes(box.id(), 0);
                var others = other.store.messages().changes(box.id(), 0);
                same(changes.changed(), others.changed().stream().map(this::renamed).toList());
                same(List.of(changes.highestModSeq(), changes.uidNext(), changes.expunged()), List.of(others.highestModSeq(), others.uidNext(), others.expunged()));
                for (int n = 0; n < rows.size(); n++) {
                    bytes += compare(rows.get(n), other, theirs.get(n));
                }
                messages += rows.size();
            }
        }
        return messages + " messages of " + bytes + " bytes and " + compareQueue(other) + " queue rows: the same";
    }

    /// The id of the content is the engine's own; which messages share one has to be the same.
    private MessageRow renamed(MessageRow r) {
        var mine = contents.computeIfAbsent(r.content(), _ -> store.messages().row(r.mailbox(), r.uid()).orElseThrow().content());
        return new MessageRow(
                r.id(), r.mailbox(), r.uid(), r.modSeq(), r.flags(), r.size(), r.internalDate(), r.sentDate(), r.thread(), r.root(), mine,
                r.hasAttachments());
    }

    private AccountId id(int number) {
        return mail.accounts().find("u" + number).orElseThrow().id();
    }

    private long compare(MessageRow row, CopyWorker other, MessageRow theirs) throws IOException {
        var mine = store.messages().open(row).readAll();
        if (!java.util.Arrays.equals(mine, other.store.messages().open(theirs).readAll())) {
            throw new IllegalStateException("other bytes of " + row);
        }
        var content = store.messages().content(row);
        var theirContent = other.store.messages().content(theirs);
        same(
                List.of(content.envelope(), content.bodyStructure(), content.partMap(), content.details()),
                List.of(theirContent.envelope(), theirContent.bodyStructure(), theirContent.partMap(), theirContent.details()));
        return mine.length;
    }

    private int compareQueue(CopyWorker other) throws IOException {
        Queue mine = store.queue();
        List<QueueRow> rows = mine.list(null, Integer.MAX_VALUE);
        same(rows, other.store.queue().list(null, Integer.MAX_VALUE));
        for (var row : rows) {
            same(mine.message(row.id()), other.store.queue().message(row.id()));
            if (!java.util.Arrays.equals(mine.body(row.id()).orElseThrow().readAll(), other.store.queue().body(row.id()).orElseThrow().readAll())) {
                throw new IllegalStateException("other bytes of " + row);
            }
        }
        return rows.size();
    }

    private static void same(Object one, Object other) {
        if (!one.equals(other)) {
            throw new IllegalStateException("not the same:\n" + one + "\n" + other);
        }
    }
}
