package org.pintail.imap;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.pintail.backend.Mailboxes;
import org.pintail.imap.wire.BadCommand;
import org.pintail.imap.wire.ImapReader;
import org.pintail.imap.wire.No;
import org.pintail.imap.wire.Responses;
import org.pintail.mail.Folders;
import org.pintail.mail.Refusal;

/// CREATE — RFC 3501 §6.3.3; `(USE (\Sent))` — RFC 6154 §3; MAILBOXID — RFC 8474 §4.1. A "/" at the end says that children are to come, and
/// the mailbox is made without it. New mailboxes are not subscribed.
///
///     create = "CREATE" SP mailbox [SP "(" "USE" SP "(" [use-attr *(SP use-attr)] ")" ")"]
record CreateCommand(String mailbox, List<String> uses) implements Command.InAuthenticated {
    /// Those a mailbox can have; views of messages that lie elsewhere (\All, \Flagged) are not made.
    private static final Map<String, String> USES = Map.of(
            "\\archive", "\\Archive",
            "\\drafts", "\\Drafts",
            "\\junk", "\\Junk",
            "\\sent", "\\Sent",
            "\\trash", "\\Trash");

    CreateCommand {
        uses = List.copyOf(uses);
    }

    static CreateCommand parse(ImapReader in) throws IOException {
        in.sp();
        var mailbox = in.mailbox();
        var uses = new ArrayList<String>();
        if (in.accept(' ')) {
            in.list(() -> {
                if (!in.word().equals("USE")) {
                    throw new BadCommand("only USE is known here");
                }
                in.sp();
                return uses.addAll(in.list(in::flag));
            });
        }
        in.end();
        return new CreateCommand(mailbox, uses);
    }

    @Override
    public Reply run(Authenticated session, Responses out) throws IOException {
        var parent = NewName.of(session, mailbox);
        var wanted = new Mailboxes.New(parent.owner(), parent.path(), use(), false, false, false, 0);
        try {
            var created = session.folders().create(wanted);
            parent.closest().ifPresent(p -> session.mail().sharing().inherit(p, created));
            var name = Folders.normalize(mailbox);
            if (session.dialogue().announcer().rev2() && !name.equals(mailbox)) {
                ListAnswer.renamed(name, mailbox, true, out); // RFC 9051 §6.3.4
            }
            return Reply.coded("MAILBOXID (" + created.id().hex() + ")");
        } catch (Refusal refused) {
            if (refused.code() == Refusal.Code.SPECIAL_USE_TAKEN) {
                throw new No("USEATTR", refused.text());
            }
            throw refused;
        }
    }

    private @Nullable String use() {
        if (uses.isEmpty()) {
            return null;
        }
        var known = USES.get(uses.getFirst().toLowerCase(Locale.ROOT));
        if (uses.size() > 1 || known == null) {
            throw new No("USEATTR", "A mailbox has one special use of \\Archive, \\Drafts, \\Junk, \\Sent, \\Trash");
        }
        return known;
    }
}
