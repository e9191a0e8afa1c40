package org.pintail.suite;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.net.DatagramSocket;
import java.net.InetAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.json.JsonMapper;

/// `pintail check auth` with a resolver that does not answer: everything is shown, nothing passes.
class CheckAuthCommandTest {
    private static final String MESSAGE = "DKIM-Signature: v=1; a=rsa-sha256; d=example.com; s=s; h=from; bh=frcCV1k9oG9oKj3dpUqdJg1PxRT2RSN/XKdLCPjaYaY=; b=AAAA\n"
            + "From: Ann <ann@example.com>\nSubject: x\n\n";

    @TempDir
    Path directory = Path.of(".");

    private record Ran(int status, String out, String err) {}

    private Ran run(String... words) throws IOException {
        var file = Files.writeString(directory.resolve("m.eml"), MESSAGE);
        try (var silent = new DatagramSocket(0, InetAddress.getLoopbackAddress())) {
            var args = new ArrayList<>(List.of("check", "auth", file.toString()));
            args.addAll(List.of(words));
            args.addAll(List.of("--set", "dns.servers=127.0.0.1:" + silent.getLocalPort(), "--set", "dns.timeout=100ms", "--set", "server.hostname=mx.example.net"));
            var out = new ByteArrayOutputStream();
            var err = new ByteArrayOutputStream();
            int status = new CommandLineInterface(new PrintStream(out, true, StandardCharsets.UTF_8), new PrintStream(err, true, StandardCharsets.UTF_8)).run(args);
            return new Ran(status, out.toString(StandardCharsets.UTF_8), err.toString(StandardCharsets.UTF_8));
        }
    }

    @Test
    void everyStepIsShown() throws IOException {
        var ran = run("--ip", "192.0.2.1", "--helo", "mail.example.com", "--from", "ann@example.com");
        assertThat(ran.status()).as(ran.err()).isZero();
        assertThat(ran.out())
                .contains("SPF      client 192.0.2.1, MAIL FROM <ann@example.com>, HELO mail.example.com")
                .contains("DKIM     1 signature")
                .contains("DMARC    author domain example.com")
                .contains("TXT _dmarc.example.com: no answer: time-out")
                .contains("Authentication-Results: mx.example.net;")
                .contains("dmarc=temperror")
                .doesNotContain("pass");
    }

    @Test
    void scriptsGetJson() throws IOException {
        var ran = run("--ip", "2001:db8::1", "--helo", "mail.example.com", "--from", "<>", "--json");
        var json = JsonMapper.builder().build().readTree(ran.out());
        assertThat(json.path("spf").path("result").asString()).isEqualTo("temperror");
        assertThat(json.path("spf").path("sender").asString()).isEqualTo("postmaster@mail.example.com");
        assertThat(json.path("dkim").get(0).path("domain").asString()).isEqualTo("example.com");
        assertThat(json.path("dmarc").path("asked").asString()).isEqualTo("none");
        assertThat(json.path("dns").size()).isPositive();
    }

    @Test
    void whatIsMissingOrWrongIsNamed() throws IOException {
        assertThat(run("--helo", "x", "--from", "y@z")).isEqualTo(new Ran(2, "", "pintail: check auth: expected --ip\n"));
        assertThat(run("--ip", "localhost", "--helo", "x", "--from", "y@z").err()).isEqualTo("pintail: --ip localhost: expected an IPv4 or IPv6 address\n");
    }
}
