package org.pintail.mongodb;

import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;
import org.pintail.backend.AccountId;
import org.pintail.backend.Document;
import org.pintail.backend.Mailbox;
import org.pintail.backend.MailboxId;
import org.pintail.backend.ObjectId;

/// The document of a mailbox as it was read.
record Box(Document document, List<Step> steps) {
    static Box of(Document document) {
        var pintail = RowDocument.pintail(document);
        var steps = Stream.concat(pintail.documents("steps").stream(), pintail.documents("aborts").stream());
        return new Box(document, steps.map(Step::of).toList());
    }

    MailboxId id() {
        return new MailboxId(document.id());
    }

    AccountId account() {
        return new AccountId(document.objectId("user").orElse(document.id()));
    }

    long uidNext() {
        return Math.max(1, document.number("uidNext"));
    }

    long modSeq() {
        return Math.max(1, document.number("modifyIndex"));
    }

    /// The same mailbox after a step has taken its numbers.
    Box after(int uids, int modSeqs) {
        return new Box(document.with(Document.of("uidNext", uidNext() + uids, "modifyIndex", modSeq() + modSeqs)), steps);
    }

    /// Whether a step that began here was undone a while ago, not ended.
    boolean undid(ObjectId step) {
        return RowDocument.pintail(document).documents("undone").stream().anyMatch(d -> d.objectId("id").filter(step::equals).isPresent());
    }

    /// The greatest modseq up to which everything is finished.
    long visibleModSeq() {
        return steps.stream().mapToLong(Step::modSeq).min().orElse(modSeq() + 1) - 1;
    }

    /// The uid below which no message can still come.
    long visibleUidNext() {
        return steps.stream()
                .filter(Step::adds)
                .flatMap(s -> s.items().stream())
                .mapToLong(Step.Item::uid)
                .min()
                .orElse(uidNext());
    }

    /// Messages that are not there yet, or not any more, whatever the collection says.
    Set<ObjectId> hidden() {
        var hidden = new HashSet<ObjectId>();
        for (var step : steps) {
            if (step.adds() || step.removes()) {
                step.items().forEach(i -> hidden.add(i.message()));
            }
        }
        return hidden;
    }

    Optional<Step> step(ObjectId id) {
        return steps.stream().filter(s -> s.id().equals(id)).findFirst();
    }

    /// Whether the counters kept in the document count what is there: every modseq since was given by this store.
    boolean isCounted() {
        return RowDocument.pintail(document).number("at") == modSeq();
    }


    List<String> keywords() {
        return document.strings("flags").stream()
                .filter(f -> !f.startsWith("\\"))
                .sorted(String.CASE_INSENSITIVE_ORDER)
                .toList();
    }

    Mailbox mailbox(Document counters) {
        return new Mailbox(
                id(),
                account(),
                document.string("path", ""),
                document.string("specialUse").orElse(null),
                document.number("uidValidity"),
                visibleUidNext(),
                visibleModSeq(),
                document.bool("subscribed"),
                document.bool("hidden"),
                document.bool("encryptMessages"),
                document.number("retention"),
                keywords(),
                counters.number("messages"),
                counters.number("unseen"),
                counters.number("size"));
    }
}
