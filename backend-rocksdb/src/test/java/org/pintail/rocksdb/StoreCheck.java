package org.pintail.rocksdb;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import org.pintail.backend.Flags;
import org.pintail.backend.MailboxId;
import org.pintail.backend.MessageRow;
import org.pintail.backend.StoreException;

/// Looks through a closed store and compares everything that is kept twice: counters with their sums, references with those who refer, indexes
/// with what they index, segments with what is alive in them.
final class StoreCheck {
    private final Db db;
    private final Segments bodies;
    private final Segments attachments;
    private final List<String> problems = new ArrayList<>();
    private final Map<String, Long> live = new TreeMap<>();
    private final Set<String> liveKeys = new HashSet<>();

    private StoreCheck(Db db, Segments bodies, Segments attachments) {
        this.db = db;
        this.bodies = bodies;
        this.attachments = attachments;
    }

    /// What is wrong; empty when all is well.
    static List<String> problems(Path directory) throws IOException {
        try (var db = Db.open(directory.resolve("index"));
                var bodies = segments(db, directory.resolve("bodies"), Place.Kind.BODIES);
                var attachments = segments(db, directory.resolve("attachments"), Place.Kind.ATTACHMENTS)) {
            var check = new StoreCheck(db, bodies, attachments);
            check.messages();
            check.flags();
            check.queue();
            check.segments();
            return check.problems;
        }
    }

    private static Segments segments(Db db, Path directory, Place.Kind kind) throws IOException {
        var at = Positions.read(db, kind);
        var segments = Segments.open(directory, CrashWriter.SEGMENT, at.segment(), at.length());
        Carried.restore(db, kind, segments);
        return segments;
    }

    private static String hex(byte[] key) {
        return HexFormat.of().formatHex(key);
    }

    private Map<String, byte[]> all(Family family) {
        var all = new TreeMap<String, byte[]>();
        db.scan(family, new byte[0], true, (key, value) -> {
            all.put(hex(key), value);
            return true;
        });
        return all;
    }

    private void same(String what, Object want, Object found) {
        if (!want.equals(found)) {
            problems.add(what + " " + found + " instead of " + want);
        }
    }

    private static void add(Map<String, Long> sums, String key, long more) {
        sums.merge(key, more, Long::sum);
    }

    private void messages() {
        var counters = new TreeMap<String, long[]>();
        var usage = new TreeMap<String, Long>();
        var shares = new TreeMap<String, Long>();
        var references = new TreeMap<String, Long>();
        var modSeqs = new HashSet<String>();
        var messages = new HashSet<String>();
        var boxes = all(Family.MAILBOXES);
        var current = new CurrentRows(db);
        db.scan(Family.ROWS, new byte[0], true, (key, value) -> {
            var stored = current.of(key, value);
            var row = stored.row();
            var mailbox = hex(Keys.id(row.mailbox().value()));
            var box = boxes.get(mailbox);
            if (box == null) {
                problems.add("a row of mailbox " + mailbox + " that is not there");
                return true;
            }
            count(row, counters.computeIfAbsent(mailbox, _ -> new long[3]));
            var m = MailboxCodec.decode(Keys.id(row.mailbox().value()), box, db.life());
            if (row.uid() >= m.uidNext() || row.modSeq() > m.highestModSeq()) {
                problems.add("uid " + row.uid() + " modseq " + row.modSeq() + " beyond " + m);
            }
            add(usage, hex(Keys.id(m.account().value())), row.size());
            add(shares, hex(Keys.id(row.content())), 1);
            if (stored.listed()) {
                modSeqs.add(hex(stored.modSeqKey()));
            }
            messages.add(hex(Keys.id(row.id().value())));
            var place = db.get(Family.MESSAGES, Keys.id(row.id().value()));
            same("place of message " + row.id(), hex(Keys.join(Keys.id(m.account().value()), key)), place == null ? "none" : hex(place));
            content(row, references);
            return true;
        });
        boxes.forEach((id, value) -> counters(id, value, counters.getOrDefault(id, new long[3])));
        same("modseqs", modSeqs, all(Family.MODSEQS).keySet());
        same("messages", messages, all(Family.MESSAGES).keySet());
        same("shares", shares, numbers(Family.SHARES));
        same("bodies", shares.keySet(), all(Family.BODIES).keySet());
        same("purges", Set.of(), all(Family.PURGES).keySet());
        var used = numbers(Family.USAGE);
        used.values().removeIf(n -> n == 0);
        usage.values().removeIf(n -> n == 0);
        same("usage", usage, used);
        attachments(references);
        all(Family.BODIES).forEach((id, value) -> alive(Place.Kind.BODIES, Bodies.CONTENT, id, BodyRecord.decode(value).place()));
    }

    private void flags() {
        var modSeqs = new HashSet<String>();
        db.scan(Family.FLAGS, new byte[0], true, (key, value) -> {
            var mailbox = new MailboxId(Keys.idAt(key, 0));
            long number = Keys.numberAt(key, Keys.ID);
            var block = FlagBlock.decode(value);
            modSeqs.add(hex(FlagBlocks.modSeqKey(mailbox, block.latest(), number)));
            var uids = block.uidsSince(number, 0);
            if (block.isEmpty() || uids.stream().anyMatch(uid -> db.get(Family.ROWS, Keys.idAndNumber(mailbox.value(), uid)) == null)) {
                problems.add("flags of messages that are not there, of " + uids);
            }
            return true;
        });
        same("modseqs of flags", modSeqs, all(Family.FLAG_MODSEQS).keySet());
    }

    private static void count(MessageRow row, long[] counter) {
        counter[0]++;
        counter[1] += row.flags().has(Flags.SEEN) ? 0 : 1;
        counter[2] += row.size();
    }

    private void content(MessageRow row, Map<String, Long> references) {
        var value = db.get(Family.BODIES, Keys.id(row.content()));
        if (value == null) {
            problems.add("no content for " + row);
            return;
        }
        BodyRecord.decode(value).pieces().forEach(piece -> add(references, piece.sha256Hex(), 1));
    }

    private void counters(String id, byte[] value, long[] sums) {
        var m = MailboxCodec.decode(HexFormat.of().parseHex(id), value, db.life());
        same("counters of " + m.path(), Arrays.toString(sums), Arrays.toString(new long[] {m.messages(), m.unseen(), m.size()}));
        var path = db.get(Family.PATHS, Keys.idAndText(m.account().value(), m.path()));
        same("path " + m.path(), id, path == null ? "none" : hex(path));
    }

    private Map<String, Long> numbers(Family family) {
        var numbers = new TreeMap<String, Long>();
        all(family).forEach((key, value) -> numbers.put(key, Keys.number(value)));
        return numbers;
    }

    private void attachments(Map<String, Long> references) {
        all(Family.ATTACHMENTS).forEach((sha, value) -> {
            var record = AttachmentRecord.decode(value);
            same("references of " + sha, references.getOrDefault(sha, 0L), record.references());
            references.remove(sha);
            alive(Place.Kind.ATTACHMENTS, Bodies.ATTACHMENT, sha, record.place());
        });
        same("attachments referred to and not there", Set.of(), references.keySet());
    }

    private void queue() {
        var due = new HashSet<String>();
        var ids = new HashSet<String>();
        all(Family.QUEUE_ROWS).values().forEach(value -> {
            var row = QueueCodec.decode(value);
            ids.add(hex(Keys.text(row.id())));
            if (row.lease() == 0 && !row.held()) {
                due.add(hex(QueueCodec.dueKey(row)));
            }
        });
        same("due", due, all(Family.QUEUE_DUE).keySet());
        same("queued messages", ids, all(Family.QUEUE_MESSAGES).keySet());
        all(Family.QUEUE_MESSAGES).forEach((id, value) -> alive(Place.Kind.BODIES, Bodies.QUEUED, id, QueueCodec.place(value)));
    }

    private void alive(Place.Kind kind, byte owner, String key, Place place) {
        liveKeys.add(hex(place.key(kind)) + " " + hex(new byte[] {owner}) + key);
        add(live, hex(Txn.segmentKey(kind, place.segment())), Segments.HEADER + place.length());
        try {
            (kind == Place.Kind.BODIES ? bodies : attachments).read(place);
        } catch (IOException | StoreException e) {
            problems.add(kind + " " + place + " cannot be read: " + e);
        }
    }

    private void segments() {
        var found = new HashSet<String>();
        all(Family.LIVE).forEach((key, owner) -> found.add(key + " " + hex(owner)));
        same("live records", liveKeys, found);
        var sums = numbers(Family.SEGMENTS);
        sums.values().removeIf(n -> n == 0);
        same("live bytes", live, sums);
    }
}
