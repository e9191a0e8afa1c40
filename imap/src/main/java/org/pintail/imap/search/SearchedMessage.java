package org.pintail.imap.search;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.time.Instant;
import java.time.LocalDate;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;
import org.pintail.backend.Document;
import org.pintail.backend.Flags;
import org.pintail.backend.MessageContent;
import org.pintail.backend.MessageRow;
import org.pintail.backend.Messages;
import org.pintail.backend.ObjectId;
import org.pintail.backend.StoreException;
import org.pintail.header.Headers;
import org.pintail.header.MailDate;
import org.pintail.imap.envelope.Envelope;
import org.pintail.imap.envelope.Envelopes;
import org.pintail.imap.view.Columns;
import org.pintail.mime.MimeLimits;
import org.pintail.mime.MimePart;
import org.pintail.mime.PartMap;

/// One message under search. Reads no more than the keys ask for: first its columns, then the stored details, the message itself only where
/// the details cannot decide.
final class SearchedMessage {
    private static final int STORED_TEXT = 100_000; // characters; stored text is cut at 102400
    private static final int STORED_HTML = 600_000; // stored HTML is cut at 655360 bytes
    private final Messages messages;
    private final Envelopes envelopes;
    private final int index;
    private final Columns columns;
    private final int at;
    private final @Nullable MessageRow row;
    private @Nullable MessageContent content;
    private boolean gone;

    /// `at`: where it stands in `columns`. `row` may be missing where only columns are asked for.
    SearchedMessage(Messages messages, Envelopes envelopes, int index, Columns columns, int at, @Nullable MessageRow row) {
        this.messages = messages;
        this.envelopes = envelopes;
        this.index = index;
        this.columns = columns;
        this.at = at;
        this.row = row;
    }

    int index() {
        return index;
    }

    Flags flags() {
        return columns.flags(at);
    }

    Instant internalDate() {
        return columns.internalDate(at);
    }

    Instant sentDate() {
        return columns.sentDate(at);
    }

    /// The day the Date field names, in its own zone; without a field that can be read, that of the internal date.
    LocalDate sentDay() {
        try {
            return MailDate.parse(envelopes.of(messages, row()).text(Envelope.Field.DATE))
                    .map(OffsetDateTime::toLocalDate)
                    .orElseGet(() -> LocalDate.ofInstant(sentDate(), ZoneOffset.UTC));
        } catch (StoreException.Missing expunged) {
            return LocalDate.ofInstant(sentDate(), ZoneOffset.UTC);
        }
    }

    Instant savedDate() {
        return columns.savedDate(at);
    }

    ObjectId thread() {
        return row().thread();
    }

    ObjectId root() {
        return row().root();
    }

    long size() {
        return columns.size(at);
    }

    long modSeq() {
        return columns.modSeq(at);
    }

    private MessageRow row() {
        if (row == null) {
            throw new IllegalStateException("a key that reads the message was taken for one that does not");
        }
        return row;
    }

    /// RFC 3501 §6.4.4: FROM, SUBJECT and the like look at the envelope. An empty `text` asks whether there is such a field.
    boolean envelopeContains(Envelope.Field field, String text) {
        Envelope envelope;
        try {
            envelope = envelopes.of(messages, row());
        } catch (StoreException.Missing expunged) {
            return false;
        }
        if (text.isEmpty()) {
            return envelope.has(field);
        }
        var shown = field == Envelope.Field.SUBJECT ? envelope.text(field) : envelope.addressText(field);
        return lower(shown).contains(text)
                || envelope.isCut(field) && headerContains(field.name().toLowerCase(Locale.ROOT), text);
    }

    /// Does a field of that name contain `text`? An empty `text` asks whether there is such a field (RFC 3501 §6.4.4).
    boolean headerContains(String name, String text) {
        for (var field : headers()) {
            if (name.equalsIgnoreCase(field.string("key", "")) && lower(field.string("value", "")).contains(text)) {
                return true;
            }
        }
        return false;
    }

    boolean anyHeaderContains(String text) {
        for (var field : headers()) {
            if (lower(field.string("key", "") + ": " + field.string("value", "")).contains(text)) {
                return true;
            }
        }
        return false;
    }

    /// All fields, decoded: those stored, or where the store cut them off those of the message.
    private List<Document> headers() {
        var stored = content();
        if (stored == null) {
            return List.of();
        }
        var fields = stored.details().documents("headers");
        int size = 0;
        for (var field : fields) {
            size += field.string("key", "").length() + field.string("value", "").length();
        }
        boolean cut = fields.isEmpty()
                || fields.size() >= MimeLimits.DEFAULT.headerFields()
                || size > MimeLimits.DEFAULT.headerBytes() / 2;
        return cut ? readHeaders(stored) : fields;
    }

    private List<Document> readHeaders(MessageContent stored) {
        try {
            var end = Math.min(4L * MimeLimits.DEFAULT.headerBytes(), root(stored).bodyStart());
            return Headers.parse(messages.open(row()).read(0, end)).fields().stream()
                    .map(f -> Document.of("key", f.name(), "value", f.decoded()))
                    .toList();
        } catch (StoreException.Missing expunged) {
            return List.of();
        } catch (IOException unreadable) {
            throw new UncheckedIOException(unreadable);
        }
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
        int size = 0;
        for (var html : stored.details().strings("html")) {
            if (lower(html).contains(text)) {
                return true;
            }
            size += html.length();
        }
        var root = root(stored);
        if (shown.length() < STORED_TEXT && size < STORED_HTML && stored.details().has("text") && isShown(root)) {
            return false;
        }
        try {
            return TextParts.contain(messages.open(row()), root, text);
        } catch (StoreException.Missing expunged) {
            return false;
        } catch (IOException unreadable) {
            throw new UncheckedIOException(unreadable);
        }
    }

    /// Does what is stored to be shown hold all text of this part?
    private static boolean isShown(MimePart part) {
        if (part.message() != null) {
            return false;
        }
        if (part.isText()) {
            boolean shown = part.subtype().equals("plain") || part.subtype().equals("html");
            return shown && part.disposition() == null && part.filename().isEmpty();
        }
        return part.children().stream().allMatch(SearchedMessage::isShown);
    }

    private static String lower(String text) {
        return text.toLowerCase(Locale.ROOT);
    }

    private static MimePart root(MessageContent stored) {
        return PartMap.decode(stored.partMap().unsafeArray());
    }

    /// Null when the message went meanwhile: then it matches nothing.
    private @Nullable MessageContent content() {
        if (content == null && !gone) {
            try {
                content = messages.content(row());
            } catch (StoreException.Missing expunged) {
                gone = true;
            }
        }
        return content;
    }
}
