package org.pintail.api;

import java.util.List;
import java.util.Locale;
import java.util.Optional;
import org.pintail.backend.Document;
import org.pintail.backend.Mailbox;
import org.pintail.backend.MessageRow;
import org.pintail.backend.Messages;

/// A message while a search looks at it; its details are read when something asks for them.
final class SearchCandidate {
    private final Messages messages;
    private final MessageRow row;
    private final Mailbox mailbox;
    private Optional<Document> details = Optional.empty();

    SearchCandidate(Messages messages, MessageRow row, Mailbox mailbox) {
        this.messages = messages;
        this.row = row;
        this.mailbox = mailbox;
    }

    MessageRow row() {
        return row;
    }

    Mailbox mailbox() {
        return mailbox;
    }

    private Document details() {
        if (details.isEmpty()) {
            details = Optional.of(messages.content(row).details());
        }
        return details.get();
    }

    /// Does a field of these names contain `part`?
    boolean header(String part, String... names) {
        var wanted = part.toLowerCase(Locale.ROOT);
        var keys = List.of(names);
        return details().documents("headers").stream()
                .filter(h -> keys.contains(h.string("key", "")))
                .anyMatch(h -> h.string("value", "").toLowerCase(Locale.ROOT).contains(wanted));
    }

    boolean word(String word) {
        return details().string("text", "").toLowerCase(Locale.ROOT).contains(word.toLowerCase(Locale.ROOT))
                || header(word, "subject", "from", "to", "cc");
    }

    /// In text or subject; any run of white space is as good as another.
    boolean phrase(String phrase) {
        var wanted = even(phrase);
        return even(details().string("text", "")).contains(wanted) || even(details().string("subject", "")).contains(wanted);
    }

    private static String even(String text) {
        return text.toLowerCase(Locale.ROOT).replaceAll("\\s+", " ");
    }

    boolean isSearchable() {
        return !"\\Junk".equals(mailbox.specialUse()) && !"\\Trash".equals(mailbox.specialUse());
    }
}
