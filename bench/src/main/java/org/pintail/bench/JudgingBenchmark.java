package org.pintail.bench;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.MessageDigest;
import java.security.PublicKey;
import java.security.Signature;
import java.security.spec.RSAPublicKeySpec;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;
import org.openjdk.jmh.annotations.Warmup;
import org.pintail.auth.MailAuthentication;

/// SPF, one RSA-2048 DKIM signature, DMARC and an ARC chain of one, on a message of 50 KB, the DNS answering at once; beside it the cryptography
/// that any implementation pays. Run with `./pintail bench jmh`.
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.MICROSECONDS)
@Warmup(iterations = 5, time = 2)
@Measurement(iterations = 5, time = 2)
@SuppressWarnings("NullAway.Init") // set up by JMH
@Fork(value = 2, jvmArgsAppend = {"-XX:+UseCompactObjectHeaders", "-Xmx1g"})
public class JudgingBenchmark {
    private static final int MESSAGES = 100;
    private static final int SIGNED = 1500; // bytes of header that a signature covers
    private final byte[] signed = new byte[SIGNED];
    private Path directory;
    private List<byte[]> messages;
    private MailAuthentication judge;
    private PublicKey key;
    private byte[] signature;
    private int next;

    @Setup
    public void make() throws IOException, GeneralSecurityException {
        directory = Files.createTempDirectory("pintail-jmh-");
        var worker = AuthWorker.ready(directory, MESSAGES);
        messages = worker.messages();
        judge = worker.judge();
        var pair = worker.key();
        key = KeyFactory.getInstance("RSA").generatePublic(new RSAPublicKeySpec(pair.getModulus(), pair.getPublicExponent()));
        var signing = Signature.getInstance("SHA256withRSA");
        signing.initSign(pair);
        signing.update(signed);
        signature = signing.sign();
    }

    @TearDown
    public void delete() throws IOException {
        try (var files = Files.list(directory)) {
            for (var file : files.toList()) {
                Files.delete(file);
            }
        }
        Files.delete(directory);
    }

    private byte[] message() {
        return messages.get(next++ % MESSAGES);
    }

    @Benchmark
    public String judging() throws IOException {
        return AuthWorker.judged(judge, message());
    }

    /// One hash of the message, three verifications: the signature, that of the ARC set, its seal.
    @Benchmark
    public byte[] rawCryptography() throws GeneralSecurityException {
        for (int i = 0; i < 3; i++) {
            var verifying = Signature.getInstance("SHA256withRSA");
            verifying.initVerify(key);
            verifying.update(signed);
            if (!verifying.verify(signature)) {
                throw new IllegalStateException("does not verify");
            }
        }
        return MessageDigest.getInstance("SHA-256").digest(message());
    }
}
