package org.pintail.imap;

import static org.assertj.core.api.Assertions.assertThat;

import com.code_intelligence.jazzer.junit.FuzzTest;
import java.io.EOFException;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.io.TempDir;
import org.pintail.imap.wire.BadCommand;
import org.pintail.imap.wire.ImapLimits;
import org.pintail.imap.wire.ImapReader;
import org.pintail.imap.wire.No;

/// The arguments of every command: any bytes are a command, BAD or NO. The first byte chooses the command, by its place here: what is new comes last.
class CommandFuzzTest {
    private static final List<String> NAMES = List.of(
            "CAPABILITY", "NOOP", "LOGOUT", "ID", "STARTTLS", "LOGIN", "AUTHENTICATE", "ENABLE", "NAMESPACE", "LIST", "XLIST", "LSUB", "SUBSCRIBE",
            "UNSUBSCRIBE", "CREATE", "DELETE", "RENAME", "SELECT", "EXAMINE", "STATUS", "APPEND", "IDLE", "GETQUOTAROOT", "GETQUOTA", "SETQUOTA", "CHECK",
            "CLOSE", "UNSELECT", "EXPUNGE", "UID EXPUNGE", "COPY", "UID COPY", "MOVE", "UID MOVE", "FETCH", "UID FETCH", "STORE", "UID STORE", "SEARCH",
            "UID SEARCH", "REPLACE", "UID REPLACE", "GETMETADATA", "SETMETADATA", "NOTIFY", "SETACL", "LISTRIGHTS",
            "COMPRESS", "UNAUTHENTICATE", "ESEARCH", "DELETEACL", "GETACL", "MYRIGHTS", "SORT", "UID SORT", "THREAD", "UID THREAD", "CANCELUPDATE",
            "UIDBATCHES", "XAPPLEPUSHSERVICE");

    @TempDir
    static Path spool = Path.of(".");

    @BeforeAll
    static void everyCommandIsThere() {
        assertThat(CommandTable.all()).extracting(CommandTable.Entry::name).containsExactlyInAnyOrderElementsOf(NAMES);
    }

    @FuzzTest
    void anyBytesAreACommandOrBad(byte @Nullable [] bytes) throws IOException {
        if (bytes == null || bytes.length == 0) {
            return;
        }
        var entry = CommandTable.find(NAMES.get((bytes[0] & 0xff) % NAMES.size()));
        var in = new ImapReader(new ByteInput(Arrays.copyOfRange(bytes, 1, bytes.length)), ImapLimits.DEFAULT, spool);
        in.loggedIn(true);
        if (entry == null || !in.nextCommand()) {
            return;
        }
        try {
            var command = entry.parser().parse(in);
            if (command instanceof AppendCommand append) {
                append.close();
            }
            if (command instanceof ReplaceCommand replace) {
                replace.close();
            }
            assertThat(in.atEnd()).as(entry.name()).isTrue();
        } catch (BadCommand | No | EOFException refused) {
            assertThat(refused).isNotNull();
        }
    }
}
