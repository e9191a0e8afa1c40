package org.pintail.imap;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import org.pintail.imap.wire.BadCommand;
import org.pintail.imap.wire.CommandLines;
import org.pintail.imap.wire.ImapReader;
import org.pintail.imap.wire.Responses;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// ID — RFC 2971.
///
///     id = "ID" SP ("(" [string SP nstring *(SP string SP nstring)] ")" / nil)
record IdCommand(List<String> known) implements Command.InAnyState {
    private static final Logger LOG = LoggerFactory.getLogger(IdCommand.class);
    private static final Set<String> KNOWN = Set.of(
            "name",
            "version",
            "os",
            "os-version",
            "vendor",
            "support-url",
            "address",
            "date",
            "command",
            "arguments",
            "environment");

    IdCommand {
        known = List.copyOf(known);
    }

    static IdCommand parse(ImapReader in) throws IOException {
        in.sp();
        var known = new ArrayList<String>();
        if (in.peek() != '(') {
            if (!in.atom().equalsIgnoreCase("NIL")) {
                throw new BadCommand("expected a list or NIL");
            }
        } else if (in.list(() -> pair(in, known)).size() > CommandLines.ID_FIELDS) {
            throw new BadCommand("too many fields");
        }
        in.end();
        return new IdCommand(known);
    }

    private static String pair(ImapReader in, List<String> known) throws IOException {
        var name = in.text().toLowerCase(Locale.ROOT);
        in.sp();
        var value = in.nstring();
        if (value != null && KNOWN.contains(name)) {
            known.add(name + "=" + printable(value));
        }
        return name;
    }

    private static String printable(String value) {
        var out = new StringBuilder();
        for (int i = 0; i < Math.min(value.length(), 200); i++) {
            char c = value.charAt(i);
            out.append(c < ' ' || c == 0x7f ? '?' : c);
        }
        return out.toString();
    }

    @Override
    public Reply run(Dialogue dialogue, Responses out) throws IOException {
        LOG.info("imap client id session={} fields={}", dialogue.sessionId(), known);
        out.untagged("ID (\"name\" \"Pintail\" \"vendor\" \"Pintail\")");
        return Reply.COMPLETED;
    }
}
