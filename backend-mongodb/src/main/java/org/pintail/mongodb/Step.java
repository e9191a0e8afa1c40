package org.pintail.mongodb;

import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;
import org.pintail.backend.Document;
import org.pintail.backend.Flags;
import org.pintail.backend.ObjectId;

/// A change of a mailbox that is announced in its document (`pintail.steps`) and not finished yet. Its uids and modseqs are taken;
/// readers see nothing from `modSeq` on until it is finished. `messages`, `unseen` and `size` are what the counters of the mailbox change by
/// then. `other` and `otherStep`: for MOVE the mailbox it goes to; for ADD the step that decides about it (see [Kind]), if not itself.
record Step(
        ObjectId id,
        Kind kind,
        long modSeq,
        List<Item> items,
        @Nullable String session,
        long messages,
        long unseen,
        long size,
        @Nullable ObjectId other,
        @Nullable ObjectId otherStep) {
    /// What kind of change, and what becomes of it when its owner stops half way.
    enum Kind {
        /// New messages. Undone, unless `otherStep` is gone from `other`: then it is finished.
        ADD,
        /// New messages that a MOVE brings from mailbox `other`: finished with that.
        ARRIVE,
        /// New messages of a delivery, whose usage is counted when the step ends: finished if they are all there, else undone.
        DELIVER,
        /// An ADD that is being undone.
        ABORT,
        /// A DELIVER that is being undone.
        RECALL,
        /// Flags: finished.
        FLAGS,
        /// Messages that go: finished.
        GONE,
        /// Messages that go to mailbox `other`: finished.
        MOVE
    }

    /// One message in a step; `becomes` is the id of the copy in the other mailbox.
    record Item(
            ObjectId message,
            long uid,
            long modSeq,
            Flags flags,
            @Nullable ObjectId thread,
            boolean unseenChange,
            @Nullable ObjectId becomes) {
        /// The same message in another thread.
        Item in(ObjectId otherThread) {
            return new Item(message, uid, modSeq, flags, otherThread, unseenChange, becomes);
        }

        Document document() {
            return Document.of(
                    "m", message, "u", uid, "q", modSeq, "f", flags.names(), "t", thread, "w", unseenChange, "n", becomes);
        }

        static Item of(Document d) {
            return new Item(
                    d.objectId("m").orElseThrow(),
                    d.number("u"),
                    d.number("q"),
                    RowDocument.flags(d.strings("f")),
                    d.objectId("t").orElse(null),
                    d.bool("w"),
                    d.objectId("n").orElse(null));
        }
    }

    Step {
        items = List.copyOf(items);
    }

    /// The same step, its messages in another thread.
    Step in(ObjectId thread) {
        return new Step(
                id, kind, modSeq, items.stream().map(i -> i.in(thread)).toList(), session, messages, unseen, size, other, otherStep);
    }

    /// The same step, being undone.
    Step aborted() {
        return new Step(id, kind == Kind.DELIVER ? Kind.RECALL : Kind.ABORT, modSeq, items, session, messages, unseen, size, other, otherStep);
    }

    boolean isAborted() {
        return kind == Kind.ABORT || kind == Kind.RECALL;
    }

    /// Whether the size of its messages is counted only when it ends.
    boolean owesUsage() {
        return kind == Kind.DELIVER || kind == Kind.RECALL;
    }

    boolean adds() {
        return kind == Kind.ADD || kind == Kind.ARRIVE || kind == Kind.DELIVER || isAborted();
    }

    boolean removes() {
        return kind == Kind.GONE || kind == Kind.MOVE;
    }

    Document document() {
        return Document.of(
                "id", id,
                "kind", kind.name().toLowerCase(Locale.ROOT),
                "modseq", modSeq,
                "items", items.stream().map(Item::document).toList(),
                "session", session,
                "messages", messages,
                "unseen", unseen,
                "size", size,
                "other", other,
                "otherStep", otherStep);
    }

    static Step of(Document d) {
        return new Step(
                d.objectId("id").orElseThrow(),
                Kind.valueOf(d.string("kind", "").toUpperCase(Locale.ROOT)),
                d.number("modseq"),
                d.documents("items").stream().map(Item::of).toList(),
                d.string("session").orElse(null),
                d.number("messages"),
                d.number("unseen"),
                d.number("size"),
                d.objectId("other").orElse(null),
                d.objectId("otherStep").orElse(null));
    }
}
