package org.pintail.dkim;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.pintail.Shared;
import org.pintail.dns.FakeDns;
import org.pintail.header.Headers;

/// Signatures made here verify with other implementations, and theirs here: 50 messages of the corpus, both algorithms, all canonicalisations.
/// Needs python3-dkim and libmail-dkim-perl (Debian); for mailauth, `PINTAIL_MAILAUTH` is the folder where `npm install mailauth` was run.
class DkimInteropTest {
    private static final int MESSAGES = 50;

    @TempDir
    Path directory = Path.of(".");

    @Test
    void dkimpy() throws Exception {
        var python = List.of("/usr/bin/python3", "-B");
        assumeTrue(succeeds("/usr/bin/python3", "-c", "import dkim, nacl"), "python3-dkim and python3-nacl are not installed");
        bothWays(python, "interop.py", Path.of(".").toAbsolutePath(), true);
    }

    @Test
    void mailDkim() throws Exception {
        assumeTrue(succeeds("perl", "-MMail::DKIM::Signer", "-e", "1"), "libmail-dkim-perl is not installed");
        bothWays(List.of("perl"), "interop.pl", Path.of(".").toAbsolutePath(), succeeds("perl", "-MMail::DKIM::Algorithm::ed25519_sha256", "-e", "1"));
    }

    @Test
    void mailauth() throws Exception {
        var folder = System.getenv().getOrDefault("PINTAIL_MAILAUTH", "");
        assumeTrue(!folder.isEmpty(), "PINTAIL_MAILAUTH names no folder with mailauth");
        bothWays(List.of("node"), "interop.mjs", Path.of(folder), true);
    }

    private void bothWays(List<String> command, String script, Path from, boolean ed25519) throws Exception {
        Files.write(directory.resolve("rsa.pem"), DkimTesting.RSA.pem().getBytes(StandardCharsets.US_ASCII));
        var seed = DkimTesting.ED25519.key().getEncoded();
        Files.writeString(directory.resolve("ed25519.key"), Base64.getEncoder().encodeToString(java.util.Arrays.copyOfRange(seed, seed.length - 32, seed.length)));
        Files.writeString(directory.resolve("rsa.txt"), DkimTesting.RSA.record());
        Files.writeString(directory.resolve("ed25519.txt"), DkimTesting.ED25519.record());
        var messages = messages();
        var program = from.resolve(".interop-" + script); // beside node_modules, where node looks for them
        try {
            Files.write(program, DkimTesting.resource(script));
            var all = command(command, program);
            write(messages, true);
            var theirs = run(from, all, "verify");
            assertThat(theirs.entrySet().stream().filter(e -> !e.getValue().equals("pass") && (ed25519 || !e.getValue().equals("unsupported"))).toList())
                    .as("signed here, verified by " + script)
                    .isEmpty();
            write(messages, false);
            var signed = run(from, all, "sign");
            var bad = new ArrayList<String>();
            for (var name : signed.entrySet().stream().filter(e -> e.getValue().equals("signed")).map(Map.Entry::getKey).toList()) {
                var result = verify(Files.readAllBytes(directory.resolve(name)));
                if (!result.passes()) {
                    bad.add(name + ": " + result.verdict());
                }
            }
            assertThat(bad).as("signed by " + script + ", verified here").isEmpty();
            long judged = theirs.values().stream().filter("pass"::equals).count();
            assertThat(judged).isEqualTo(messages.size() * (ed25519 ? 8L : 4L));
            assertThat(signed.values().stream().filter("signed"::equals).count()).isEqualTo(judged);
        } finally {
            Files.deleteIfExists(program);
        }
    }

    private List<String> command(List<String> command, Path program) {
        var all = new ArrayList<>(command);
        all.add(program.toString());
        return all;
    }

    private static DkimResult verify(byte[] message) {
        var dns = new FakeDns().txt("rsa._domainkey.example.com", DkimTesting.RSA.record()).txt("ed25519._domainkey.example.com", DkimTesting.ED25519.record());
        var verifier = new DkimVerifier(dns, DkimLimits.DEFAULT, InstantSource.system());
        return verifier.verify(DkimTesting.scan(message, verifier::wanted)).getFirst();
    }

    /// Those that others can sign as well: they have one From and whole lines.
    private static List<byte[]> messages() throws IOException {
        var found = new ArrayList<byte[]>();
        for (var file : Shared.corpus()) {
            var bytes = DkimTesting.bytes(new String(Files.readAllBytes(file), StandardCharsets.ISO_8859_1));
            var text = new String(bytes, StandardCharsets.ISO_8859_1);
            var header = Headers.parse(bytes, Math.max(0, text.indexOf("\r\n\r\n")), Integer.MAX_VALUE);
            boolean whole = !text.replace("\r\n", "").contains("\r") && header.all("from").size() == 1;
            if (whole && header.fields().stream().noneMatch(f -> f.is("domainkey-signature") || f.name().isEmpty())) {
                found.add(text.endsWith("\r\n") ? bytes : DkimTesting.bytes(text + "\n")); // as SMTP delivers it
            }
        }
        for (int i = 0; found.size() < MESSAGES; i++) { // some of the corpus are too broken for others: variants of the rest fill up
            var more = new String(found.get(i), StandardCharsets.ISO_8859_1) + "one more line " + i + "  \r\n\r\n";
            found.add(more.getBytes(StandardCharsets.ISO_8859_1));
        }
        return found.subList(0, MESSAGES);
    }

    private void write(List<byte[]> messages, boolean sign) throws IOException {
        for (var header : Canonicalization.values()) {
            for (var body : Canonicalization.values()) {
                for (var key : Map.of("rsa", DkimTesting.RSA, "ed25519", DkimTesting.ED25519).entrySet()) {
                    for (int i = 0; i < messages.size(); i++) {
                        var name = String.format(Locale.ROOT, "%03d.%s.%s.%s.eml", i, key.getKey(), header.word(), body.word());
                        var message = sign
                                ? DkimTesting.sign(messages.get(i), key.getValue(), key.getKey(), SigningOptions.DEFAULT.canonicalized(header, body))
                                : messages.get(i);
                        Files.write(directory.resolve(name), message);
                    }
                }
            }
        }
    }

    /// `NAME result` per line.
    private Map<String, String> run(Path from, List<String> command, String mode) throws Exception {
        var all = new ArrayList<>(command);
        all.addAll(List.of(mode, directory.toString()));
        var log = directory.resolve("out.log");
        var process = new ProcessBuilder(all).directory(from.toFile()).redirectErrorStream(true).redirectOutput(log.toFile()).start();
        boolean ended = process.waitFor(200, TimeUnit.SECONDS);
        var text = Files.readString(log, StandardCharsets.ISO_8859_1);
        assertThat(ended && process.exitValue() == 0).as(text).isTrue();
        var results = new TreeMap<String, String>();
        text.lines().filter(l -> l.contains(".eml ") && !l.startsWith("#")).forEach(l -> results.put(l.split(" ")[0], l.split(" ")[1]));
        return results;
    }

    private static boolean succeeds(String... command) throws InterruptedException {
        try {
            return new ProcessBuilder(command).redirectErrorStream(true).redirectOutput(ProcessBuilder.Redirect.DISCARD).start().waitFor() == 0;
        } catch (IOException e) {
            return false; // no such program
        }
    }
}
