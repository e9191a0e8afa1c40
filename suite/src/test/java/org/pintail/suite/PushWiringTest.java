package org.pintail.suite;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.pintail.backend.memory.MemoryStore;
import org.pintail.certificate.TestCertificates;
import org.pintail.fetch.Authorities;
import org.pintail.mail.Mail;
import org.pintail.mail.MailSettings;

class PushWiringTest {
    private static final String TOPIC = "com.apple.mail.XServer.5b1f";

    @TempDir
    Path directory = Path.of(".");

    private final Mail mail = new Mail(new MemoryStore(Clock.systemUTC()), MailSettings.defaults("mail.example.org"), Clock.systemUTC());

    private Path certificate(String subject) throws IOException {
        var authority = TestCertificates.authority("Authority", null);
        return Files.writeString(directory.resolve("push.pem"), TestCertificates.subject(subject, authority).pem());
    }

    private static Optional<PushWiring> wiring(Map<String, String> keys) throws IOException {
        var sets = keys.entrySet().stream().map(e -> e.getKey() + "=" + e.getValue()).toList();
        return PushWiring.of(ConfigReader.read(Path.of("none.toml"), Map.of(), sets), Authorities.systemAnd(List.of()));
    }

    @Test
    void nothingIsReadWhereItIsOff() throws IOException {
        assertThat(wiring(Map.of("aps.certificate", "/nowhere"))).isEmpty();
    }

    @Test
    void theTopicIsTheUidOfTheCertificate() throws IOException {
        var pem = certificate("APSP:1,UID=" + TOPIC).toString();
        var wiring = wiring(Map.of("aps.enabled", "true", "aps.certificate", pem, "aps.key", pem)).orElseThrow();
        assertThat(wiring.begin(mail).topic()).isEqualTo(TOPIC);
        wiring.sender(mail).close();
    }

    @Test
    void aNodeWithoutTheRoleJobsNeedsNoCertificate() throws IOException {
        var wiring = wiring(Map.of("aps.enabled", "true", "aps.topic", TOPIC)).orElseThrow();
        assertThat(wiring.begin(mail).topic()).isEqualTo(TOPIC);
        assertThatThrownBy(() -> wiring.sender(mail)).isInstanceOf(ConfigError.class).hasMessageContaining("aps.certificate");
    }

    @ParameterizedTest
    @CsvSource({"http://api.push.apple.com", "api.push.apple.com", "https:", "https://a b"})
    void theUrlHasToBeOne(String url) throws IOException {
        var pem = certificate("APSP:1,UID=" + TOPIC).toString();
        var wiring = wiring(Map.of("aps.enabled", "true", "aps.certificate", pem, "aps.key", pem, "aps.url", url)).orElseThrow();
        assertThatThrownBy(() -> wiring.sender(mail)).isInstanceOf(ConfigError.class).hasMessageContaining("aps.url");
    }

    @Test
    void whatIsMissingIsNamed() throws IOException {
        var pem = certificate("APSP:1").toString();
        assertThatThrownBy(() -> wiring(Map.of("aps.enabled", "true"))).isInstanceOf(ConfigError.class).hasMessageContaining("aps.topic");
        assertThatThrownBy(() -> wiring(Map.of("aps.enabled", "true", "aps.certificate", pem, "aps.key", pem)))
                .isInstanceOf(ConfigError.class)
                .hasMessageContaining("aps.topic");
        assertThatThrownBy(() -> wiring(Map.of("aps.enabled", "true", "aps.certificate", pem)))
                .isInstanceOf(ConfigError.class)
                .hasMessageContaining("aps.key");
        assertThatThrownBy(() -> wiring(Map.of("aps.enabled", "true", "aps.certificate", "/nowhere", "aps.key", "/nowhere")))
                .isInstanceOf(ConfigError.class)
                .hasMessageContaining("/nowhere");
    }
}
