package org.pintail.imap;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.pintail.backend.MessageContent;
import org.pintail.backend.MessageRow;
import org.pintail.backend.Messages;
import org.pintail.backend.StoreException;
import org.pintail.header.Field;
import org.pintail.header.Headers;
import org.pintail.mime.MimePart;
import org.pintail.mime.PartMap;
import org.pintail.mime.Source;

/// One message under search. Reads no more than the keys ask for: first the row, then the stored details, the message itself at last.
final class SearchedMessage {
    private static final long HEADER_LIMIT = 256 * 1024;
    private static final int STORED_VALUE = 800; // bytes; stored header values are cut at 880
    private static final int STORED_TEXT = 100_000; // characters; stored text is cut at 102400
    private static final Set<String> STORED = Set.of("to", "cc", "bcc", "subject", "from");
    private final Messages messages;
    private final int index;
    private final MessageRow row;
    private @Nullable MessageContent content;
    private @Nullable MimePart root;
    private @Nullable Headers headers;
    private boolean gone;

    SearchedMessage(Messages messages, int index, MessageRow row) {
        this.messages = messages;
        this.index = index;
        this.row = row;
    }

    int index() {
        return index;
    }

    MessageRow row() {
        return row;
    }

    /// Does a field of that name contain `text`? An empty `text` asks whether there is such a field (RFC 3501 §6.4.4).
    boolean headerContains(String name, String text) {
        boolean cut = false;
        var stored = content();
        if (stored == null) {
            return false;
        }
        for (var field : stored.details().documents("headers")) {
            if (name.equalsIgnoreCase(field.string("key", ""))) {
                var value = field.string("value", "");
                if (lower(value).contains(text)) {
                    return true;
                }
                cut |= value.length() > STORED_VALUE;
            }
        }
        if (STORED.contains(name) && !cut && stored.details().has("headers")) {
            return false;
        }
        return headers().fields().stream().anyMatch(f -> f.is(name) && lower(f.decoded()).contains(text));
    }

    boolean anyHeaderContains(String text) {
        if (content() == null) {
            return false;
        }
        return headers().fields().stream().anyMatch(f -> fieldText(f).contains(text));
    }

    private static String fieldText(Field field) {
        return lower(field.name() + ": " + field.decoded());
    }

    boolean bodyContains(String text) {
        var stored = content();
        if (stored == null) {
            return false;
        }
        var shown = stored.details().string("text", "");
        if (lower(shown).contains(text)) {
            return true;
        }
        if (shown.length() < STORED_TEXT && isOnePlainText(root(stored)) && stored.details().has("text")) {
            return false;
        }
        try {
            return TextParts.contain(messages.open(row), root(stored), text);
        } catch (StoreException.Missing expunged) {
            return false;
        } catch (IOException unreadable) {
            throw new UncheckedIOException(unreadable);
        }
    }

    private static boolean isOnePlainText(MimePart root) {
        return root.isText() && root.subtype().equals("plain") && !"attachment".equals(root.disposition());
    }

    private static String lower(String text) {
        return text.toLowerCase(Locale.ROOT);
    }

    private Headers headers() {
        if (headers == null) {
            headers = readHeaders();
        }
        return headers;
    }

    private Headers readHeaders() {
        var stored = content();
        if (stored == null) {
            return new Headers(List.of());
        }
        try {
            Source message = messages.open(row);
            return Headers.parse(message.read(0, Math.min(HEADER_LIMIT, root(stored).bodyStart())));
        } catch (StoreException.Missing expunged) {
            return new Headers(List.of());
        } catch (IOException unreadable) {
            throw new UncheckedIOException(unreadable);
        }
    }

    private MimePart root(MessageContent stored) {
        if (root == null) {
            root = PartMap.decode(stored.partMap().unsafeArray());
        }
        return root;
    }

    /// Null when the message went meanwhile: then it matches nothing.
    private @Nullable MessageContent content() {
        if (content == null && !gone) {
            try {
                content = messages.content(row);
            } catch (StoreException.Missing expunged) {
                gone = true;
            }
        }
        return content;
    }
}
