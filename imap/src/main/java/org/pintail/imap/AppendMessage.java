package org.pintail.imap;

import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.pintail.backend.Flags;
import org.pintail.imap.wire.BadCommand;
import org.pintail.imap.wire.ImapDate;
import org.pintail.imap.wire.ImapReader;
import org.pintail.imap.wire.No;
import org.pintail.mime.Spool;

/// One message of APPEND or REPLACE, its bytes already here.
///
///     append-message = [SP flag-list] [SP date-time] SP append-data
///     append-data = literal / literal8 / "UTF8" SP "(" literal8 ")" / "CATENATE" SP "(" cat-part *(SP cat-part) ")"
///     cat-part = "TEXT" SP literal / "URL" SP astring
///
/// literal8: RFC 3516 §4.4; UTF8: RFC 6855 §4; CATENATE: RFC 4469 §3. Whoever has one closes it.
record AppendMessage(Flags flags, @Nullable Instant date, List<Part> parts) implements AutoCloseable {
    private static final Duration AHEAD = Duration.ofHours(24);

    /// What a message is put together from; most have one part.
    sealed interface Part {
        record Text(Spool bytes) implements Part {}

        record Url(String url) implements Part {}
    }

    AppendMessage {
        parts = List.copyOf(parts);
    }

    /// Begins behind the space before the message. Closes what it has read when it fails.
    static AppendMessage parse(ImapReader in) throws IOException {
        var flags = Flags.NONE;
        if (in.peek() == '(') {
            List<String> names = in.list(in::flag);
            flags = FlagNames.check(names, "APPEND");
            in.sp();
        }
        Instant date = null;
        if (in.peek() == '"') {
            date = ImapDate.dateTime(in.string());
            in.sp();
        }
        var parts = new ArrayList<Part>();
        try {
            data(in, parts);
            return new AppendMessage(flags, date, parts);
        } catch (IOException | RuntimeException e) {
            close(parts);
            throw e;
        }
    }

    private static void data(ImapReader in, List<Part> parts) throws IOException {
        if (in.looksAt("CATENATE ")) {
            in.word();
            in.sp();
            in.list(() -> parts.add(part(in)));
            if (parts.isEmpty()) {
                throw new BadCommand("CATENATE needs at least one part");
            }
        } else if (in.looksAt("UTF8 ")) {
            in.word();
            in.sp();
            in.expect('(');
            parts.add(new Part.Text(in.message()));
            in.expect(')');
        } else {
            boolean binary = in.peek() == '~';
            var message = in.message();
            parts.add(new Part.Text(message));
            if (binary) {
                parts.set(0, new Part.Text(BinaryParts.encoded(message, in.newSpool())));
            }
        }
    }

    private static Part part(ImapReader in) throws IOException {
        var word = in.word();
        in.sp();
        return switch (word) {
            case "TEXT" -> new Part.Text(in.message());
            case "URL" -> new Part.Url(in.text());
            default -> throw new BadCommand("expected TEXT or URL");
        };
    }

    /// RFC 3502 §5: an empty message ends an APPEND of several without any of them.
    void check(Instant now) {
        if (parts.size() == 1 && parts.getFirst() instanceof Part.Text(var bytes) && bytes.size() == 0) {
            throw new No("Can't save a zero byte message.");
        }
        if (date != null && (date.isAfter(now.plus(AHEAD)) || date.getEpochSecond() <= 1)) {
            throw new BadCommand("Invalid date-time: out of range");
        }
    }

    /// Bytes that came with the command.
    long received() {
        long sum = 0;
        for (var part : parts) {
            sum += part instanceof Part.Text(var bytes) ? bytes.size() : 0;
        }
        return sum;
    }

    @Override
    public void close() {
        close(parts);
    }

    private static void close(List<Part> parts) {
        for (var part : parts) {
            if (part instanceof Part.Text(var bytes)) {
                bytes.close();
            }
        }
    }
}
