package org.pintail.imap;

import java.io.IOException;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.pintail.imap.wire.ImapReader;

/// Every command with its facts: the states it may be given in, and what may be announced before its tagged reply.
final class CommandTable {
    /// RFC 3501 §3, as commands are listed there.
    enum States {
        ANY,
        NOT_AUTHENTICATED,
        AUTHENTICATED_ONLY,
        AUTHENTICATED,
        SELECTED
    }

    /// RFC 3501 §7.4.1: no EXPUNGE while FETCH, STORE and SEARCH work with sequence numbers.
    enum Announces {
        NOTHING,
        ALL_BUT_EXPUNGE,
        EVERYTHING
    }

    /// Reads the arguments, from the space after the name to the end of the command.
    interface Parser {
        Command parse(ImapReader in) throws IOException;
    }

    record Entry(String name, States states, Announces announces, Parser parser) {
        /// Does it take sequence numbers (RFC 9586 §3)? Those in search keys are looked for when the keys are read.
        boolean usesNumbers() {
            return NUMBERED.contains(name);
        }
    }

    private static final Set<String> NUMBERED = Set.of("FETCH", "STORE", "COPY", "MOVE", "REPLACE", "SEARCH", "SORT", "THREAD");
    private static final Map<String, Entry> ENTRIES = byName(entries());

    private CommandTable() {}

    static Collection<Entry> all() {
        return ENTRIES.values();
    }

    static @Nullable Entry find(String name) {
        return ENTRIES.get(name);
    }

    private static Map<String, Entry> byName(List<Entry> entries) {
        var map = new HashMap<String, Entry>();
        for (var e : entries) {
            map.put(e.name(), e);
        }
        return Map.copyOf(map);
    }

    private static List<Entry> entries() {
        var all = new ArrayList<Entry>();
        all.addAll(anyState());
        all.addAll(mailboxes());
        all.addAll(messages());
        return all;
    }

    private static List<Entry> anyState() {
        return List.of(
                new Entry("CAPABILITY", States.ANY, Announces.EVERYTHING, CapabilityCommand::parse),
                new Entry("NOOP", States.ANY, Announces.EVERYTHING, in -> NoopCommand.parse(in, "Nothing done")),
                new Entry("LOGOUT", States.ANY, Announces.NOTHING, LogoutCommand::parse),
                new Entry("ID", States.ANY, Announces.EVERYTHING, IdCommand::parse),
                new Entry("STARTTLS", States.NOT_AUTHENTICATED, Announces.NOTHING, StartTlsCommand::parse),
                new Entry("LOGIN", States.NOT_AUTHENTICATED, Announces.NOTHING, LoginCommand::parse),
                new Entry("AUTHENTICATE", States.NOT_AUTHENTICATED, Announces.NOTHING, AuthenticateCommand::parse),
                new Entry("ENABLE", States.AUTHENTICATED_ONLY, Announces.NOTHING, EnableCommand::parse),
                new Entry("COMPRESS", States.AUTHENTICATED, Announces.NOTHING, CompressCommand::parse),
                new Entry("UNAUTHENTICATE", States.AUTHENTICATED, Announces.NOTHING, UnauthenticateCommand::parse));
    }

    private static List<Entry> mailboxes() {
        var states = States.AUTHENTICATED;
        var announces = Announces.EVERYTHING;
        return List.of(
                new Entry("NAMESPACE", states, announces, NamespaceCommand::parse),
                new Entry("LIST", states, announces, in -> ListCommand.parse(in, false)),
                new Entry("XLIST", states, announces, in -> ListCommand.parse(in, true)),
                new Entry("LSUB", states, announces, LsubCommand::parse),
                new Entry("SUBSCRIBE", states, announces, in -> SubscribeCommand.parse(in, true)),
                new Entry("UNSUBSCRIBE", states, announces, in -> SubscribeCommand.parse(in, false)),
                new Entry("CREATE", states, announces, CreateCommand::parse),
                new Entry("DELETE", states, announces, DeleteCommand::parse),
                new Entry("RENAME", states, announces, RenameCommand::parse),
                new Entry("SELECT", states, Announces.NOTHING, in -> SelectCommand.parse(in, false)),
                new Entry("EXAMINE", states, Announces.NOTHING, in -> SelectCommand.parse(in, true)),
                new Entry("STATUS", states, announces, StatusCommand::parse),
                new Entry("ESEARCH", states, announces, MultiSearchCommand::parse),
                new Entry("APPEND", states, announces, AppendCommand::parse),
                new Entry("IDLE", states, announces, IdleCommand::parse),
                new Entry("NOTIFY", states, announces, NotifyCommand::parse),
                new Entry("SETACL", states, announces, in -> AclCommand.parse(in, AclCommand.Kind.SETACL)),
                new Entry("DELETEACL", states, announces, in -> AclCommand.parse(in, AclCommand.Kind.DELETEACL)),
                new Entry("GETACL", states, announces, in -> AclCommand.parse(in, AclCommand.Kind.GETACL)),
                new Entry("LISTRIGHTS", states, announces, in -> AclCommand.parse(in, AclCommand.Kind.LISTRIGHTS)),
                new Entry("MYRIGHTS", states, announces, in -> AclCommand.parse(in, AclCommand.Kind.MYRIGHTS)),
                new Entry(ApplePushCommand.NAME, states, announces, ApplePushCommand::parse),
                new Entry("GETMETADATA", states, announces, GetMetadataCommand::parse),
                new Entry("SETMETADATA", states, announces, SetMetadataCommand::parse),
                new Entry("GETQUOTAROOT", states, announces, in -> QuotaCommand.parse(in, QuotaCommand.Kind.GETQUOTAROOT)),
                new Entry("GETQUOTA", states, announces, in -> QuotaCommand.parse(in, QuotaCommand.Kind.GETQUOTA)),
                new Entry("SETQUOTA", states, announces, in -> QuotaCommand.parse(in, QuotaCommand.Kind.SETQUOTA)));
    }

    private static List<Entry> messages() {
        var states = States.SELECTED;
        return List.of(
                new Entry("CHECK", states, Announces.EVERYTHING, in -> NoopCommand.parse(in, null)),
                new Entry("CLOSE", states, Announces.NOTHING, in -> CloseCommand.parse(in, true)),
                new Entry("UNSELECT", states, Announces.NOTHING, in -> CloseCommand.parse(in, false)),
                new Entry("EXPUNGE", states, Announces.EVERYTHING, in -> ExpungeCommand.parse(in, false)),
                new Entry("UID EXPUNGE", states, Announces.EVERYTHING, in -> ExpungeCommand.parse(in, true)),
                new Entry("COPY", states, Announces.EVERYTHING, in -> CopyCommand.parse(in, false, false)),
                new Entry("UID COPY", states, Announces.EVERYTHING, in -> CopyCommand.parse(in, true, false)),
                new Entry("MOVE", states, Announces.EVERYTHING, in -> CopyCommand.parse(in, false, true)),
                new Entry("UID MOVE", states, Announces.EVERYTHING, in -> CopyCommand.parse(in, true, true)),
                new Entry("REPLACE", states, Announces.EVERYTHING, in -> ReplaceCommand.parse(in, false)),
                new Entry("UID REPLACE", states, Announces.EVERYTHING, in -> ReplaceCommand.parse(in, true)),
                new Entry("FETCH", states, Announces.NOTHING, in -> FetchCommand.parse(in, false)),
                new Entry("UID FETCH", states, Announces.NOTHING, in -> FetchCommand.parse(in, true)),
                new Entry("STORE", states, Announces.NOTHING, in -> StoreCommand.parse(in, false)),
                new Entry("UID STORE", states, Announces.EVERYTHING, in -> StoreCommand.parse(in, true)),
                new Entry("SEARCH", states, Announces.ALL_BUT_EXPUNGE, in -> SearchCommand.parse(in, false)),
                new Entry("UID SEARCH", states, Announces.EVERYTHING, in -> SearchCommand.parse(in, true)),
                new Entry("SORT", states, Announces.ALL_BUT_EXPUNGE, in -> SortCommand.parse(in, false)),
                new Entry("UID SORT", states, Announces.EVERYTHING, in -> SortCommand.parse(in, true)),
                new Entry("THREAD", states, Announces.ALL_BUT_EXPUNGE, in -> ThreadCommand.parse(in, false)),
                new Entry("UID THREAD", states, Announces.EVERYTHING, in -> ThreadCommand.parse(in, true)),
                new Entry("CANCELUPDATE", states, Announces.EVERYTHING, CancelUpdateCommand::parse),
                new Entry("UIDBATCHES", states, Announces.EVERYTHING, UidBatchesCommand::parse));
    }
}
