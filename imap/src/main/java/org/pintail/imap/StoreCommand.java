package org.pintail.imap;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import org.pintail.backend.Flags;
import org.pintail.backend.NewFlags;
import org.pintail.imap.view.SelectedMailbox;
import org.pintail.imap.wire.BadCommand;
import org.pintail.imap.wire.ImapReader;
import org.pintail.imap.wire.No;
import org.pintail.imap.wire.Responses;
import org.pintail.imap.wire.SequenceSet;
import org.pintail.mail.Rights;

/// STORE — RFC 3501 §6.4.6; UNCHANGEDSINCE — RFC 7162 §3.1.3. Messages whose flags stay as they were get no answer. That some are expunged is
/// no failure: the others have their flags.
///
///     store = "STORE" SP sequence-set [SP "(" "UNCHANGEDSINCE" SP mod-sequence ")"] SP store-att-flags
///     store-att-flags = (["+" / "-"] "FLAGS" [".SILENT"]) SP (flag-list / (flag *(SP flag)))
record StoreCommand(SequenceSet set, boolean byUid, long unchangedSince, Action action, boolean silent, Flags flags)
        implements Command.InSelected {
    private static final long ALWAYS = Long.MAX_VALUE;

    enum Action {
        REPLACE,
        ADD,
        REMOVE
    }

    static StoreCommand parse(ImapReader in, boolean byUid) throws IOException {
        in.sp();
        var set = in.sequenceSet();
        in.sp();
        long unchangedSince = ALWAYS;
        if (in.accept('(')) {
            if (!in.word().equals("UNCHANGEDSINCE")) {
                throw new BadCommand("expected UNCHANGEDSINCE");
            }
            in.sp();
            unchangedSince = in.number();
            in.expect(')');
            in.sp();
        }
        var action = in.accept('+') ? Action.ADD : in.accept('-') ? Action.REMOVE : Action.REPLACE;
        var word = in.word();
        if (!word.equals("FLAGS") && !word.equals("FLAGS.SILENT")) {
            throw new BadCommand("Unexpected STORE argument");
        }
        in.sp();
        var flags = FlagNames.check(in.peek() == '(' ? in.list(in::flag) : bare(in), "STORE");
        in.end();
        return new StoreCommand(set, byUid, unchangedSince, action, word.endsWith(".SILENT"), flags);
    }

    private static List<String> bare(ImapReader in) {
        var names = new ArrayList<String>();
        do {
            names.add(in.flag());
        } while (in.accept(' '));
        return names;
    }

    @Override
    public Reply run(Authenticated session, SelectedMailbox selected, Responses out) throws IOException {
        if (selected.readOnly()) {
            return Reply.ok("STORE ignored with read-only mailbox");
        }
        var dialogue = session.dialogue();
        var rights = session.rights(selected);
        FlagRights.requireAny(flags, rights, action == Action.REPLACE);
        boolean conditional = unchangedSince != ALWAYS;
        if (conditional) {
            dialogue.announcer().enableCondstore();
        }
        dialogue.announcer().refresh();
        var wanted = selected.indexes(set, byUid);
        dialogue.messageLimit().keep(wanted, selected);
        var done = session.messages()
                .changeFlagsSoon(
                        selected.id(),
                        selected.uids(wanted),
                        before -> change(before, rights),
                        unchangedSince,
                        session.session());
        selected.told(done.changed());
        if (!silent || dialogue.announcer().condstore()) {
            for (var message : done.changed()) {
                answer(message, selected.index(message.uid()) + 1, dialogue.announcer(), out);
            }
        }
        var modified = done.modified().stream()
                .sorted()
                .map(uid -> byUid ? uid : Long.valueOf(selected.index(uid) + 1))
                .toList();
        var code = modified.isEmpty() ? null : "MODIFIED " + SequenceSet.write(modified);
        if (conditional && !silent && selected.anyGone(wanted)) {
            throw new No(code, "Some of the messages no longer exist"); // RFC 7162 §3.1.3
        }
        if (code != null) {
            return Reply.ok(code, "Conditional STORE failed");
        }
        return conditional ? Reply.ok("Conditional STORE completed") : Reply.COMPLETED;
    }

    private Flags change(Flags before, Rights rights) {
        var allowed = FlagRights.allowed(flags, rights);
        var after =
                switch (action) {
                    case REPLACE -> allowed.plus(before.minus(FlagRights.allowed(before, rights)));
                    case ADD -> before.plus(allowed);
                    case REMOVE -> before.minus(allowed);
                };
        return same(before, after) ? before : after;
    }

    private static boolean same(Flags a, Flags b) {
        return a.system() == b.system()
                && a.keywords().size() == b.keywords().size()
                && a.keywords().stream().allMatch(b::hasKeyword);
    }

    private void answer(NewFlags message, int number, Announcer announcer, Responses out) throws IOException {
        announcer.introduce(message.flags());
        announcer.begin(number, message.uid(), byUid);
        out.ascii("FLAGS ").flags(message.flags(), announcer.isRecent(message.uid()));
        if (announcer.condstore()) {
            out.ascii(" MODSEQ (").number(message.modSeq()).put(')');
        }
        out.put(')').crlf();
    }
}
