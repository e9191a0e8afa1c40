package org.pintail.mongodb;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.pintail.backend.Document;

/// The details of a message ([org.pintail.backend.MessageContent]) in its document. Fields that WildDuck has under the same name and in
/// the same form stand where it looks for them (named in `pintail.shared`), all others in `pintail.own`.
final class Details {
    private static final Map<String, Class<?>> SHARED = Map.ofEntries(
            Map.entry("msgid", String.class),
            Map.entry("subject", String.class),
            Map.entry("intro", String.class),
            Map.entry("html", List.class),
            Map.entry("attachments", List.class),
            Map.entry("meta", Document.class),
            Map.entry("outbound", List.class),
            Map.entry("filters", List.class),
            Map.entry("verificationResults", Document.class),
            Map.entry("forwardTargets", List.class));

    private Details() {}

    /// The fields of a document that keep these details; `pintail` is completed.
    static Document stored(Document details, Document pintail) {
        var fields = new LinkedHashMap<String, @Nullable Object>();
        var own = new LinkedHashMap<String, @Nullable Object>();
        var shared = new ArrayList<String>();
        details.fields().forEach((name, value) -> {
            var type = SHARED.get(name);
            if (type != null && type.isInstance(value)) {
                fields.put(name, value);
                shared.add(name);
            } else if (name.equals("text") && value instanceof String) {
                shared.add(name); // written in two parts with the rest of the document
            } else {
                own.put(name, value);
            }
        });
        fields.put("pintail", pintail.with("own", new Document(own)).with("shared", shared));
        return new Document(fields);
    }

    /// The details as they were given.
    static Document of(Document message) {
        var pintail = RowDocument.pintail(message);
        var details = new LinkedHashMap<>(pintail.document("own").orElse(Document.EMPTY).fields());
        for (var name : pintail.strings("shared")) {
            details.put(
                    name,
                    name.equals("text") ? message.string("text", "") + message.string("textFooter", "") : message.value(name));
        }
        return new Document(details);
    }

    /// The update that replaces the details; null when they stay as they are.
    static @Nullable Document update(Document message, Document changed) {
        var before = of(message);
        if (before.equals(changed)) {
            return null;
        }
        var pintail = RowDocument.pintail(message);
        var after = stored(changed.without("text"), pintail);
        var completed = RowDocument.pintail(after);
        var shared = new ArrayList<>(completed.strings("shared"));
        if (changed.has("text")) {
            shared.add("text");
        }
        var set = after.without("pintail").with("pintail.own", completed.value("own")).with("pintail.shared", shared);
        var unset = new LinkedHashMap<String, @Nullable Object>();
        for (var name : pintail.strings("shared")) {
            if (!changed.has(name) && !name.equals("text")) {
                unset.put(name, "");
            }
        }
        var update = Document.of("$set", set, "$inc", Document.of("pintail.rev", 1));
        return unset.isEmpty() ? update : update.with("$unset", new Document(unset));
    }
}
