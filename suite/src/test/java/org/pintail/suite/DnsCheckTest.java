package org.pintail.suite;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.net.InetAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.Base64;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.pintail.backend.memory.MemoryStore;
import org.pintail.certificate.TestCertificates;
import org.pintail.certificate.TestCertificates.Identity;
import org.pintail.dkim.SigningKey;
import org.pintail.dns.DnsType;
import org.pintail.dns.FakeDns;
import org.pintail.dns.TlsaRecord;
import org.pintail.fetch.HttpsClient;
import org.pintail.mail.DkimKeys;
import org.pintail.testkit.CannedHttps;

class DnsCheckTest {
    private static final Clock NOON = Clock.fixed(Instant.parse("2026-11-02T12:00:00Z"), ZoneOffset.UTC);
    private static final SigningKey KEY = SigningKey.generateEd25519();
    private static final String POLICY = "version: STSv1\nmode: enforce\nmx: mail.example.org\nmax_age: 604800\n";

    @TempDir
    Path directory = Path.of(".");

    private final Identity root = TestCertificates.authority("root", null);
    private final Identity own = TestCertificates.server(root, "mail.example.org");
    private final MemoryStore store = new MemoryStore(NOON);
    private final DkimKeys keys = new DkimKeys(store.documents(), "", NOON);

    private DnsCheck.Site site(FakeDns dns, int webPort) throws Exception {
        var pem = "-----BEGIN CERTIFICATE-----\n" + Base64.getMimeEncoder().encodeToString(own.certificate().getEncoded()) + "\n-----END CERTIFICATE-----\n";
        var file = Files.writeString(directory.resolve("certificate.pem"), pem);
        var web = new HttpsClient(
                dns, new HttpsClient.Settings(TestCertificates.trusting(root.certificate()), InetAddress::isLoopbackAddress, webPort, Duration.ofSeconds(2)));
        return new DnsCheck.Site(dns, web, "mail.example.org", file);
    }

    /// State by kind; of several the last.
    private Map<String, String> states(FakeDns dns, int webPort) throws Exception {
        var states = new LinkedHashMap<String, String>();
        for (var f : DnsCheck.of(site(dns, webPort), keys, NOON, "example.org")) {
            states.put(f.kind(), f.state().name());
        }
        return states;
    }

    private String digest() throws Exception {
        return HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(own.certificate().getPublicKey().getEncoded()));
    }

    private FakeDns good() throws Exception {
        keys.put("example.org", List.of(new DkimKeys.Key("example.org", "k", KEY)), "");
        return new FakeDns()
                .secure("example.org")
                .mx("example.org", 10, "mail.example.org")
                .address("mail.example.org", "192.0.2.1")
                .address("mta-sts.example.org", "127.0.0.1")
                .txt("example.org", "v=spf1 mx -all", "something else")
                .txt("k._domainkey.example.org", KEY.record())
                .txt("_dmarc.example.org", "v=DMARC1; p=reject")
                .txt("_mta-sts.example.org", "v=STSv1; id=1")
                .txt("_smtp._tls.example.org", "v=TLSRPTv1; rua=mailto:tls@example.org")
                .put("_25._tcp.mail.example.org", DnsType.TLSA, new TlsaRecord(3, 1, 1, digest()))
                .txt("default._bimi.example.org", "v=BIMI1; l=; a=");
    }

    private CannedHttps web() throws IOException {
        return new CannedHttps(TestCertificates.server(root, "mta-sts.example.org").server(), CannedHttps.ok("text/plain", POLICY));
    }

    @Test
    void whatIsNoDomainIsRefused() {
        for (var bad : List.of("", "a b", "-x.example", "example..org", "a@b.example")) {
            assertThatThrownBy(() -> DnsCheck.domain(bad)).as(bad).isInstanceOf(ConfigError.class);
        }
    }

    @Test
    void aDomainWithNothingIsToldWhatToPublish() throws Exception {
        var findings = DnsCheck.of(site(new FakeDns(), 1), keys, NOON, "example.org");
        assertThat(findings).extracting(DnsCheck.Finding::kind).containsExactly("MX", "SPF", "DKIM", "DMARC", "MTA-STS", "TLS-RPT", "BIMI");
        assertThat(findings).filteredOn(f -> !f.kind().equals("BIMI")).allMatch(f -> f.state() == DnsCheck.State.MISSING);
        assertThat(findings).flatExtracting(DnsCheck.Finding::publish).contains(
                "example.org. IN MX 10 mail.example.org.",
                "example.org. IN TXT \"v=spf1 mx -all\"",
                "_dmarc.example.org. IN TXT \"v=DMARC1; p=quarantine; rua=mailto:postmaster@example.org\"",
                "_mta-sts.example.org. IN TXT \"v=STSv1; id=20261102120000\"",
                POLICY);
    }

    @Test
    void aDnsThatDoesNotAnswerIsNeitherRightNorMissing() throws Exception {
        keys.put("example.org", List.of(new DkimKeys.Key("example.org", "k", KEY)), "");
        var dns = new FakeDns();
        for (var name : List.of("", "_dmarc.", "_mta-sts.", "_smtp._tls.", "k._domainkey.", "default._bimi.")) {
            dns.fails(name + "example.org");
        }
        assertThat(states(dns, 1).values()).isNotEmpty().allMatch("UNKNOWN"::equals);
    }

    @Test
    void whatIsWrongIsNamed() throws Exception {
        keys.put("example.org", List.of(new DkimKeys.Key("example.org", "k", KEY)), "");
        var dns = new FakeDns()
                .secure("example.org")
                .mx("example.org", 10, "mail.example.org")
                .mx("example.org", 20, "other.example.org")
                .address("mail.example.org", "192.0.2.1")
                .txt("example.org", "v=spf1 ip4:198.51.100.1 -all")
                .txt("k._domainkey.example.org", SigningKey.generateEd25519().record())
                .txt("_dmarc.example.org", "v=DMARC1; p=none", "v=DMARC1; p=reject")
                .txt("_mta-sts.example.org", "v=STSv1; id=")
                .txt("_smtp._tls.example.org", "v=TLSRPTv1; rua=")
                .put("_25._tcp.mail.example.org", DnsType.TLSA, new TlsaRecord(3, 1, 1, "00".repeat(32)))
                .put("_25._tcp.other.example.org", DnsType.TLSA, new TlsaRecord(1, 1, 1, "00".repeat(32)))
                .txt("default._bimi.example.org", "v=BIMI1; l=http://example.org/");
        var states = states(dns, 1);
        assertThat(states).containsEntry("A", "MISSING").containsEntry("MX", "OK");
        states.remove("A");
        states.remove("MX");
        assertThat(states.values()).allMatch("WRONG"::equals);
    }

    @Test
    void everythingRightIsSaidToBe() throws Exception {
        try (var web = web()) {
            var states = states(good(), web.port());
            assertThat(states).containsOnlyKeys("MX", "SPF", "DKIM", "DMARC", "MTA-STS", "TLS-RPT", "TLSA", "BIMI");
            assertThat(states.values()).allMatch("OK"::equals);
        }
    }

    @Test
    void theCommandPrintsLinesAndJson() throws Exception {
        try (var web = web()) {
            var site = site(good(), web.port());
            assertThat(run(site, "example.org")).startsWith("0 OK       MX       example.org: its mail comes to mail.example.org\n           is:      10 mail.example.org\n");
            assertThat(run(site, "example.org", "--json")).startsWith("0 {").contains("\"state\":\"ok\"", "\"kind\":\"TLSA\"");
            assertThat(run(site, "example.com")).startsWith("1 MISSING  MX ").contains("           publish: example.com. IN MX 10 mail.example.org.\n");
        }
    }

    private String run(DnsCheck.Site site, String... arguments) {
        var out = new ByteArrayOutputStream();
        var line = new java.util.ArrayList<>(List.of("check", "dns"));
        line.addAll(List.of(arguments));
        var parsed = Options.deepest(CommandLineInterface.parse(line));
        int status = new CheckDnsCommand(site, keys, NOON, new PrintStream(out, true, StandardCharsets.UTF_8)).run(parsed);
        return status + " " + out.toString(StandardCharsets.UTF_8).replace("\r\n", "\n");
    }
}
