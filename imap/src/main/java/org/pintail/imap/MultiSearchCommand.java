package org.pintail.imap;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.pintail.backend.StoreException;
import org.pintail.imap.search.SearchParser;
import org.pintail.imap.search.SearchProgram;
import org.pintail.imap.view.SelectedMailbox;
import org.pintail.imap.wire.BadCommand;
import org.pintail.imap.wire.ImapReader;
import org.pintail.imap.wire.Progress;
import org.pintail.imap.wire.Responses;
import org.pintail.mail.Right;

/// ESEARCH, a search of several mailboxes — RFC 7377. Each with a match has an answer of its own; those that are not there, or may not be
/// read, have none.
///
///     esearch       = "ESEARCH" [SP "IN" SP "(" source-mbox *(SP source-mbox) ")"] [SP return-opts] SP search-program
///     source-mbox   = "selected" / filter-mailboxes
///
/// @param selected is the selected mailbox among them? Without IN it is the only one
record MultiSearchCommand(boolean selected, List<NotifyRequest.Group> others, ReturnOptions options, SearchProgram program)
        implements Command.InAuthenticated {
    MultiSearchCommand {
        others = List.copyOf(others);
    }

    static MultiSearchCommand parse(ImapReader in) throws IOException {
        var others = new ArrayList<NotifyRequest.Group>();
        boolean named = in.looksAt(" IN ");
        boolean selected = !named;
        if (named) {
            in.sp();
            in.word();
            in.sp();
            var words = in.list(() -> {
                var word = in.word();
                if (!word.equals("SELECTED")) {
                    others.add(NotifyRequest.Group.parse(in, word));
                }
                return word;
            });
            if (words.isEmpty()) {
                throw new BadCommand("expected mailboxes to search");
            }
            selected = words.contains("SELECTED");
        }
        var options = ReturnOptions.parse(in);
        var program = new SearchParser(in).program();
        if (program.usesNumbers()) {
            throw new BadCommand("Sequence numbers say nothing about several mailboxes");
        }
        return new MultiSearchCommand(selected, others, options == null ? ReturnOptions.ALL : options, program);
    }

    @Override
    public Reply run(Authenticated session, Responses out) throws IOException {
        var announcer = session.dialogue().announcer();
        var current = announcer.selected();
        if (selected && current == null) {
            throw new BadCommand("No mailbox is selected");
        }
        if (options.has(ReturnOptions.Item.UPDATE)) { // RFC 7377 §2.2
            if (current == null) {
                throw new BadCommand("UPDATE goes with the selected mailbox only, and there is none");
            }
            announcer.contexts().requireUnused(session.dialogue().tag());
        }
        if (options.has(ReturnOptions.Item.SAVE) && !others.isEmpty()) {
            throw new BadCommand("SAVE goes with the selected mailbox only");
        }
        if (current == null) {
            return search(session, null, out);
        }
        return ReturnOptions.keeping(options, current, () -> search(session, current, out));
    }

    private Reply search(Authenticated session, @Nullable SelectedMailbox current, Responses out) throws IOException {
        var begun = new SearchFilters(session).begin(program);
        for (var access : sources(session, current)) {
            boolean open = current != null && current.id().equals(access.mailbox().id());
            try {
                search(session, access, open && current != null ? current : opened(session, access), begun, out);
            } catch (StoreException.Missing deleted) {
                continue; // it went meanwhile
            }
        }
        return Reply.COMPLETED;
    }

    private void search(Authenticated session, Access access, SelectedMailbox box, SearchProgram begun, Responses out)
            throws IOException {
        var progress = new Progress(session.mail().clock(), out, session.dialogue().tag());
        var found = session.search(box, progress).find(begun.key());
        var result = FoundMessages.of(box, found, true, begun.usesModSeq());
        if (options.has(ReturnOptions.Item.SAVE)) {
            result.save(options);
        }
        if (!found.isEmpty() && options.answers()) {
            result.writeExtended(session.dialogue().tag(), access, options, out);
        }
        var dialogue = session.dialogue();
        if (options.has(ReturnOptions.Item.UPDATE) && box == dialogue.announcer().selected()) {
            var question = new SearchContext.Question(begun, true, null, options.news());
            var context = new SearchContext(dialogue.tag(), question);
            dialogue.announcer().contexts().add(session, box, context, result.indexes(), out);
        }
    }

    private static SelectedMailbox opened(Authenticated session, Access access) {
        return new SelectedMailbox(access.mailbox().id(), true, session.dialogue().kept().snapshots());
    }

    /// Each once, in the order of LIST.
    private List<Access> sources(Authenticated session, @Nullable SelectedMailbox current) {
        boolean inboxes = others.stream().anyMatch(g -> g.filter() == NotifyRequest.Filter.INBOXES);
        var names = inboxes ? NotifyLook.inboxes(session) : Set.<String>of();
        var found = new ArrayList<Access>();
        for (var row : MailboxTree.of(session, new MailboxTree.Scope(true, true))) {
            var access = row.access();
            if (access == null || !access.may(Right.READ)) {
                continue;
            }
            var mailbox = access.mailbox();
            boolean open = selected && current != null && current.id().equals(mailbox.id());
            boolean own = mailbox.account().equals(session.id());
            if (open || others.stream().anyMatch(g -> g.takes(row, names, own))) {
                found.add(access);
            }
        }
        return found;
    }
}
