package org.pintail.resolver;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.pintail.dns.DnsAnswer;
import org.pintail.dns.DnsType;
import org.pintail.dns.MxRecord;
import org.pintail.dns.TlsaRecord;
import org.xbill.DNS.Flags;
import org.xbill.DNS.Master;
import org.xbill.DNS.Message;
import org.xbill.DNS.Rcode;
import org.xbill.DNS.Record;
import org.xbill.DNS.Section;

@Timeout(60)
class DnsResolverTest {
    private static final String SOA = "example. 3600 IN SOA ns.example. host.example. 1 3600 600 86400 300";

    private static List<Record> records(String... lines) {
        try (var master = new Master(new java.io.ByteArrayInputStream((String.join("\n", lines) + "\n").getBytes(java.nio.charset.StandardCharsets.ISO_8859_1)))) {
            var out = new ArrayList<Record>();
            for (var record = master.nextRecord(); record != null; record = master.nextRecord()) {
                out.add(record);
            }
            return out;
        } catch (java.io.IOException e) {
            throw new java.io.UncheckedIOException(e);
        }
    }

    private static Message answer(Message query, String... lines) {
        var reply = FakeNameServer.reply(query);
        records(lines).forEach(r -> reply.addRecord(r, Section.ANSWER));
        return reply;
    }

    private static Message nothing(Message query, int code) {
        var reply = FakeNameServer.reply(query);
        reply.getHeader().setRcode(code);
        records(SOA).forEach(r -> reply.addRecord(r, Section.AUTHORITY));
        return reply;
    }

    private static DnsResolver resolver(FakeNameServer server) {
        return new DnsResolver(settings(server, ResolverSettings.Dnssec.OFF, Duration.ofSeconds(5)));
    }

    private static ResolverSettings settings(FakeNameServer server, ResolverSettings.Dnssec dnssec, Duration timeout) {
        return new ResolverSettings(List.of(server.address()), dnssec, null, timeout, 10, 1 << 20);
    }

    @Test
    void everyTypeIsRead() {
        var zone = Map.of(
                "TXT", "example. 60 IN TXT \"v=spf1 \" \"-all\"",
                "A", "example. 60 IN A 192.0.2.1",
                "AAAA", "example. 60 IN AAAA 2001:db8::1",
                "MX", "example. 60 IN MX 10 MAIL.example.",
                "TLSA", "example. 60 IN TLSA 3 1 1 00ff",
                "PTR", "1.2.0.192.in-addr.arpa. 60 IN PTR Host.example.");
        try (var server = new FakeNameServer(q -> answer(q, zone.getOrDefault(org.xbill.DNS.Type.string(q.getQuestion().getType()), "")))) {
            var dns = resolver(server);
            assertThat(dns.ask("Example.", DnsType.TXT).records()).containsExactly("v=spf1 -all");
            assertThat(dns.ask("example", DnsType.A).records().getFirst().getHostAddress()).isEqualTo("192.0.2.1");
            assertThat(dns.ask("example", DnsType.AAAA).records()).hasSize(1);
            assertThat(dns.ask("example", DnsType.MX).records()).containsExactly(new MxRecord(10, "mail.example"));
            assertThat(dns.ask("example", DnsType.TLSA).records()).containsExactly(new TlsaRecord(3, 1, 1, "00ff"));
            var address = dns.ask("example", DnsType.A).records().getFirst();
            assertThat(dns.reverse(address).records()).containsExactly("host.example");
        }
    }

    @Test
    void answersAndNothingAreRememberedAndFailuresAreNot() {
        try (var server = new FakeNameServer(q -> switch (q.getQuestion().getName().toString()) {
            case "here.example." -> answer(q, "here.example. 300 IN A 192.0.2.1");
            case "empty.example." -> nothing(q, Rcode.NOERROR);
            case "none.example." -> nothing(q, Rcode.NXDOMAIN);
            default -> nothing(q, Rcode.SERVFAIL);
        })) {
            var dns = resolver(server);
            for (int i = 0; i < 3; i++) {
                assertThat(dns.ask("HERE.example", DnsType.A).ttl()).isEqualTo(Duration.ofSeconds(300));
                assertThat(dns.ask("empty.example", DnsType.A).outcome()).isEqualTo(DnsAnswer.Outcome.NO_DATA);
                assertThat(dns.ask("none.example", DnsType.A).outcome()).isEqualTo(DnsAnswer.Outcome.NXDOMAIN);
            }
            assertThat(server.asked()).hasSize(3);
            assertThat(dns.ask("broken.example", DnsType.A).outcome()).isEqualTo(DnsAnswer.Outcome.TEMPORARY);
            int before = server.asked().size();
            assertThat(dns.ask("broken.example", DnsType.A).problem()).isEqualTo("SERVFAIL");
            assertThat(server.asked()).hasSizeGreaterThan(before);
        }
    }

    @Test
    void silenceIsATemporaryErrorWithinTheTime() {
        try (var server = new FakeNameServer(_ -> null)) {
            var dns = new DnsResolver(settings(server, ResolverSettings.Dnssec.OFF, Duration.ofMillis(400)));
            long start = System.nanoTime();
            var answer = dns.ask("slow.example", DnsType.TXT);
            assertThat(answer.outcome()).isEqualTo(DnsAnswer.Outcome.TEMPORARY);
            assertThat(answer.problem()).isEqualTo("time-out");
            assertThat(Duration.ofNanos(System.nanoTime() - start)).isLessThan(Duration.ofSeconds(3));
        }
    }

    @Test
    void aTruncatedAnswerIsAskedForAgainOverTcp() {
        var lines = IntStream.range(0, 100).mapToObj(i -> "big.example. 60 IN TXT \"" + "x".repeat(50) + i + "\"").toArray(String[]::new);
        try (var server = new FakeNameServer(q -> answer(q, lines))) {
            assertThat(resolver(server).ask("big.example", DnsType.TXT).records()).hasSize(100);
            assertThat(server.asked()).containsExactly("udp big.example. TXT", "tcp big.example. TXT");
        }
    }

    @Test
    void moreRecordsThanAnybodyHasAreRefused() {
        var lines = IntStream.range(0, 2000).mapToObj(i -> "big.example. 60 IN TXT \"" + i + "\"").toArray(String[]::new);
        try (var server = new FakeNameServer(q -> answer(q, lines))) {
            assertThat(resolver(server).ask("big.example", DnsType.TXT).problem()).isEqualTo("more than 1000 records");
        }
    }

    @Test
    void aliasesAreFollowedAndTheTtlIsTheShortest() {
        try (var server = new FakeNameServer(q -> answer(
                q, "a.example. 30 IN CNAME b.example.", "b.example. 600 IN CNAME c.example.", "c.example. 600 IN A 192.0.2.1"))) {
            var answer = resolver(server).ask("a.example", DnsType.A);
            assertThat(answer.canonicalName()).isEqualTo("c.example");
            assertThat(answer.ttl()).isEqualTo(Duration.ofSeconds(30));
        }
    }

    @Test
    void aChainThatTheServerLeavesOpenIsFollowedAndALoopEnds() {
        try (var server = new FakeNameServer(q -> switch (q.getQuestion().getName().toString()) {
            case "a.example." -> answer(q, "a.example. 30 IN CNAME b.example.");
            case "b.example." -> answer(q, "b.example. 30 IN A 192.0.2.1");
            case "x.example." -> answer(q, "x.example. 30 IN CNAME y.example.");
            case "y.example." -> answer(q, "y.example. 30 IN CNAME x.example.");
            default -> answer(q, "z.example. 30 IN CNAME z.example.");
        })) {
            var dns = resolver(server);
            assertThat(dns.ask("a.example", DnsType.A).found()).isTrue();
            assertThat(dns.ask("x.example", DnsType.A).outcome()).isEqualTo(DnsAnswer.Outcome.TEMPORARY);
            assertThat(dns.ask("z.example", DnsType.A).problem()).isEqualTo("loop of CNAMEs");
            assertThat(server.asked().size()).isLessThan(20);
        }
    }

    /// Records of other names in an answer count for nothing.
    @Test
    void aServerThatAddsOtherNamesIsNotBelieved() {
        try (var server = new FakeNameServer(q -> answer(q, "victim.example. 60 IN TXT \"v=spf1 +all\"", "asked.example. 60 IN TXT \"mine\""))) {
            var dns = resolver(server);
            assertThat(dns.ask("asked.example", DnsType.TXT).records()).containsExactly("mine");
            assertThat(dns.ask("nobody.example", DnsType.TXT).outcome()).isEqualTo(DnsAnswer.Outcome.NO_DATA);
        }
    }

    @Test
    void whatIsNoNameIsNotAskedFor() {
        try (var server = new FakeNameServer(q -> nothing(q, Rcode.NXDOMAIN))) {
            var dns = resolver(server);
            for (var name : List.of("", ".", "a..b", "a".repeat(64) + ".example", "a.".repeat(130) + "example")) {
                assertThat(dns.ask(name, DnsType.A).outcome()).as(name).isEqualTo(DnsAnswer.Outcome.NXDOMAIN);
            }
            assertThat(server.asked()).isEmpty();
            assertThat(dns.ask("a\\@b c.example", DnsType.A).outcome()).isEqualTo(DnsAnswer.Outcome.NXDOMAIN);
            assertThat(server.asked()).hasSize(1);
        }
    }

    @Test
    void theFlagOfTheResolverCountsOnlyWhenItIsTrusted() {
        try (var server = new FakeNameServer(q -> {
            var reply = answer(q, "a.example. 30 IN A 192.0.2.1");
            reply.getHeader().setFlag(Flags.AD);
            return reply;
        })) {
            assertThat(resolver(server).ask("a.example", DnsType.A).authenticated()).isFalse();
            var trusting = new DnsResolver(settings(server, ResolverSettings.Dnssec.RESOLVER, Duration.ofSeconds(5)));
            assertThat(trusting.ask("a.example", DnsType.A).authenticated()).isTrue();
        }
    }

    @Test
    void aSignedZoneIsValidatedAndAForgedAnswerIsBogus() throws Exception {
        var zone = new SignedZone("test.");
        var anchors = java.nio.file.Files.createTempFile("anchors", ".txt");
        java.nio.file.Files.writeString(anchors, zone.trustAnchor() + "\n");
        try (var server = new FakeNameServer(zone::answer)) {
            var settings = new ResolverSettings(List.of(server.address()), ResolverSettings.Dnssec.VALIDATE, anchors, Duration.ofSeconds(5), 10, 1 << 20);
            var dns = new DnsResolver(settings);
            var good = dns.ask("good.test", DnsType.TLSA);
            assertThat(good.found()).as(good.problem()).isTrue();
            assertThat(good.authenticated()).isTrue();
            var forged = dns.ask("forged.test", DnsType.TLSA);
            assertThat(forged.outcome()).as(forged.toString()).isEqualTo(DnsAnswer.Outcome.BOGUS);
            var expired = dns.ask("expired.test", DnsType.TLSA);
            assertThat(expired.outcome()).as(expired.toString()).isEqualTo(DnsAnswer.Outcome.BOGUS);
        } finally {
            java.nio.file.Files.delete(anchors);
        }
    }

    @Test
    void serversThatCannotBeReadAreNamed() {
        assertThatThrownBy(() -> new DnsResolver(ResolverSettings.of(List.of("nonsense nonsense")))).hasMessageContaining("dns.servers").hasMessageContaining("nonsense");
    }

    /// One zone with a key, signed record by record.
    private static final class SignedZone {
        private final org.xbill.DNS.Name apex;
        private final java.security.KeyPair keys;
        private final org.xbill.DNS.DNSKEYRecord key;

        SignedZone(String name) throws Exception {
            this.apex = org.xbill.DNS.Name.fromString(name);
            var generator = java.security.KeyPairGenerator.getInstance("EC");
            generator.initialize(256);
            this.keys = generator.generateKeyPair();
            this.key = new org.xbill.DNS.DNSKEYRecord(
                    apex, org.xbill.DNS.DClass.IN, 3600, 257, 3, org.xbill.DNS.DNSSEC.Algorithm.ECDSAP256SHA256, keys.getPublic());
        }

        String trustAnchor() {
            return key.toString();
        }

        Message answer(Message query) {
            var question = query.getQuestion();
            var reply = FakeNameServer.reply(query);
            var now = Instant.now();
            switch (question.getName().toString() + " " + org.xbill.DNS.Type.string(question.getType())) {
                case "test. DNSKEY" -> add(reply, key, now.plusSeconds(3600));
                case "good.test. TLSA" -> add(reply, tlsa("good.test.", "aa"), now.plusSeconds(3600));
                case "expired.test. TLSA" -> add(reply, tlsa("expired.test.", "aa"), now.minusSeconds(3600));
                case "forged.test. TLSA" -> {
                    reply.addRecord(tlsa("forged.test.", "bb"), Section.ANSWER);
                    reply.addRecord(signature(tlsa("forged.test.", "aa"), now.plusSeconds(3600)), Section.ANSWER);
                }
                default -> reply.getHeader().setRcode(Rcode.NXDOMAIN);
            }
            return reply;
        }

        private static Record tlsa(String name, String hex) {
            return new org.xbill.DNS.TLSARecord(
                    records(name + " 60 IN A 192.0.2.1").getFirst().getName(), org.xbill.DNS.DClass.IN, 60, 3, 1, 1, HexFormat.of().parseHex(hex));
        }

        private void add(Message reply, Record record, Instant until) {
            reply.addRecord(record, Section.ANSWER);
            reply.addRecord(signature(record, until), Section.ANSWER);
        }

        private Record signature(Record record, Instant until) {
            try {
                return org.xbill.DNS.DNSSEC.sign(new org.xbill.DNS.RRset(record), key, keys.getPrivate(), until.minusSeconds(7200), until);
            } catch (org.xbill.DNS.DNSSEC.DNSSECException e) {
                throw new IllegalStateException(e);
            }
        }
    }
}
