package org.pintail.auth;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.pintail.dkim.DkimStatus;
import org.pintail.dns.Dns;
import org.pintail.dns.DnsAnswer;
import org.pintail.dns.DnsType;
import org.pintail.dns.FakeDns;
import org.pintail.dns.MxRecord;
import org.pintail.mime.Source;
import org.pintail.spf.SpfClient;
import org.pintail.spf.SpfResult;

/// Senders and zones that want to cost more than they may. The budget of one message: 300 questions, 30 s of waiting, and one second of
/// CPU for messages of a few megabytes (here with room for slow machines).
class HostileMailTest {
    private static final String MESSAGE = "From: a@example.com\r\nSubject: x\r\n\r\nhello\r\n";
    private static final long CPU_BUDGET_MS = 3000;
    private final CountingDns counting = new CountingDns();

    /// Counts what it passes on.
    private static final class CountingDns implements Dns {
        private Dns dns = new FakeDns();
        private int questions;

        @Override
        public <T> DnsAnswer<T> ask(String name, DnsType<T> type) {
            questions++;
            return dns.ask(name, type);
        }
    }

    private AuthReport check(Dns dns, String message) throws IOException {
        return check(dns, message, InstantSource.fixed(Instant.parse("2026-11-20T12:00:00Z")));
    }

    private AuthReport check(Dns dns, String message, InstantSource clock) throws IOException {
        counting.dns = dns;
        var judge = new MailAuthentication(counting, AuthSettings.defaults("mx.example.net"), clock, () -> 0);
        long before = ManagementFactory.getThreadMXBean().getCurrentThreadCpuTime();
        var report = judge.check(
                new SpfClient(FakeDns.ip("192.0.2.1"), "mail.example.com", "mx.example.net"),
                "a@example.com",
                Source.of(message.getBytes(StandardCharsets.ISO_8859_1)));
        assertThat((ManagementFactory.getThreadMXBean().getCurrentThreadCpuTime() - before) / 1_000_000).as("CPU ms").isLessThan(CPU_BUDGET_MS);
        assertThat(counting.questions).isLessThanOrEqualTo(300);
        assertThat(report.results().field().length()).isLessThan(100_000);
        return report;
    }

    @Test
    void spfThatIncludesItself() throws IOException {
        var report = check(new FakeDns().txt("example.com", "v=spf1 include:example.com include:example.com -all"), MESSAGE);
        assertThat(report.mailFrom().result()).isEqualTo(SpfResult.PERMERROR);
        assertThat(report.mailFrom().lookups()).isEqualTo(11);
    }

    @Test
    void spfThatNamesAThousandNamesThatDoNotExist() throws IOException {
        var record = "v=spf1" + " a:x.example.com exists:%{l}.example.com".repeat(100) + " -all";
        assertThat(check(new FakeDns().txt("example.com", record), MESSAGE).mailFrom().reason()).isEqualTo("more than 2 lookups that found nothing");
    }

    @Test
    void spfWithAHundredMxHostsAndPtrNames() throws IOException {
        var dns = new FakeDns().txt("example.com", "v=spf1 mx -all").txt("mail.example.com", "v=spf1 ptr -all");
        for (int i = 0; i < 100; i++) {
            dns.put("example.com", DnsType.MX, new MxRecord(i, "mx" + i + ".example.com"));
            dns.ptr("192.0.2.1", "p" + i + ".example.com");
        }
        var report = check(dns, MESSAGE);
        assertThat(report.mailFrom().reason()).isEqualTo("more than 10 MX records");
        assertThat(report.helo().orElseThrow().result()).isEqualTo(SpfResult.FAIL);
        assertThat(counting.questions).isLessThan(30);
    }

    @Test
    void tenThousandTxtRecordsAndOneHugeOne() throws IOException {
        var dns = new FakeDns();
        dns.txt("example.com", Collections.nCopies(10_000, "verification=x").toArray(String[]::new));
        dns.txt("example.com", "v=spf1 " + "ip4:192.0.2.2 ".repeat(100_000) + "-all");
        dns.txt("_dmarc.example.com", Collections.nCopies(10_000, "v=DMARC1; p=reject").toArray(String[]::new));
        var report = check(dns, MESSAGE);
        assertThat(report.mailFrom().result()).isEqualTo(SpfResult.PERMERROR);
        assertThat(report.dmarc().published()).isEmpty();
    }

    @Test
    void macrosThatGrow() throws IOException {
        var dns = new FakeDns().txt("example.com", "v=spf1 exists:" + "%{s}%{h}%{d}".repeat(1000) + ".example.com -all");
        assertThat(check(dns, MESSAGE).mailFrom().result()).isEqualTo(SpfResult.FAIL);
    }

    @Test
    void aThousandSignaturesOfAThousandDomains() throws IOException {
        var fields = new StringBuilder();
        for (int i = 0; i < 1000; i++) {
            fields.append("DKIM-Signature: v=1; a=rsa-sha256; d=d").append(i).append(".example; s=s; h=from; l=").append(i)
                    .append("; bh=47DEQpj8HBSa+/TImW+5JCeuQeRkm5NMpJWZG3hSuFU=; b=AAAA\r\n");
        }
        var report = check(new FakeDns(), fields + MESSAGE + "x".repeat(5 << 20));
        assertThat(report.dkim()).hasSize(10);
        assertThat(report.ignoredSignatures()).isEqualTo(990);
    }

    @Test
    void aHeaderOfTenMegabytes() throws IOException {
        var report = check(new FakeDns(), "X: " + "a".repeat(10 << 20) + "\r\n" + MESSAGE);
        assertThat(report.dkim()).isEmpty();
        assertThat(report.results().field()).contains("dkim=permerror (header too large)");
        assertThat(report.dmarc().result()).hasToString("PERMERROR");
    }

    @Test
    void aMegabyteOfShortFieldsSignedTenTimes() throws IOException {
        var names = "x:".repeat(20_000) + "from";
        var signature = "DKIM-Signature: v=1; a=rsa-sha256; d=example.com; s=s; h=" + names + "; bh=47DEQpj8HBSa+/TImW+5JCeuQeRkm5NMpJWZG3hSuFU=; b=AAAA\r\n";
        var report = check(new FakeDns(), signature.repeat(10) + "x: y\r\n".repeat(80_000) + MESSAGE);
        assertThat(report.dkim()).hasSize(10).noneMatch(r -> r.passes());
    }

    @Test
    void arcFieldsByTheThousand() throws IOException {
        var set = "ARC-Seal: i=%d; a=rsa-sha256; cv=pass; d=d.example; s=s; b=AAAA\r\nARC-Message-Signature: i=%d; a=rsa-sha256; d=d.example; s=s; h=from; bh=AAAA; b=AAAA\r\n"
                + "ARC-Authentication-Results: i=%d; x; none\r\n";
        var fields = new StringBuilder();
        for (int i = 1; i < 2000; i++) {
            fields.append(set.replace("%d", Integer.toString(i)));
        }
        assertThat(check(new FakeDns(), fields + MESSAGE).arc().reason()).isEqualTo("invalid ARC instance");
    }

    /// A resolver that takes ten seconds for every answer.
    @Test
    void aSlowDnsEndsTheCheckAndIsNeverAPass() throws IOException {
        var now = new Instant[] {Instant.parse("2026-11-20T12:00:00Z")};
        var slow = new Dns() {
            private final FakeDns answers = new FakeDns().txt("example.com", "v=spf1 include:a.example include:b.example include:c.example +all")
                    .txt("a.example", "v=spf1 -all").txt("b.example", "v=spf1 -all").txt("c.example", "v=spf1 -all").txt("_dmarc.example.com", "v=DMARC1; p=reject");

            @Override
            public <T> DnsAnswer<T> ask(String name, DnsType<T> type) {
                now[0] = now[0].plus(Duration.ofSeconds(10));
                return answers.ask(name, type);
            }
        };
        var report = check(slow, MESSAGE, () -> now[0]);
        assertThat(report.mailFrom().result()).isEqualTo(SpfResult.TEMPERROR);
        assertThat(report.dmarc().result()).hasToString("TEMPERROR");
        assertThat(counting.questions).isLessThan(8);
    }

    /// Random changes of a message with everything in it: a result, never an exception.
    @Test
    void brokenHeadersGiveResults() throws IOException {
        long seed = System.nanoTime();
        var random = new Random(seed);
        var whole = "ARC-Seal: i=1; a=rsa-sha256; cv=none; d=d.example; s=s; b=AAAA\r\nARC-Message-Signature: i=1; a=rsa-sha256; d=d.example; s=s; h=from; bh=AAAA; b=AAAA\r\n"
                + "ARC-Authentication-Results: i=1; x; spf=pass smtp.mailfrom=a\r\nDKIM-Signature: v=1; a=ed25519-sha256; c=relaxed/simple; d=example.com; i=@example.com; s=s; l=3;"
                + " t=1; x=9999999999; h=from:subject; z=From:a; bh=47DEQpj8HBSa+/TImW+5JCeuQeRkm5NMpJWZG3hSuFU=; b=AAAA\r\n" + MESSAGE;
        var dns = new FakeDns().txt("s._domainkey.example.com", "v=DKIM1; k=ed25519; p=11qYAYKxCrfVS/7TyWQHOg7hcvPapiMlrwIaaPcHURo=").txt("_dmarc.example.com", "v=DMARC1; p=reject");
        for (int run = 0; run < 5000; run++) {
            var bytes = whole.toCharArray();
            for (int i = 0; i <= random.nextInt(4); i++) {
                bytes[random.nextInt(bytes.length)] = (char) random.nextInt(256);
            }
            counting.questions = 0;
            var report = check(dns, new String(bytes));
            assertThat(report.dkim()).as("seed " + seed).noneMatch(r -> r.verdict().status() == DkimStatus.PASS);
        }
    }

    @Test
    void randomRecordsGiveResults() throws IOException {
        long seed = System.nanoTime();
        var random = new Random(seed);
        var pieces = List.of("v=spf1 ", "v=DMARC1;", "include:", "a", "mx", "/", "//", "24", ":", "%{", "}", "s", "l", "r", "-all", "~", "+", "redirect=", "exp=", "ip4:", "ip6:", "::", "1.2.3.4", "p=", "reject", ";", "=", " ", "\u0000", "é", "exists:", "ptr", "999999999999");
        var results = new ArrayList<SpfResult>();
        for (int run = 0; run < 5000; run++) {
            var record = new StringBuilder("v=spf1 ");
            for (int i = 0; i < random.nextInt(8); i++) {
                record.append(pieces.get(random.nextInt(pieces.size())));
            }
            counting.questions = 0;
            results.add(check(new FakeDns().txt("example.com", record.toString()).txt("_dmarc.example.com", record.toString()), MESSAGE).mailFrom().result());
        }
        assertThat(results).as("seed " + seed).contains(SpfResult.PERMERROR, SpfResult.NEUTRAL);
    }
}
