package org.pintail.mail;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.TreeMap;
import org.pintail.backend.Document;

/// Tags as stored: trimmed, once each whatever their case, sorted; `tagsview` has them in lower case.
final class Tags {
    private Tags() {}

    /// `fields` with `tags` in order and `tagsview` beside it, where there are tags.
    static Document applied(Document fields) {
        if (!fields.has("tags")) {
            return fields;
        }
        var byView = new TreeMap<String, String>();
        for (var tag : fields.strings("tags")) {
            var trimmed = tag.strip();
            if (!trimmed.isEmpty()) {
                byView.putIfAbsent(trimmed.toLowerCase(Locale.ROOT), trimmed);
            }
        }
        return fields.with("tags", List.copyOf(byView.values()))
                .with("tagsview", new ArrayList<>(byView.keySet()));
    }
}
