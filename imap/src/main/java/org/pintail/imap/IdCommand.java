package org.pintail.imap;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// ID — RFC 2971.
///
///     id = "ID" SP ("(" [string SP nstring *(SP string SP nstring)] ")" / nil)
record IdCommand(List<String> known) implements Command.InAnyState {
    private static final Logger LOG = LoggerFactory.getLogger(IdCommand.class);
    private static final int FIELDS = 30; // RFC 2971 §3.3
    private static final int FIELD = 30;
    private static final int TAG_AND_NAME = 300;
    private static final int VALUE = 1024;
    /// Bytes of the longest line that says who a client is: every character quoted, with quotes and spaces around.
    static final int LONGEST = TAG_AND_NAME + FIELDS * (2 * FIELD + 2 * VALUE + 6);
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
        } else if (in.list(() -> pair(in, known)).size() > FIELDS) {
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
