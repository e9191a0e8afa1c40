package org.pintail.imap;

import java.io.IOException;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.pintail.backend.Bytes;
import org.pintail.imap.wire.BadCommand;
import org.pintail.imap.wire.ImapReader;
import org.pintail.imap.wire.No;
import org.pintail.imap.wire.Responses;
import org.pintail.mail.Annotations;
import org.pintail.mail.Refusal;

/// SETMETADATA — RFC 5464 §4.3: all of it or nothing. NIL removes. The mailbox "" is the server.
///
///     setmetadata = "SETMETADATA" SP mailbox SP "(" entry SP value *(SP entry SP value) ")"
record SetMetadataCommand(String mailbox, Map<String, @Nullable Bytes> values) implements Command.InAuthenticated {
    private static final String TOO_BIG = "METADATA MAXSIZE " + Annotations.MOST_BYTES;

    static SetMetadataCommand parse(ImapReader in) throws IOException {
        in.sp();
        var mailbox = in.mailbox();
        in.sp();
        var values = new LinkedHashMap<String, @Nullable Bytes>();
        in.list(() -> {
            var name = MetadataEntry.read(in);
            in.sp();
            var value = in.value(Annotations.MOST_BYTES, TOO_BIG);
            values.put(name, value == null ? null : Bytes.wrap(value));
            return name;
        });
        if (values.isEmpty()) {
            throw new BadCommand("SETMETADATA needs at least one entry");
        }
        in.end();
        return new SetMetadataCommand(mailbox, values);
    }

    @Override
    public Reply run(Authenticated session, Responses out) {
        try {
            Metadata.of(session, mailbox).change(values);
            return Reply.COMPLETED;
        } catch (Refusal refused) {
            throw switch (refused.code()) {
                case NOT_ALLOWED -> new No("METADATA TOOMANY", refused.text());
                case TOO_BIG -> new No(TOO_BIG, refused.text());
                default -> refused;
            };
        }
    }
}
