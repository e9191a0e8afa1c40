package org.pintail.imap;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.pintail.imap.wire.ImapLimits;

/// `docs/imap.md` against the server: what is offered stands there with a transcript that exists, and nothing else does.
class CapabilityListTest {
    private static final Path ROOT = Path.of("").toAbsolutePath().resolve("..").normalize();
    private static final Path TRANSCRIPTS = Path.of("src/test/resources/imap/transcripts");
    /// Offered only over TLS, without it, or when the configuration names an issuer of tokens or of client certificates.
    private static final List<String> ELSEWHERE =
            List.of("AUTH=EXTERNAL", "AUTH=OAUTHBEARER", "AUTH=XOAUTH2", "AUTH=SCRAM-SHA-1-PLUS", "AUTH=SCRAM-SHA-256-PLUS", "LOGINDISABLED", "MESSAGELIMIT=", "STARTTLS", "XAPPLEPUSHSERVICE");

    @TempDir
    Path directory = Path.of(".");

    /// Capabilities by name, `=value` left out where it is a number, and where they are shown.
    private static Map<String, String> listed() throws IOException {
        var listed = new TreeMap<String, String>();
        for (var line : Files.readAllLines(ROOT.resolve("docs/imap.md"))) {
            var cells = line.split("\\|", -1);
            if (cells.length > 7 && cells[1].strip().matches("[A-Z][-+=A-Za-z0-9]+") && !cells[1].contains("capability")) {
                assertThat(listed.put(cells[1].strip(), cells[3].strip())).as("twice: " + line).isNull();
            }
        }
        return listed;
    }

    private static TreeSet<String> offered(Transcript.Wire wire) throws IOException {
        wire.send("c CAPABILITY");
        var line = String.valueOf(wire.receive());
        assertThat(line).startsWith("* CAPABILITY ");
        assertThat(wire.receive()).startsWith("c OK");
        var names = new TreeSet<String>();
        for (var name : line.substring("* CAPABILITY ".length()).split(" ")) {
            names.add(name.replaceFirst("^(APPENDLIMIT|MESSAGELIMIT|SAVELIMIT|RIGHTS)=.*", "$1="));
        }
        return names;
    }

    @Test
    void whatIsOfferedIsListedAndShown() throws IOException {
        var listed = listed();
        assertThat(listed).hasSizeGreaterThan(60);
        var offered = new TreeSet<String>();
        try (var server = new ImapFixture(directory, ImapLimits.DEFAULT);
                var before = server.connect(false);
                var after = server.connect(true)) {
            before.receive();
            offered.addAll(offered(before));
            offered.addAll(offered(after));
        }
        assertThat(listed.keySet()).containsAll(offered);
        var more = new TreeSet<>(listed.keySet());
        more.removeAll(offered);
        assertThat(ELSEWHERE).as("listed and not offered").containsAll(more);
    }

    @Test
    void everyTranscriptThatIsNamedIsThere() throws IOException {
        listed().forEach((name, shown) -> {
            for (var where : shown.split(",")) {
                var word = where.strip().split(" ")[0];
                assertThat(word).as(name).isNotEmpty();
                if (!word.startsWith("`") && !word.equals("and")) {
                    assertThat(TRANSCRIPTS.resolve(word + ".txt")).as(name).exists();
                }
            }
        });
    }
}
