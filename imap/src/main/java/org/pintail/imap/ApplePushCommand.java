package org.pintail.imap;

import java.io.IOException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.regex.Pattern;
import org.pintail.backend.MailboxId;
import org.pintail.imap.wire.BadCommand;
import org.pintail.imap.wire.ImapReader;
import org.pintail.imap.wire.No;
import org.pintail.imap.wire.Responses;
import org.pintail.mail.Right;

/// XAPPLEPUSHSERVICE: a device asks to be woken when messages come. Apple has no text about it; this is what its clients send.
///
///     xapplepushservice = "XAPPLEPUSHSERVICE" 1*(SP pair)
///     pair = "mailboxes" SP "(" [mailbox *(SP mailbox)] ")" / atom SP astring
record ApplePushCommand(Map<String, String> values, List<String> mailboxes) implements Command.InAuthenticated {
    static final String NAME = "XAPPLEPUSHSERVICE";
    private static final String MAILBOXES = "mailboxes";
    private static final String VERSION = "2";
    private static final String MAIL = "com.apple.mobilemail";
    private static final Pattern TOKEN = Pattern.compile("(?:[0-9a-fA-F]{2}){4,100}");
    private static final int LONGEST_ACCOUNT = 200;
    private static final int MOST_PAIRS = 20;
    private static final int MOST_MAILBOXES = 100;

    ApplePushCommand {
        values = Map.copyOf(values);
        mailboxes = List.copyOf(mailboxes);
    }

    static ApplePushCommand parse(ImapReader in) throws IOException {
        var values = new HashMap<String, String>();
        var mailboxes = new ArrayList<String>();
        in.sp();
        pair(in, values, mailboxes);
        while (in.accept(' ')) {
            if (values.size() == MOST_PAIRS) {
                throw new BadCommand("too many pairs");
            }
            pair(in, values, mailboxes);
        }
        in.end();
        return new ApplePushCommand(values, mailboxes);
    }

    private static void pair(ImapReader in, Map<String, String> values, List<String> mailboxes) throws IOException {
        var name = in.atom().toLowerCase(Locale.ROOT);
        in.sp();
        if (name.equals(MAILBOXES)) {
            mailboxes.addAll(in.list(in::mailbox));
        } else if (values.put(name, in.text()) != null) {
            throw new BadCommand(name + " stands there twice");
        }
    }

    /// Nothing is kept unless every mailbox may be read.
    @Override
    public Reply run(Authenticated session, Responses out) throws IOException {
        var push = session.dialogue().push().orElseThrow();
        expect("aps-version", VERSION);
        expect("aps-subtopic", MAIL);
        var account = value("aps-account-id");
        var token = value("aps-device-token");
        if (account.isEmpty() || account.length() > LONGEST_ACCOUNT) {
            throw wrong("aps-account-id: expected 1 to " + LONGEST_ACCOUNT + " characters");
        }
        if (!TOKEN.matcher(token).matches()) {
            throw wrong("aps-device-token: expected 8 to 200 hexadecimal digits");
        }
        session.mail().pushDevices().register(session.id(), token.toLowerCase(Locale.ROOT), account, readable(session));
        out.untagged(NAME + " aps-version \"" + VERSION + "\" aps-topic \"" + push.topic() + "\"");
        return Reply.COMPLETED;
    }

    private void expect(String name, String right) {
        if (!value(name).equals(right)) {
            throw wrong(name + ": expected " + right);
        }
    }

    private String value(String name) {
        var value = values.get(name);
        if (value == null) {
            throw wrong("expected " + name);
        }
        return value;
    }

    private static No wrong(String text) {
        return new No("CLIENTBUG", text);
    }

    private List<MailboxId> readable(Authenticated session) {
        if (mailboxes.isEmpty() || mailboxes.size() > MOST_MAILBOXES) {
            throw wrong("mailboxes: expected 1 to " + MOST_MAILBOXES + " names");
        }
        return mailboxes.stream()
                .map(path -> session.permitted(path, Right.READ).mailbox().id())
                .distinct()
                .toList();
    }
}
