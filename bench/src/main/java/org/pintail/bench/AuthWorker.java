package org.pintail.bench;

import com.sun.management.OperatingSystemMXBean;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.MessageDigest;
import java.security.Signature;
import java.security.interfaces.RSAPrivateCrtKey;
import java.security.spec.RSAPublicKeySpec;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Base64;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.pintail.address.IpText;
import org.pintail.arc.ArcSealer;
import org.pintail.arc.ArcVerdict;
import org.pintail.auth.AuthSettings;
import org.pintail.auth.MailAuthentication;
import org.pintail.authres.AuthenticationResults;
import org.pintail.dkim.DkimLimits;
import org.pintail.dkim.DkimSigner;
import org.pintail.dkim.MessageScan;
import org.pintail.dkim.SigningKey;
import org.pintail.dkim.SigningOptions;
import org.pintail.dns.Dns;
import org.pintail.dns.DnsAnswer;
import org.pintail.dns.DnsType;
import org.pintail.mime.Source;
import org.pintail.spf.SpfClient;

/// The process that [AuthBench] measures: makes the messages, or judges them all several times over. The DNS is a table.
final class AuthWorker {
    private static final int BODY = 50_000;
    private final Path directory;
    private final Map<String, String> zone = new HashMap<>();

    private AuthWorker(Path directory) {
        this.directory = directory;
    }

    /// Makes `count` messages in `directory` and is ready to judge them.
    static AuthWorker ready(Path directory, int count) throws IOException {
        var worker = new AuthWorker(directory);
        worker.make(count);
        worker.readZone();
        return worker;
    }

    MailAuthentication judge() {
        return new MailAuthentication(table(), AuthSettings.defaults("mx.bench.test"), InstantSource.system(), () -> 0);
    }

    static String judged(MailAuthentication judge, byte[] message) throws IOException {
        var client = new SpfClient(IpText.parse("192.0.2.7").orElseThrow(), "mail.example.com", "mx.bench.test");
        var field = judge.check(client, "ada@example.com", Source.of(message)).results().field();
        if (!field.contains("spf=pass") || !field.contains("dkim=pass") || !field.contains("arc=pass") || !field.contains("dmarc=pass")) {
            throw new IllegalStateException(field);
        }
        return field;
    }

    RSAPrivateCrtKey key() throws IOException {
        return (RSAPrivateCrtKey) SigningKey.parse(Files.readString(directory.resolve("key.pem"))).key();
    }

    private void readZone() throws IOException {
        for (var line : Files.readAllLines(directory.resolve("zone.txt"))) {
            zone.put(line.substring(0, line.indexOf(' ')), line.substring(line.indexOf(' ') + 1));
        }
    }

    /// `make DIRECTORY COUNT` or `judge DIRECTORY PASSES`.
    public static void main(String[] args) throws Exception {
        var worker = new AuthWorker(Path.of(args[1]));
        if (args[0].equals("make")) {
            worker.make(Integer.parseInt(args[2]));
        } else {
            worker.judge(Integer.parseInt(args[2]));
        }
    }

    private void make(int count) throws IOException {
        var key = SigningKey.generateRsa();
        var lines = List.of(
                "example.com v=spf1 ip4:192.0.2.0/24 -all",
                "_dmarc.example.com v=DMARC1; p=reject",
                "k._domainkey.example.com " + key.record(),
                "k._domainkey.sealer.example " + key.record());
        Files.write(directory.resolve("zone.txt"), lines);
        Files.writeString(directory.resolve("key.pem"), key.pem());
        var signer = new DkimSigner(SigningOptions.DEFAULT);
        var sealer = new ArcSealer("sealer.example", "k", key);
        var before = new ArcVerdict(ArcVerdict.Status.NONE, "", null, 0, List.of(), false);
        var found = AuthenticationResults.parse("sealer.example; spf=pass smtp.mailfrom=ada@example.com; dkim=pass header.d=example.com; dmarc=pass header.from=example.com").orElseThrow();
        for (int i = 0; i < count; i++) {
            var message = message(i);
            var signature = signer.sign(scan(message, signer), "example.com", "k", key, Instant.now()) + "\r\n";
            message = signature + message;
            var bytes = message.getBytes(StandardCharsets.ISO_8859_1);
            var seal = sealer.seal(MessageScan.of(Source.of(bytes), DkimLimits.DEFAULT, sealer::wanted), found, before, Instant.now()).orElseThrow();
            Files.writeString(directory.resolve(String.format("%05d.eml", i)), seal + message, StandardCharsets.ISO_8859_1);
        }
    }

    private static org.pintail.dkim.ScannedMessage scan(String message, DkimSigner signer) throws IOException {
        return MessageScan.of(Source.of(message.getBytes(StandardCharsets.ISO_8859_1)), DkimLimits.DEFAULT, signer::wanted);
    }

    /// About half text, half base64, as mail of that size is.
    private static String message(int number) {
        var text = new StringBuilder(new String(TestMessage.of(number, "ada@example.com"), StandardCharsets.ISO_8859_1));
        var random = new Random(number);
        var chunk = new byte[57];
        while (text.length() < BODY) {
            random.nextBytes(chunk);
            text.append(Base64.getEncoder().encodeToString(chunk)).append("\r\n");
            if (text.length() % 5 == 0) {
                text.append("A line of words, with  two spaces and one at its end \r\n");
            }
        }
        return text.toString();
    }

    private void judge(int passes) throws IOException, GeneralSecurityException {
        readZone();
        var messages = messages();
        var judge = judge();
        for (int pass = 0; pass < passes; pass++) {
            double process = processMillis();
            double thread = threadMillis();
            for (var message : messages) {
                judged(judge, message);
            }
            double whole = threadMillis() - thread;
            double raw = raw(messages);
            System.out.printf(java.util.Locale.ROOT, "pass %d process %.1f thread %.1f raw %.1f%n", pass, processMillis() - process - raw, whole, raw);
        }
    }

    List<byte[]> messages() throws IOException {
        var messages = new ArrayList<byte[]>();
        try (var files = Files.list(directory)) {
            for (var file : files.filter(f -> f.toString().endsWith(".eml")).sorted().toList()) {
                messages.add(Files.readAllBytes(file));
            }
        }
        return messages;
    }

    /// The least that any implementation pays: one hash of the body, and three RSA verifications (DKIM, the ARC signature, its seal).
    private double raw(List<byte[]> messages) throws IOException, GeneralSecurityException {
        var key = key();
        var publicKey = KeyFactory.getInstance("RSA").generatePublic(new RSAPublicKeySpec(key.getModulus(), key.getPublicExponent()));
        var signed = new byte[1500];
        var engine = Signature.getInstance("SHA256withRSA");
        engine.initSign(key);
        engine.update(signed);
        var signature = engine.sign();
        double begin = threadMillis();
        for (var message : messages) {
            MessageDigest.getInstance("SHA-256").digest(message);
            for (int i = 0; i < 3; i++) {
                var verifying = Signature.getInstance("SHA256withRSA");
                verifying.initVerify(publicKey);
                verifying.update(signed);
                if (!verifying.verify(signature)) {
                    throw new IllegalStateException("does not verify");
                }
            }
        }
        return threadMillis() - begin;
    }

    private static double threadMillis() {
        return ManagementFactory.getThreadMXBean().getCurrentThreadCpuTime() / 1e6;
    }

    /// Of all threads: compiler and garbage collector as well.
    private static double processMillis() {
        return ManagementFactory.getPlatformMXBean(OperatingSystemMXBean.class).getProcessCpuTime() / 1e6;
    }

    private Dns table() {
        return new Dns() {
            @Override
            @SuppressWarnings("unchecked") // the table has TXT records only
            public <T> DnsAnswer<T> ask(String name, DnsType<T> type) {
                var text = type.equals(DnsType.TXT) ? zone.get(name) : null;
                return text == null
                        ? DnsAnswer.noSuchName(name, Duration.ofMinutes(1), false)
                        : (DnsAnswer<T>) DnsAnswer.found(List.of(text), name, Duration.ofMinutes(1), false);
            }
        };
    }
}
