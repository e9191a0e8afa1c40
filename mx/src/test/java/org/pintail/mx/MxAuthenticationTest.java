package org.pintail.mx;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.pintail.address.IpNetwork;
import org.pintail.arc.ArcVerdict;
import org.pintail.arc.ArcVerifier;
import org.pintail.auth.AuthSettings;
import org.pintail.auth.MailAuthentication;
import org.pintail.backend.Document;
import org.pintail.backend.Store;
import org.pintail.backend.memory.MemoryStore;
import org.pintail.dkim.DkimLimits;
import org.pintail.dkim.DkimSigner;
import org.pintail.dkim.MessageScan;
import org.pintail.dkim.SigningKey;
import org.pintail.dkim.SigningOptions;
import org.pintail.dmarc.DmarcPolicy;
import org.pintail.dns.FakeDns;
import org.pintail.mail.Account;
import org.pintail.mail.Accounts;
import org.pintail.mail.DkimKeys;
import org.pintail.mail.DmarcResults;
import org.pintail.mail.Mail;
import org.pintail.mail.MailSettings;
import org.pintail.mime.Source;
import org.pintail.net.Listener;
import org.pintail.net.Tls;
import org.pintail.smtp.SmtpLimits;
import org.pintail.smtp.SmtpServer;
import org.pintail.testkit.Wire;

/// What the MX does with mail it can and cannot confirm. Clients come through a proxy header, so that their addresses are what a test says.
class MxAuthenticationTest {
    private static final Clock NOON = Clock.fixed(Instant.parse("2026-11-02T12:00:00Z"), ZoneOffset.UTC);
    private static final SigningKey KEY = SigningKey.generateRsa();
    private static final String MESSAGE = "From: <ann@example.com>\r\nSubject: x\r\n\r\nhello\r\n";

    @TempDir
    Path directory = Path.of(".");

    private final FakeDns dns = new FakeDns()
            .txt("example.com", "v=spf1 ip4:192.0.2.1 -all exp=why.example.com")
            .txt("why.example.com", "%{i} is none of ours")
            .txt("_dmarc.example.com", "v=DMARC1; p=reject")
            .txt("_dmarc.lenient.example", "v=DMARC1; p=quarantine")
            .txt("k._domainkey.example.org", KEY.record())
            .txt("k._domainkey.example.com", KEY.record());
    private final List<String> forwarded = new ArrayList<>();
    private MemoryStore store;
    private DmarcResults results;
    private Mail mail;
    private Account alice;
    private Listener listener;

    /// Checks nothing: every client is exempt.
    static MxAuthentication exempt(Store store) {
        var all = List.of(IpNetwork.parse("0.0.0.0/0").orElseThrow(), IpNetwork.parse("::/0").orElseThrow());
        return authentication(new FakeDns(), store, new MxAuthentication.Settings("mx.example.org", true, all, DmarcPolicy.REJECT, DmarcPolicy.NONE));
    }

    private static MxAuthentication authentication(FakeDns dns, Store store, MxAuthentication.Settings settings) {
        return authentication(dns, store, settings, new DmarcResults(store.documents(), NOON));
    }

    private static MxAuthentication authentication(FakeDns dns, Store store, MxAuthentication.Settings settings, DmarcResults results) {
        var judge = new MailAuthentication(dns, AuthSettings.defaults("mx.example.org"), NOON, () -> 0);
        return new MxAuthentication(judge, settings, new DkimKeys(store.documents(), "", NOON), results, null);
    }

    @BeforeEach
    void start() throws IOException {
        store = new MemoryStore(NOON);
        results = new DmarcResults(store.documents(), NOON);
        mail = new Mail(store, MailSettings.defaults("mx.example.org"), NOON);
        alice = mail.accounts().create(Accounts.New.of("alice", "", "alice@example.org"));
        mail.addresses().addForwarded("forward@example.org", List.of("one@example.net"), Document.EMPTY);
        new DkimKeys(store.documents(), "", NOON).put("example.org", List.of(new DkimKeys.Key("example.org", "k", KEY)), "");
        open(DmarcPolicy.REJECT, DmarcPolicy.NONE);
    }

    private void open(DmarcPolicy dmarc, DmarcPolicy spf) throws IOException {
        if (listener != null) {
            listener.close();
        }
        var settings = new MxAuthentication.Settings("mx.example.org", true, List.of(), dmarc, spf);
        var policy = new MxPolicy(
                mail,
                MxSettings.defaults("mx.example.org"),
                new MxPolicy.Parts((message, _, _, _) -> forwarded.add(text(message)), authentication(dns, store, settings, results), null, null));
        var anyPort = new InetSocketAddress(InetAddress.getLoopbackAddress(), 0);
        listener = Listener.open(
                new Listener.Settings("mx", anyPort, false, true, 10, 10),
                Tls.selfSigned(directory.resolve("tls"), List.of("localhost")),
                new SmtpServer(policy, SmtpLimits.DEFAULT, directory));
    }

    @AfterEach
    void stop() {
        listener.close();
        store.close();
    }

    private static String text(Source message) {
        try {
            return new String(message.readAll(), StandardCharsets.ISO_8859_1);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /// The last reply.
    private String send(String ip, String sender, String recipient, String message) throws IOException {
        try (var wire = Wire.connect(listener.address())) {
            wire.send("PROXY TCP4 " + ip + " 192.0.2.99 1234 25").reply();
            wire.send("EHLO client.example").reply();
            wire.send("MAIL FROM:<" + sender + ">").reply();
            wire.send("RCPT TO:<" + recipient + ">").reply();
            wire.send("DATA").reply();
            return wire.send(message + ".").line();
        }
    }

    private String stored(String folder) {
        var mailbox = mail.folders().findSpecial(alice.id(), folder).or(() -> mail.folders().find(alice.id(), folder)).orElseThrow();
        var rows = mail.mailstore().messages().rows(mailbox.id());
        assertThat(rows).as(folder).hasSize(1);
        return text(mail.mailstore().messages().open(rows.getFirst()));
    }

    private static String signed(String message, String domain) throws IOException {
        var signer = new DkimSigner(SigningOptions.DEFAULT);
        var scan = MessageScan.of(Source.of(message.getBytes(StandardCharsets.ISO_8859_1)), DkimLimits.DEFAULT, signer::wanted);
        return signer.sign(scan, domain, "k", KEY, NOON.instant()) + "\r\n" + message;
    }

    @Test
    void whatIsConfirmedIsStoredWithItsResults() throws IOException {
        assertThat(send("192.0.2.1", "ann@example.com", "alice@example.org", signed(MESSAGE, "example.com"))).startsWith("250");
        var unfolded = stored("INBOX").replaceAll("\r\n[ \t]+", " ");
        assertThat(unfolded.lines().dropWhile(l -> !l.startsWith("Authentication-Results")).toList().subList(0, 3))
                .satisfiesExactly(
                        results -> assertThat(results)
                                .startsWith("Authentication-Results: mx.example.org; spf=pass ")
                                .contains("; dkim=pass header.d=example.com ")
                                .endsWith("; dmarc=pass (p=REJECT) header.from=example.com header.d=example.com"),
                        spf -> assertThat(spf)
                                .startsWith("Received-SPF: pass (mx.example.org: domain of ann@example.com designates 192.0.2.1 as permitted sender) client-ip=192.0.2.1;")
                                .contains("envelope-from=\"ann@example.com\"; helo=client.example; identity=mailfrom; receiver=mx.example.org; mechanism=\"ip4:192.0.2.1\";"),
                        received -> assertThat(received).startsWith("Received: from client.example ([192.0.2.1])"));
    }

    @Test
    void whatTheDomainWantsRefusedIsRefused() throws IOException {
        assertThat(send("192.0.2.9", "ann@example.com", "alice@example.org", MESSAGE))
                .isEqualTo("550 5.7.1 Mail from example.com that neither SPF nor DKIM confirms is not accepted, as its DMARC policy asks");
        assertThat(mail.mailstore().messages().rows(mail.folders().find(alice.id(), "INBOX").orElseThrow().id())).isEmpty();
    }

    @Test
    void whatTheDomainWantsQuarantinedGoesToJunk() throws IOException {
        assertThat(send("192.0.2.9", "ann@lenient.example", "alice@example.org", MESSAGE.replace("example.com", "lenient.example"))).startsWith("250");
        assertThat(stored("\\Junk")).contains("dmarc=fail (p=QUARANTINE)");
    }

    @Test
    void theOperatorMayDoLessThanTheDomainAsks() throws IOException {
        open(DmarcPolicy.QUARANTINE, DmarcPolicy.NONE);
        assertThat(send("192.0.2.9", "ann@example.com", "alice@example.org", MESSAGE)).startsWith("250");
        assertThat(stored("\\Junk")).contains("dmarc=fail");
        open(DmarcPolicy.NONE, DmarcPolicy.NONE);
        assertThat(send("192.0.2.9", "ann@example.com", "alice@example.org", MESSAGE)).startsWith("250");
        assertThat(stored("INBOX")).contains("dmarc=fail");
    }

    @Test
    void spfAloneMayRefuseAndSaysWhatTheDomainSays() throws IOException {
        open(DmarcPolicy.NONE, DmarcPolicy.REJECT);
        assertThat(send("192.0.2.9", "ann@example.com", "alice@example.org", MESSAGE))
                .isEqualTo("550 5.7.23 SPF of example.com does not permit this client; example.com explains: 192.0.2.9 is none of ours");
    }

    @Test
    void aDnsThatDoesNotAnswerRefusesNobodyAndConfirmsNothing() throws IOException {
        dns.fails("_dmarc.slow.example").fails("slow.example");
        assertThat(send("192.0.2.9", "ann@slow.example", "alice@example.org", MESSAGE.replace("example.com", "slow.example"))).startsWith("250");
        assertThat(stored("INBOX")).contains("spf=temperror").contains("dmarc=temperror");
    }

    @Test
    void whatDmarcSaysIsCountedForTheReportOfTheDomain() throws IOException {
        dns.txt("_dmarc.counted.example", "v=DMARC1; p=reject; sp=none; adkim=s; pct=100; rua=mailto:r@counted.example");
        var message = MESSAGE.replace("example.com", "counted.example");
        send("192.0.2.9", "x@other.example", "alice@example.org", message);
        send("192.0.2.9", "y@other.example", "alice@example.org", message);
        send("192.0.2.1", "bounce@example.com", "alice@example.org", MESSAGE); // its policy asks for no reports
        results.flush();
        var day = java.time.LocalDate.of(2026, 11, 2);
        assertThat(results.domains(day, null, 10)).containsExactly("counted.example");
        assertThat(results.domains(day, "counted.example", 10)).isEmpty();
        assertThat(results.domains(day.plusDays(1), null, 10)).isEmpty();
        assertThat(results.published(day, "counted.example"))
                .isEqualTo(new org.pintail.dmarcrpt.DmarcReport.Published("counted.example", "s", "r", "reject", "none", 100));
        assertThat(results.rows(day, "counted.example", 10)).singleElement().satisfies(row -> {
            assertThat(row.count()).isEqualTo(2);
            assertThat(row.sourceIp()).isEqualTo("192.0.2.9");
            assertThat(row.disposition() + row.dkim() + row.spf() + row.override()).isEqualTo("rejectfailfail");
            assertThat(row.headerFrom() + " " + row.envelopeFrom()).isEqualTo("counted.example other.example");
            assertThat(row.spfResults()).first().satisfies(spf -> assertThat(spf.scope()).isEqualTo("mfrom"));
        });
    }

    @Test
    void resultsThatClaimToBeOursAreTakenOut() throws IOException {
        var forged = "authentication-Results : (x) MX.example.org;\r\n dmarc=pass\r\nAuthentication-Results: other.example; dkim=pass\r\n" + MESSAGE;
        assertThat(send("192.0.2.1", "ann@example.com", "alice@example.org", forged)).startsWith("250");
        assertThat(stored("INBOX")).doesNotContain("(x)").contains("Authentication-Results: other.example; dkim=pass\r\nFrom: <ann@example.com>");
    }

    /// Otherwise a forger would only have to hide From behind a megabyte, or among many.
    @Test
    void whatHasNoAuthorThatCanBeJudgedIsNotTrusted() throws IOException {
        assertThat(send("192.0.2.9", "ann@example.com", "alice@example.org", "X: " + "x ".repeat(600_000) + "\r\n" + MESSAGE))
                .isEqualTo("550 5.3.4 The header is larger than 1048576 bytes");
        var many = "From: a@1.example, b@2.example, c@3.example, d@4.example, e@5.example, ann@example.com\r\n\r\nx\r\n";
        assertThat(send("192.0.2.9", "ann@other.example", "alice@example.org", many)).startsWith("250");
        assertThat(stored("\\Junk")).contains("dmarc=permerror (more than 5 domains in From)");
    }

    @Test
    void aForwardedMessageCarriesOurSealAndTheNextHostFindsItWhole() throws IOException {
        assertThat(send("192.0.2.1", "ann@example.com", "forward@example.org", MESSAGE)).startsWith("250");
        var message = forwarded.getFirst();
        assertThat(message).startsWith("ARC-Seal: i=1;").contains("ARC-Authentication-Results: i=1; mx.example.org;");
        assertThat(verdict(message).status()).isEqualTo(ArcVerdict.Status.PASS);
        assertThat(send("192.0.2.1", "ann@example.com", "forward@example.org", message)).startsWith("250"); // another hop
        var second = verdict(forwarded.getLast());
        assertThat(second.status()).as(second.reason()).isEqualTo(ArcVerdict.Status.PASS);
        assertThat(second.links()).hasSize(2);
    }

    private ArcVerdict verdict(String message) throws IOException {
        var verifier = new ArcVerifier(dns, DkimLimits.DEFAULT);
        return verifier.verify(MessageScan.of(Source.of(message.getBytes(StandardCharsets.ISO_8859_1)), DkimLimits.DEFAULT, verifier::wanted));
    }
}
