package org.pintail.suite;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.pintail.backend.memory.MemoryStore;
import org.pintail.dkim.SigningKey;
import org.pintail.mail.DkimKeys;

class DkimCommandsTest {
    private static final Clock CLOCK = Clock.fixed(Instant.parse("2026-11-20T12:00:00Z"), ZoneOffset.UTC);
    private final MemoryStore store = new MemoryStore(CLOCK);
    private final DkimKeys keys = new DkimKeys(store.documents(), "", CLOCK);

    @TempDir
    Path directory = Path.of(".");

    private String run(String... words) throws IOException {
        var args = new ArrayList<>(List.of("dkim"));
        args.addAll(List.of(words));
        var out = new ByteArrayOutputStream();
        var command = Options.deepest(CommandLineInterface.parse(args));
        assertThat(new DkimCommands(keys, CLOCK, directory, new PrintStream(out, true, StandardCharsets.UTF_8)).run(command)).isZero();
        return out.toString(StandardCharsets.UTF_8);
    }

    @Test
    void aKeyIsMadeAndItsRecordPrinted() throws IOException {
        var printed = run("create", "Example.org", "--ed25519");
        assertThat(printed.lines().filter(l -> l.startsWith("name")))
                .containsExactly("name   d20261120._domainkey.example.org", "name   d20261120-ed._domainkey.example.org");
        assertThat(printed.lines().filter(l -> l.startsWith("TXT"))).hasSize(2).anyMatch(l -> l.contains("k=rsa; p=MII")).anyMatch(l -> l.contains("k=ed25519; p="));
        for (var line : printed.lines().filter(l -> l.startsWith("zone")).toList()) {
            assertThat(line.substring(line.indexOf('(') + 1, line.lastIndexOf(')')).split("\"")).allMatch(s -> s.length() <= 255); // RFC 1035 §3.3.14
        }
        assertThat(run("show", "example.org")).isEqualTo(printed);
        assertThat(run("list")).startsWith("example.org  d20261120  ");
        assertThat(run("delete", "example.org")).isEqualTo("deleted example.org\n");
        assertThatThrownBy(() -> run("show", "example.org")).isInstanceOf(ConfigError.class).hasMessageContaining("no key");
    }

    @Test
    void aKeyOfOnesOwnIsTaken() throws IOException {
        var key = SigningKey.generateEd25519();
        Files.writeString(directory.resolve("key.pem"), key.pem());
        assertThat(run("create", "*", "--selector", "own", "--key", "key.pem")).contains("own._domainkey.DOMAIN").contains(key.record());
        assertThat(keys.of("any.example")).singleElement().satisfies(k -> assertThat(k.domain()).isEqualTo("any.example"));
    }

    @Test
    void whatCannotBeIsSaid() throws IOException {
        Files.writeString(directory.resolve("bad.pem"), "-----BEGIN PRIVATE KEY-----\nAAAA\n-----END PRIVATE KEY-----\n");
        assertThatThrownBy(() -> run("create", "example.org", "--key", "bad.pem")).hasMessageContaining("bad.pem").hasMessageContaining("expected a private key");
        assertThatThrownBy(() -> run("create", "not a domain")).hasMessageContaining("not a domain");
        assertThatThrownBy(() -> run("create", "example.org", "--selector", "a b")).hasMessageContaining("--selector a b");
        assertThat(run("list")).isEmpty();
    }
}
