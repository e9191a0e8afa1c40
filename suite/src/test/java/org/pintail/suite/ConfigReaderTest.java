package org.pintail.suite;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ConfigReaderTest {
    @TempDir
    Path directory;

    private Config read(String toml, Map<String, String> environment, String... sets) throws IOException {
        var file = directory.resolve("pintail.toml");
        Files.writeString(file, toml);
        return ConfigReader.read(file, environment, List.of(sets));
    }

    @Test
    void everyProblemIsToldAtOnceWithKeyValueAndWhatIsRight() {
        assertThatThrownBy(() -> read(
                        """
                        [imap]
                        listen = ["127.0.0.1"]
                        listne = "x"
                        [store]
                        engine = "mongo"
                        """,
                        Map.of("PINTAIL_MAIL_MAX_STORAGE", "lots"),
                        "delivery.connections=-1",
                        "nonsense"))
                .isInstanceOfSatisfying(ConfigError.class, e -> assertThat(e.problems())
                        .hasSize(6)
                        .anyMatch(p -> p.contains("imap.listen") && p.contains("expected a list of address:port"))
                        .anyMatch(p -> p.contains("unknown key imap.listne") && p.contains("line 3"))
                        .anyMatch(p -> p.contains("store.engine") && p.contains("one of rocksdb, mongodb, memory"))
                        .anyMatch(p -> p.contains("PINTAIL_MAIL_MAX_STORAGE") && p.contains("a size such as 25MB"))
                        .anyMatch(p -> p.contains("delivery.connections") && p.contains("a whole number"))
                        .anyMatch(p -> p.contains("--set nonsense") && p.contains("section.key=value")));
    }

    @Test
    void brokenTomlIsReportedWithItsPlace() {
        assertThatThrownBy(() -> read("[imap\nlisten = []", Map.of()))
                .isInstanceOf(ConfigError.class)
                .hasMessageContaining("line 1");
    }

    @Test
    void setOverridesEnvironmentOverridesFileOverridesDefault() throws IOException {
        var config = read(
                """
                [mail]
                max-storage = "2GB"
                password-cache = "10s"
                max-mailboxes = 7
                """,
                Map.of("PINTAIL_MAIL_PASSWORD_CACHE", "20s", "PINTAIL_MAIL_MAX_MAILBOXES", "8"),
                "mail.max-mailboxes=9");
        assertThat(config.number("mail.max-storage")).isEqualTo(2L << 30);
        assertThat(config.duration("mail.password-cache")).isEqualTo(Duration.ofSeconds(20));
        assertThat(config.count("mail.max-mailboxes")).isEqualTo(9);
        assertThat(config.count("mx.max-recipients")).isEqualTo(100);
    }

    @Test
    void anEmptyListClosesAListener() throws IOException {
        assertThat(read("[imap]\nlisten = []\nlisten-tls = [\"[::1]:0\", \"127.0.0.1:0\"]", Map.of())
                        .addresses("imap.listen"))
                .isEmpty();
    }

    @Test
    void aMissingFileIsNoError() {
        var config = ConfigReader.read(directory.resolve("none.toml"), Map.of(), List.of());
        assertThat(config.addresses("mx.listen")).hasSize(1);
    }
}
