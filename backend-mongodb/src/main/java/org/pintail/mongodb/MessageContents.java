package org.pintail.mongodb;

import java.util.Comparator;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.UnaryOperator;
import org.pintail.backend.Document;
import org.pintail.backend.MailboxId;
import org.pintail.backend.MessageContent;
import org.pintail.backend.MessageId;
import org.pintail.backend.MessageRow;
import org.pintail.backend.ObjectId;
import org.pintail.backend.Renderings;
import org.pintail.backend.StoreException;
import org.pintail.mime.Source;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// What is in a message: its bytes, renderings and details.
final class MessageContents {
    private static final Logger LOG = LoggerFactory.getLogger(MessageContents.class);

    /// Details that a message of somebody else has already, and keeps.
    private static final List<String> THEIRS =
            List.of("msgid", "subject", "intro", "meta", "outbound", "filters", "verificationResults", "forwardTargets");

    private final Table table;
    private final MessageReader reader;
    private final Renderer renderer;

    MessageContents(Databases databases, MongoAttachments attachments, Renderer renderer) {
        this.table = databases.table("messages");
        this.reader = new MessageReader(attachments);
        this.renderer = renderer;
    }

    private static Document key(MessageRow row) {
        return Document.of("_id", row.id().value(), "mailbox", row.mailbox().value(), "uid", row.uid());
    }

    private Document require(MessageRow row, String[] fields) {
        return table.first(Table.Query.of(key(row)).fields(fields))
                .filter(d -> !RowDocument.isVoid(d))
                .orElseThrow(() -> new StoreException.Missing("message " + row.id()));
    }

    MessageContent content(MessageRow row) {
        return MessageReader.content(rendered(row, require(row, MessageReader.SHOWN)));
    }

    Renderings renderings(MessageRow row) {
        var found = require(row, MessageReader.RENDERINGS);
        return MessageReader.renderings(MessageReader.isRendered(found) ? found : rendered(row, require(row, MessageReader.SHOWN)));
    }

    Map<MessageId, Renderings> renderings(List<MessageRow> rows) {
        var out = new HashMap<MessageId, Renderings>();
        together(rows, MessageReader.RENDERINGS).forEach((row, found) -> {
            try {
                out.put(row.id(), MessageReader.isRendered(found) ? MessageReader.renderings(found) : renderings(row));
            } catch (StoreException.Missing gone) {
                LOG.debug("a message went while it was asked for message={}", row.id());
            }
        });
        return out;
    }

    Map<MessageId, Source> open(List<MessageRow> rows) {
        var out = new HashMap<MessageId, Source>();
        together(rows, MessageReader.TEXT).forEach((row, found) -> out.put(row.id(), reader.source(found)));
        return out;
    }

    /// The documents of those that are there: one query for the rows of a mailbox.
    private Map<MessageRow, Document> together(List<MessageRow> rows, String[] fields) {
        var byMailbox = new LinkedHashMap<MailboxId, Map<ObjectId, MessageRow>>();
        rows.forEach(r -> byMailbox.computeIfAbsent(r.mailbox(), _ -> new LinkedHashMap<>()).put(r.id().value(), r));
        var found = new LinkedHashMap<MessageRow, Document>();
        byMailbox.forEach((mailbox, some) -> {
            var filter = Document.of("mailbox", mailbox.value(), "uid", uids(some.values().stream().map(MessageRow::uid).toList()));
            for (var d : table.all(Table.Query.of(filter).fields(fields).sort("uid", 1, "_id", 1))) {
                var row = some.get(d.id());
                if (row != null && !RowDocument.isVoid(d)) {
                    found.put(row, d);
                }
            }
        });
        return found;
    }

    /// Of one uid after the other the range, which is shorter.
    private static Document uids(List<Long> uids) {
        long first = uids.stream().min(Comparator.naturalOrder()).orElseThrow();
        long last = uids.stream().max(Comparator.naturalOrder()).orElseThrow();
        return last - first + 1 == uids.size() ? Document.of("$gte", first, "$lte", last) : Document.of("$in", uids);
    }

    /// A message of somebody else gets our renderings, once.
    private Document rendered(MessageRow row, Document message) {
        if (MessageReader.isRendered(message)) {
            return message;
        }
        var made = renderer.render(open(row), message);
        var theirs = THEIRS.stream().filter(message::has).toList();
        var kept = RowDocument.pintail(message).with(Document.of(
                "content", row.content(),
                "envelope", made.envelope(),
                "structure", made.bodyStructure(),
                "parts", made.partMap(),
                "own", made.details().without(theirs.toArray(String[]::new)),
                "shared", theirs));
        var set = Document.EMPTY;
        for (var field : kept.fields().entrySet()) {
            set = set.with("pintail." + field.getKey(), field.getValue());
        }
        try {
            table.update(key(row), Document.of("$set", set));
        } catch (StoreException e) {
            LOG.warn("renderings are not kept message={} error={}", row.id(), e.getMessage()); // too large a document: made again next time
        }
        return message.with("pintail", kept);
    }

    Source open(MessageRow row) {
        return reader.source(require(row, MessageReader.TEXT));
    }

    Optional<MessageContent> updateDetails(MessageRow row, UnaryOperator<Document> change) {
        while (true) {
            var found = table.first(Table.Query.of(key(row)).fields(MessageReader.SHOWN));
            if (found.isEmpty()) {
                return Optional.empty();
            }
            var message = rendered(row, found.get());
            var update = Details.update(message, change.apply(Details.of(message)));
            if (update == null) {
                return Optional.of(MessageReader.content(message));
            }
            var filter = key(row).with("pintail.rev", RowDocument.pintail(message).value("rev"));
            if (table.updateOnce(filter, update)) {
                return Optional.of(content(row));
            }
        }
    }
}
