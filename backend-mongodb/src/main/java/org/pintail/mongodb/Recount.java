package org.pintail.mongodb;

import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.pintail.backend.Bytes;
import org.pintail.backend.Document;
import org.pintail.backend.ObjectId;

/// Counts again what the database keeps count of: messages of mailboxes, `storageUsed` of accounts, `c` and `m` of attachments; and looks for
/// messages whose mailbox is gone and attachments that are not there.
final class Recount {
    private static final String[] COUNTED = {
        "user", "mailbox", "uid", "modseq", "unseen", "size", "magic", "mimeTree.attachmentMap", "pintail.void"
    };
    private final Databases databases;
    private final MongoAttachments attachments;
    private final Consumer<String> problem;
    private final Map<ObjectId, long[]> mailboxes = new HashMap<>();
    private final Map<ObjectId, Long> usage = new HashMap<>();
    private final Map<Bytes, long[]> references = new HashMap<>();
    private boolean repair;
    private long problems;

    Recount(Databases databases, MongoAttachments attachments, Consumer<String> problem) {
        this.databases = databases;
        this.attachments = attachments;
        this.problem = problem;
    }

    long run(boolean withRepair) {
        repair = withRepair;
        var known = mailboxIds();
        databases.table("messages").each(Table.Query.of(Document.EMPTY).fields(COUNTED), d -> message(d, known));
        databases.table("archived").each(Table.Query.of(Document.EMPTY).fields("magic", "mimeTree.attachmentMap"), this::refer);
        databases.table("mailboxes").each(Table.Query.of(Document.EMPTY), d -> mailbox(Box.of(d)));
        databases.table("users").each(Table.Query.of(Document.EMPTY).fields("storageUsed"), this::user);
        attachments.files().each(Table.Query.of(Document.EMPTY).fields("metadata"), this::file);
        references.forEach((id, _) -> tell("attachment " + id.hex() + " is referred to and not there"));
        return problems;
    }

    private Set<ObjectId> mailboxIds() {
        var ids = new HashSet<ObjectId>();
        databases.table("mailboxes").each(Table.Query.of(Document.EMPTY).fields("_id"), d -> ids.add(d.id()));
        return ids;
    }

    private void tell(String text) {
        problems++;
        problem.accept(text);
    }

    private void message(Document d, Set<ObjectId> known) {
        if (RowDocument.isVoid(d)) {
            return;
        }
        var mailbox = d.objectId("mailbox").orElse(d.id());
        if (!known.contains(mailbox)) {
            tell("message " + d.id() + " of mailbox " + mailbox + " that is gone");
            if (repair) {
                databases.table("messages").deleteOne(Document.of("_id", d.id(), "mailbox", mailbox, "uid", d.value("uid")));
                return; // its parts and size are then counted without it
            }
        }
        var sums = mailboxes.computeIfAbsent(mailbox, _ -> new long[5]);
        sums[0]++;
        sums[1] += d.bool("unseen") ? 1 : 0;
        sums[2] += d.number("size");
        sums[3] = Math.max(sums[3], d.number("uid"));
        sums[4] = Math.max(sums[4], d.number("modseq"));
        d.objectId("user").ifPresent(u -> usage.merge(u, d.number("size"), Long::sum));
        refer(d);
    }

    private void refer(Document d) {
        for (var id : MessageWriter.parts(d)) {
            var counts = references.computeIfAbsent(id, _ -> new long[2]);
            counts[0]++;
            counts[1] += d.number("magic");
        }
    }

    private void mailbox(Box box) {
        var sums = mailboxes.getOrDefault(box.id().value(), new long[5]);
        long uidNext = Math.max(box.uidNext(), sums[3] + 1);
        long modSeq = Math.max(box.modSeq(), sums[4]);
        var kept = RowDocument.pintail(box.document());
        boolean counted = !box.isCounted()
                || kept.number("messages") == sums[0] && kept.number("unseen") == sums[1] && kept.number("size") == sums[2];
        if (!box.steps().isEmpty()) {
            tell("mailbox " + box.id() + " has " + box.steps().size() + " unfinished steps (a running node finishes them)");
        } else if (!counted || uidNext != box.uidNext() || modSeq != box.modSeq()) {
            tell("mailbox " + box.id() + " " + box.document().string("path", "") + " says messages=" + kept.number("messages") + " unseen="
                    + kept.number("unseen") + " size=" + kept.number("size") + " uidNext=" + box.uidNext() + " modseq=" + box.modSeq()
                    + ", counted " + List.of(sums[0], sums[1], sums[2], uidNext, modSeq));
            correct(box, sums, uidNext, modSeq);
        }
    }

    private void correct(Box box, long[] sums, long uidNext, long modSeq) {
        if (repair) {
            var set = Document.of(
                    "uidNext", uidNext, "modifyIndex", modSeq, "pintail.at", modSeq, "pintail.messages", sums[0], "pintail.unseen", sums[1],
                    "pintail.size", sums[2]);
            databases.table("mailboxes").update(
                    Document.of("_id", box.id().value(), "modifyIndex", box.document().value("modifyIndex")), Document.of("$set", set));
        }
    }

    private void user(Document user) {
        long right = usage.getOrDefault(user.id(), 0L);
        if (user.number("storageUsed") != right) {
            tell("account " + user.id() + " says storageUsed=" + user.number("storageUsed") + ", counted " + right);
            if (repair) {
                new Usage(databases).correct(user, right);
            }
        }
    }

    private void file(Document file) {
        @Nullable Object id = file.value("_id");
        var metadata = file.document("metadata").orElse(Document.EMPTY);
        var counts = id instanceof Bytes b ? references.remove(b) : null;
        long c = counts == null ? 0 : counts[0];
        long m = counts == null ? 0 : counts[1];
        if (metadata.number("c") != c || metadata.number("m") != m) {
            tell("attachment " + (id instanceof Bytes b ? b.hex() : id) + " says c=" + metadata.number("c") + " m=" + metadata.number("m")
                    + ", counted " + c + " " + m);
            if (repair) {
                attachments.correct(file, c, m);
            }
        }
    }
}
