package org.pintail.imap;

import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.pintail.backend.Document;
import org.pintail.backend.Flags;
import org.pintail.mail.Mailstore;
import org.pintail.mail.Refusal;
import org.pintail.mime.Spool;

/// APPEND — RFC 3501 §6.3.11; APPENDUID — RFC 4315 §3; `UTF8 (~{…})` — RFC 6855 §4. The message streams into a [Spool] as it is read.
///
///     append = "APPEND" SP mailbox [SP flag-list] [SP date-time] SP (literal / "UTF8" SP "(" literal8 ")")
record AppendCommand(String mailbox, Flags flags, @Nullable Instant date, Spool message) implements Command.InAuthenticated {
    private static final Duration AHEAD = Duration.ofHours(24);

    static AppendCommand parse(ImapReader in) throws IOException {
        in.sp();
        var mailbox = in.mailbox();
        in.sp();
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
        boolean utf8 = in.looksAt("UTF8");
        if (utf8) {
            in.word();
            in.sp();
            in.expect('(');
        }
        var message = in.message();
        try {
            if (utf8) {
                in.expect(')');
            }
            in.end();
        } catch (BadCommand bad) {
            message.close();
            throw bad;
        }
        return new AppendCommand(mailbox, flags, date, message);
    }

    @Override
    public Reply run(Authenticated session, Responses out) {
        try (message) {
            if (message.size() == 0) {
                throw new No("Can't save a zero byte message.");
            }
            checkDate(session.mail().clock().instant());
            var to = session.target(mailbox);
            TrafficLimits.UPLOAD.check(session);
            var account = session.account();
            var meta = Document.of(
                    "source", "IMAP",
                    "from", "",
                    "to", List.of(account.address()),
                    "origin", session.dialogue().connection().remoteIp(),
                    "transtype", "APPEND",
                    "time", session.mail().clock().instant());
            var where = new Mailstore.Placement(
                    account, to.id(), flags, date, new byte[0], meta, true, session.session());
            var row = session.mail().mailstore().append(message, where);
            TrafficLimits.UPLOAD.count(session, message.size());
            return Reply.coded("APPENDUID " + to.uidValidity() + " " + row.uid());
        } catch (Refusal refused) {
            if (refused.code() == Refusal.Code.NO_SUCH_MAILBOX) {
                throw new No("TRYCREATE", refused.text());
            }
            throw refused;
        }
    }

    private void checkDate(Instant now) {
        if (date != null && (date.isAfter(now.plus(AHEAD)) || date.getEpochSecond() <= 1)) {
            throw new BadCommand("Invalid date-time: out of range");
        }
    }
}
