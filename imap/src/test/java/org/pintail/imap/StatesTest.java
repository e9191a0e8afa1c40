package org.pintail.imap;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.pintail.imap.wire.ImapLimits;

/// Every command that there is, in every state (RFC 3501 §3): one that does not belong there is refused before its arguments are looked at.
/// What belongs before login stands here; a command that is new and not among it has to be refused there.
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class StatesTest {
    private static final Set<String> ALWAYS = Set.of("CAPABILITY", "NOOP", "LOGOUT", "ID");
    private static final Set<String> BEFORE_LOGIN = Set.of("STARTTLS", "LOGIN", "AUTHENTICATE");
    /// RFC 3501 §6.4 and those like them; with UID in front all.
    private static final Set<String> SELECTED =
            Set.of("CHECK", "CLOSE", "UNSELECT", "EXPUNGE", "COPY", "MOVE", "FETCH", "STORE", "SEARCH", "SORT", "THREAD", "REPLACE",
                    "CANCELUPDATE", "UIDBATCHES");
    /// RFC 5161 §3.1: not with a mailbox selected.
    private static final Set<String> UNSELECTED = Set.of("ENABLE");

    @TempDir
    static Path directory = Path.of(".");

    private ImapFixture server;

    @BeforeAll
    void start() throws IOException {
        server = new ImapFixture(directory, ImapLimits.DEFAULT);
        server.prepare(List.of("push", "INBOX with 1 messages"));
    }

    @AfterAll
    void stop() throws IOException {
        server.close();
    }

    static List<String> names() {
        return CommandTable.all().stream().map(CommandTable.Entry::name).sorted().toList();
    }

    private static boolean belongs(String name, boolean loggedIn, boolean selected) {
        if (ALWAYS.contains(name)) {
            return true;
        }
        if (BEFORE_LOGIN.contains(name)) {
            return !loggedIn;
        }
        if (UNSELECTED.contains(name)) {
            return loggedIn && !selected;
        }
        return loggedIn && (selected || !SELECTED.contains(name) && !name.startsWith("UID "));
    }

    @ParameterizedTest
    @MethodSource("names")
    void aCommandIsTakenInItsStatesOnly(String name) throws IOException {
        for (var state : List.of("not logged in", "logged in", "selected")) {
            boolean loggedIn = !state.equals("not logged in");
            boolean selected = state.equals("selected");
            try (var wire = server.connect(loggedIn)) {
                if (!loggedIn) {
                    wire.receive();
                }
                if (selected) {
                    wire.send("s SELECT INBOX");
                    assertThat(tagged(wire, "s")).startsWith("s OK");
                }
                for (var arguments : List.of("", " INBOX", " 1 (")) {
                    wire.send("t " + name + arguments);
                    var answer = tagged(wire, "t");
                    if (belongs(name, loggedIn, selected)) {
                        assertThat(answer).as(name + arguments + " " + state).isNotEqualTo("t BAD " + name + " not allowed now");
                        break; // it may have changed the state
                    }
                    assertThat(answer).as(name + arguments + " " + state).isEqualTo("t BAD " + name + " not allowed now");
                }
            }
        }
    }

    private static String tagged(Transcript.Wire wire, String tag) throws IOException {
        var line = wire.receive();
        while (line != null && line.startsWith("* ")) {
            line = wire.receive();
        }
        return line == null ? "" : line.startsWith("+") ? tag + " asks for more" : line;
    }
}
