package org.pintail.imap;

import static org.assertj.core.api.Assertions.assertThat;
import static org.pintail.imap.ImapFixture.say;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.pintail.imap.wire.ImapLimits;

/// RFC 5465 §3.1, §5.8: more mailboxes than are watched. Alice has five.
class NotifyOverflowTest {
    @TempDir
    Path directory = Path.of(".");

    private ImapFixture server;
    private Transcript.Wire watching;
    private Transcript.Wire changing;

    @BeforeEach
    void start() throws IOException {
        server = new ImapFixture(directory, ImapLimits.DEFAULT.withNotified(5));
        watching = server.connect(true);
        changing = server.connect(true);
    }

    @AfterEach
    void stop() throws IOException {
        server.close();
    }

    @Test
    void tooManyAreToldAndEndIt() throws IOException {
        assertThat(say(watching, "NOTIFY SET (PERSONAL (MailboxName))")).containsExactly("t OK NOTIFY completed");
        say(changing, "CREATE sixth");
        assertThat(watching.receive())
                .isEqualTo("* OK [NOTIFICATIONOVERFLOW] There are more than 5 mailboxes, nothing more is told");
        say(changing, "DELETE sixth");
        say(changing, "CREATE another");
        assertThat(say(watching, "NOOP")).containsExactly("t OK Nothing done");
    }

    @Test
    void tooManyAreRefusedAndWhatWasToldIsToldOn() throws IOException {
        say(watching, "NOTIFY SET (SUBTREE sixth (MailboxName))");
        say(changing, "CREATE sixth/a");
        assertThat(List.of(watching.receive(), watching.receive()))
                .containsExactly(
                        "* LIST (\\HasNoChildren) \"/\" \"sixth/a\"", "* LIST (\\NonExistent \\HasChildren) \"/\" \"sixth\"");
        assertThat(say(watching, "NOTIFY SET STATUS (PERSONAL (MessageNew MessageExpunge))"))
                .containsExactly("t NO [NOTIFICATIONOVERFLOW] More than 5 mailboxes are not watched");
        say(changing, "DELETE sixth/a");
        assertThat(List.of(watching.receive(), watching.receive()))
                .containsExactly("* LIST (\\NonExistent) \"/\" \"sixth/a\"", "* LIST (\\NonExistent) \"/\" \"sixth\"");
    }
}
