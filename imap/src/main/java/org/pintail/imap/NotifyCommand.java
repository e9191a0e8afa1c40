package org.pintail.imap;

import java.io.IOException;
import org.jspecify.annotations.Nullable;
import org.pintail.imap.wire.BadCommand;
import org.pintail.imap.wire.ImapReader;
import org.pintail.imap.wire.No;
import org.pintail.imap.wire.Responses;

/// NOTIFY — RFC 5465. [NotifyRequest] is what was asked for, [Notifier] tells it.
///
///     notify = "NOTIFY" SP ("NONE" / "SET" [SP "STATUS"] SP event-groups)
record NotifyCommand(@Nullable NotifyRequest request, boolean status) implements Command.InAuthenticated {
    static NotifyCommand parse(ImapReader in) throws IOException {
        in.sp();
        var word = in.word();
        if (word.equals("NONE")) {
            in.end();
            return new NotifyCommand(null, false);
        }
        if (!word.equals("SET")) {
            throw new BadCommand("expected NONE or SET");
        }
        in.sp();
        boolean status = in.peek() != '(';
        if (status) {
            if (!in.word().equals("STATUS")) {
                throw new BadCommand("expected STATUS or a group");
            }
            in.sp();
        }
        var request = NotifyRequest.parse(in);
        in.end();
        return new NotifyCommand(request, status);
    }

    @Override
    public Reply run(Authenticated session, Responses out) throws IOException {
        if (request != null && request.unknown()) {
            throw new No(
                    "BADEVENT (MessageNew MessageExpunge FlagChange MailboxName SubscriptionChange MailboxMetadataChange ServerMetadataChange)",
                    "There are events that are not known");
        }
        var announcer = session.dialogue().announcer();
        announcer.announce(CommandTable.Announces.EVERYTHING); // what went before is told as it was wanted then
        var wanted = request == null ? NotifyRequest.NOTHING : request;
        announcer.notifyOf(new Notifier(session, wanted, out, announcer::wake), status);
        return Reply.COMPLETED;
    }
}
