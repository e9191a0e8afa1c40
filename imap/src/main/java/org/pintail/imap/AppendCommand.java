package org.pintail.imap;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import org.pintail.imap.wire.ImapReader;
import org.pintail.imap.wire.No;
import org.pintail.imap.wire.Responses;

/// APPEND — RFC 3501 §6.3.11; several messages — RFC 3502; APPENDUID — RFC 4315 §3. Messages stream into spools as they are read.
///
///     append = "APPEND" SP mailbox 1*(SP append-message)
record AppendCommand(String mailbox, List<AppendMessage> messages) implements Command.InAuthenticated, AutoCloseable {
    AppendCommand {
        messages = List.copyOf(messages);
    }

    static AppendCommand parse(ImapReader in) throws IOException {
        in.sp();
        var mailbox = in.mailbox();
        var messages = new ArrayList<AppendMessage>();
        try {
            long received = 0;
            do {
                in.sp();
                var message = AppendMessage.parse(in);
                messages.add(message);
                received += message.received();
                if (received > in.limits().appendTogether()) {
                    throw new No("TOOBIG", "Messages together are larger than " + in.limits().appendTogether() + " bytes");
                }
            } while (!in.atEnd());
            return new AppendCommand(mailbox, messages);
        } catch (IOException | RuntimeException e) {
            messages.forEach(AppendMessage::close);
            throw e;
        }
    }

    @Override
    public Reply run(Authenticated session, Responses out) throws IOException {
        try {
            var appending = Appending.into(session, mailbox);
            return Reply.coded(appending.code(appending.append(messages, 0)));
        } finally {
            close();
        }
    }

    @Override
    public void close() {
        messages.forEach(AppendMessage::close);
    }
}
