package org.pintail.imap;

import java.io.IOException;
import java.util.List;
import org.pintail.imap.wire.BadCommand;
import org.pintail.imap.wire.ImapReader;

/// The options of LIST, RFC 5258 §3.
///
///     list-select-opts = "(" [select-opt *(SP select-opt)] ")"
///     select-opt = "SUBSCRIBED" / "REMOTE" / "RECURSIVEMATCH" / "SPECIAL-USE"
///     list-return-opts = "RETURN" SP "(" [return-opt *(SP return-opt)] ")"
///     return-opt = "SUBSCRIBED" / "CHILDREN" / "SPECIAL-USE" / "MYRIGHTS" / "STATUS" SP "(" status-att *(SP status-att) ")" /
///                  "METADATA" SP "(" entry *(SP entry) ")"
record ListOptions(Selection selection, Returned returned) {
    static final ListOptions BASIC = new ListOptions(
            new Selection(false, false, false, false), new Returned(false, true, true, false, List.of(), List.of()));

    /// Which names are wanted. `given`: there was such a list, if only an empty one. REMOTE adds nothing: no mailbox is on another server.
    record Selection(boolean given, boolean subscribed, boolean recursive, boolean specialUse) {
        boolean takes(MailboxTree.Row row) {
            return (!subscribed || row.subscribed()) && (!specialUse || row.specialUse() != null);
        }
    }

    /// What is told of each. RFC 5819: `status`; RFC 8440: `rights`; RFC 9590: `metadata`.
    record Returned(
            boolean subscribed,
            boolean children,
            boolean specialUse,
            boolean rights,
            List<StatusItem> status,
            List<String> metadata) {
        Returned {
            status = List.copyOf(status);
            metadata = List.copyOf(metadata);
        }
    }

    static Selection selection(ImapReader in) throws IOException {
        var words = in.list(in::word);
        boolean recursive = words.contains("RECURSIVEMATCH");
        for (var word : words) {
            switch (word) {
                case "SUBSCRIBED", "REMOTE", "RECURSIVEMATCH", "SPECIAL-USE" -> {}
                default -> throw new BadCommand("no such selection option");
            }
        }
        boolean subscribed = words.contains("SUBSCRIBED");
        boolean special = words.contains("SPECIAL-USE");
        if (recursive && !subscribed && !special) {
            throw new BadCommand("RECURSIVEMATCH needs something to look for");
        }
        return new Selection(true, subscribed, recursive, special);
    }

    /// After `RETURN`. A selection of subscribed names tells that they are.
    static Returned returned(ImapReader in, Selection selection) throws IOException {
        var found = new Collected();
        in.list(() -> found.read(in));
        return new Returned(
                found.subscribed || selection.subscribed,
                found.children,
                found.specialUse,
                found.rights,
                found.status,
                found.metadata);
    }

    /// Without `RETURN` everything is told that costs nothing.
    static Returned everything(Selection selection) {
        return new Returned(selection.subscribed, true, true, false, List.of(), List.of());
    }

    private static final class Collected {
        private boolean subscribed;
        private boolean children;
        private boolean specialUse;
        private boolean rights;
        private List<StatusItem> status = List.of();
        private List<String> metadata = List.of();

        String read(ImapReader in) throws IOException {
            var word = in.word();
            switch (word) {
                case "SUBSCRIBED" -> subscribed = true;
                case "CHILDREN" -> children = true;
                case "SPECIAL-USE" -> specialUse = true;
                case "MYRIGHTS" -> rights = true;
                case "STATUS" -> {
                    in.sp();
                    status = StatusItem.list(in);
                }
                case "METADATA" -> {
                    in.sp();
                    metadata = in.list(() -> MetadataEntry.read(in));
                    if (metadata.isEmpty()) {
                        throw new BadCommand("METADATA needs at least one entry");
                    }
                }
                default -> throw new BadCommand("no such return option");
            }
            return word;
        }
    }
}
