package org.pintail.imap;

import static org.assertj.core.api.Assertions.assertThat;
import static org.pintail.imap.ImapFixture.say;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.pintail.imap.wire.ImapLimits;

/// Every command against mailboxes of somebody else (RFC 4314 §4, §6). Bob has a message of his own in his INBOX, which is selected.
class OwnershipTest {
    /// Every command that takes the name of a mailbox, `%s`. One that is new has to stand here or among [#NAMELESS].
    private static final Map<String, List<String>> NAMING = new TreeMap<>(Map.ofEntries(
            Map.entry("SELECT", List.of("SELECT %s")),
            Map.entry("EXAMINE", List.of("EXAMINE %s")),
            Map.entry("STATUS", List.of("STATUS %s (MESSAGES UIDNEXT)")),
            Map.entry("CREATE", List.of("CREATE %s", "CREATE %s/child")),
            Map.entry("DELETE", List.of("DELETE %s")),
            Map.entry("RENAME", List.of("RENAME %s Taken", "RENAME Mine %s", "RENAME %s Users/alice/Other")),
            Map.entry("SUBSCRIBE", List.of("SUBSCRIBE %s")),
            Map.entry("UNSUBSCRIBE", List.of("UNSUBSCRIBE %s")),
            Map.entry("LIST", List.of("LIST \"\" %s", "LIST \"\" Users/*", "LIST (SUBSCRIBED) \"\" %s RETURN (STATUS (MESSAGES))")),
            Map.entry("XLIST", List.of("XLIST \"\" %s")),
            Map.entry("LSUB", List.of("LSUB \"\" %s")),
            Map.entry("APPEND", List.of("APPEND %s {3+}\r\nx\r\n")),
            Map.entry("GETQUOTAROOT", List.of("GETQUOTAROOT %s")),
            Map.entry("SETACL", List.of("SETACL %s bob lr")),
            Map.entry("DELETEACL", List.of("DELETEACL %s bob")),
            Map.entry("GETACL", List.of("GETACL %s")),
            Map.entry("LISTRIGHTS", List.of("LISTRIGHTS %s bob")),
            Map.entry("MYRIGHTS", List.of("MYRIGHTS %s")),
            Map.entry(
                    "XAPPLEPUSHSERVICE",
                    List.of("XAPPLEPUSHSERVICE aps-version 2 aps-account-id A aps-device-token abcdef0123 aps-subtopic com.apple.mobilemail mailboxes (INBOX %s)")),
            Map.entry("GETMETADATA", List.of("GETMETADATA %s /shared/comment")),
            Map.entry("SETMETADATA", List.of("SETMETADATA %s (/shared/comment x)")),
            Map.entry("ESEARCH", List.of("ESEARCH IN (mailboxes %s) ALL", "ESEARCH IN (subtree %s) ALL")),
            Map.entry("NOTIFY", List.of("NOTIFY SET (mailboxes %s (MessageNew MessageExpunge))")),
            Map.entry("COPY", List.of("COPY 1 %s")),
            Map.entry("UID COPY", List.of("UID COPY 1 %s")),
            Map.entry("MOVE", List.of("MOVE 1 %s")),
            Map.entry("UID MOVE", List.of("UID MOVE 1 %s")),
            Map.entry("REPLACE", List.of("REPLACE 1 %s {3+}\r\nx\r\n")),
            Map.entry("UID REPLACE", List.of("UID REPLACE 1 %s {3+}\r\nx\r\n"))));

    private static final Set<String> NAMELESS = Set.of(
            "CAPABILITY", "NOOP", "LOGOUT", "ID", "STARTTLS", "LOGIN", "AUTHENTICATE", "ENABLE", "COMPRESS", "UNAUTHENTICATE", "NAMESPACE", "IDLE",
            "GETQUOTA", "SETQUOTA", "CHECK", "CLOSE", "UNSELECT", "EXPUNGE", "UID EXPUNGE", "FETCH", "UID FETCH", "STORE", "UID STORE", "SEARCH",
            "UID SEARCH", "SORT", "UID SORT", "THREAD", "UID THREAD", "CANCELUPDATE", "UIDBATCHES");

    @TempDir
    Path directory = Path.of(".");

    private ImapFixture server;
    private Transcript.Wire alice;
    private Transcript.Wire bob;

    @BeforeEach
    void start() throws IOException {
        server = new ImapFixture(directory, ImapLimits.DEFAULT);
        server.prepare(List.of("push", "account bob", "empty Secret"));
        server.append("Secret", ImapFixture.simple(1));
        alice = server.connect(true);
        bob = server.connect(false);
        say(bob, "LOGIN bob secret");
        say(bob, "CREATE Mine");
        say(bob, "APPEND INBOX {12+}\r\nSubject: x\r\n");
        say(bob, "SELECT INBOX");
    }

    @AfterEach
    void stop() throws IOException {
        server.close();
    }

    @Test
    void everyCommandIsLookedAt() {
        var all = new TreeSet<>(NAMING.keySet());
        all.addAll(NAMELESS);
        assertThat(CommandTable.all()).extracting(CommandTable.Entry::name).containsExactlyInAnyOrderElementsOf(all);
    }

    static List<String> commands() {
        return NAMING.values().stream().flatMap(List::stream).toList();
    }

    /// RFC 4314 §6: whoever may not look it up cannot tell a mailbox of somebody else from one that is not there, nor an account from none.
    @ParameterizedTest
    @MethodSource("commands")
    void whatMayNotBeLookedUpIsNotThere(String command) throws IOException {
        var answers = new ArrayList<List<String>>();
        for (var name : List.of("Users/alice/Secret", "Users/alice/Absent", "Users/nobdy/Secret")) {
            say(bob, "UNSELECT");
            say(bob, "SELECT INBOX");
            var lines = say(bob, command.formatted(name));
            answers.add(lines.stream().map(line -> line.replace(name, "NAME")).toList());
        }
        assertThat(answers.get(0)).isEqualTo(answers.get(1)).isEqualTo(answers.get(2));
        assertThat(say(alice, "STATUS Secret (MESSAGES)")).contains("* STATUS Secret (MESSAGES 1)");
    }

    /// What each right gives by itself, beside `l` (RFC 4314 §4). `%s` is the mailbox.
    private static final Map<String, String> NEEDED = new TreeMap<>(Map.of(
            "SELECT %s", "r",
            "EXAMINE %s", "r",
            "STATUS %s (MESSAGES)", "r",
            "APPEND %s {3+}\r\nx\r\n", "i",
            "UID COPY 1 %s", "i",
            "CREATE %s/child", "k",
            "DELETE %s", "x",
            "GETACL %s", "a",
            "SETACL %s bob lra", "a",
            "LISTRIGHTS %s bob", "a"));

    @ParameterizedTest
    @MethodSource("needed")
    void aRightGivesWhatItIsForAndNothingElse(String command) throws IOException {
        var right = NEEDED.getOrDefault(command, "");
        for (char given : "lrswipkxtea".toCharArray()) {
            assertThat(say(alice, "CREATE Shared").getLast()).startsWith("t OK");
            assertThat(say(alice, "SETACL Shared bob l" + (given == 'l' ? "" : given)).getLast()).startsWith("t OK");
            var answer = say(bob, command.formatted("Users/alice/Shared")).getLast();
            assertThat(answer).as(command + " with l" + given).startsWith(right.indexOf(given) >= 0 ? "t OK" : "t NO [NOPERM] ");
            say(bob, "SELECT INBOX");
            say(alice, "DELETE Shared/child");
            say(alice, "DELETE Shared");
        }
    }

    static Set<String> needed() {
        return NEEDED.keySet();
    }

    /// Within a mailbox: `r` and one more.
    @Test
    void whatMayBeChangedInAMailboxIsUpToTheRights() throws IOException {
        var changes = Map.of("\\Seen", 's', "\\Flagged", 'w', "\\Deleted", 't');
        for (char given : "swipkxtae".toCharArray()) {
            assertThat(say(alice, "SETACL Secret bob lr" + given).getLast()).startsWith("t OK");
            for (var change : changes.entrySet()) {
                say(bob, "SELECT Users/alice/Secret");
                var answer = say(bob, "STORE 1 +FLAGS.SILENT (" + change.getKey() + ")").getLast();
                boolean changed = answer.startsWith("t OK") && !answer.endsWith("ignored with read-only mailbox");
                assertThat(changed).as(change.getKey() + " with lr" + given + ": " + answer).isEqualTo(change.getValue() == given);
            }
            say(alice, "SELECT Secret");
            assertThat(say(alice, "STORE 1 FLAGS.SILENT (\\Deleted)").getLast()).startsWith("t OK");
            say(bob, "SELECT Users/alice/Secret");
            say(bob, "EXPUNGE");
            assertThat(say(alice, "STATUS Secret (MESSAGES)")).as("EXPUNGE with lr" + given).contains("* STATUS Secret (MESSAGES " + (given == 'e' ? 0 : 1) + ")");
        }
    }
}
