package org.pintail.net;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.math.BigInteger;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.GeneralSecurityException;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.SecureRandom;
import java.security.Signature;
import java.security.spec.ECGenParameterSpec;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.Base64;
import java.util.HexFormat;
import java.util.List;
import java.util.Locale;
import java.util.Set;

/// A certificate of our own making, for first starts and tests. Written as DER by hand: at a first start Bouncy Castle would take longer to
/// load than all the rest.
final class SelfSigned {
    private static final Duration LIFETIME = Duration.ofDays(3650);
    private static final int INTEGER = 0x02;
    private static final int BIT_STRING = 0x03;
    private static final int OCTET_STRING = 0x04;
    private static final int UTF8_STRING = 0x0c;
    private static final int UTC_TIME = 0x17;
    private static final int SEQUENCE = 0x30;
    private static final int SET = 0x31;
    private static final int DNS_NAME = 0x82;
    private static final byte[] ECDSA_WITH_SHA256 = HexFormat.of().parseHex("300a06082a8648ce3d040302"); // RFC 5758 §3.2
    private static final byte[] COMMON_NAME = HexFormat.of().parseHex("0603550403");
    private static final byte[] SUBJECT_ALT_NAME = HexFormat.of().parseHex("0603551d11");

    private SelfSigned() {}

    /// Writes a P-256 certificate for `names` and its key, the key with mode 0600.
    static void write(Path certificate, Path key, List<String> names) throws IOException {
        try {
            var generator = KeyPairGenerator.getInstance("EC");
            generator.initialize(new ECGenParameterSpec("secp256r1"));
            var pair = generator.generateKeyPair();
            var made = certificate(pair, names.stream().distinct().toList(), Instant.now());
            writeFile(key, pem("PRIVATE KEY", pair.getPrivate().getEncoded()), "rw-------");
            writeFile(certificate, pem("CERTIFICATE", made), "rw-r--r--");
        } catch (GeneralSecurityException e) {
            throw new IOException("cannot make a certificate: " + e.getMessage(), e);
        }
    }

    /// RFC 5280 §4.1.
    ///
    ///     Certificate = SEQUENCE { tbsCertificate, signatureAlgorithm, signatureValue BIT STRING }
    ///     TBSCertificate = SEQUENCE { [0] version, serialNumber, signature, issuer, validity, subject, subjectPublicKeyInfo, [3] extensions }
    private static byte[] certificate(KeyPair pair, List<String> names, Instant now) throws GeneralSecurityException {
        var name = der(SEQUENCE, der(SET, der(SEQUENCE, COMMON_NAME, der(UTF8_STRING, utf8(names.getFirst())))));
        var alternatives = names.stream().map(n -> der(DNS_NAME, utf8(n))).toArray(byte[][]::new);
        var extension = der(SEQUENCE, SUBJECT_ALT_NAME, der(OCTET_STRING, der(SEQUENCE, alternatives)));
        var signed = der(
                SEQUENCE,
                der(0xa0, der(INTEGER, new byte[] {2})), // v3
                der(INTEGER, new BigInteger(63, new SecureRandom()).add(BigInteger.ONE).toByteArray()),
                ECDSA_WITH_SHA256,
                name,
                der(SEQUENCE, time(now.minus(Duration.ofDays(1))), time(now.plus(LIFETIME))),
                name,
                pair.getPublic().getEncoded(),
                der(0xa3, der(SEQUENCE, extension)));
        var signature = Signature.getInstance("SHA256withECDSA");
        signature.initSign(pair.getPrivate());
        signature.update(signed);
        return der(SEQUENCE, signed, ECDSA_WITH_SHA256, der(BIT_STRING, new byte[1], signature.sign()));
    }

    /// UTCTime holds to the year 2049 (RFC 5280 §4.1.2.5); a certificate of today ends long before.
    private static byte[] time(Instant at) {
        var format = DateTimeFormatter.ofPattern("yyMMddHHmmss'Z'", Locale.ROOT).withZone(ZoneOffset.UTC);
        return der(UTC_TIME, utf8(format.format(at)));
    }

    /// Tag, length, and the parts one after the other.
    private static byte[] der(int tag, byte[]... parts) {
        var content = new ByteArrayOutputStream();
        for (var part : parts) {
            content.writeBytes(part);
        }
        var out = new ByteArrayOutputStream();
        out.write(tag);
        int length = content.size();
        if (length >= 0x100) {
            out.write(0x82);
            out.write(length >> 8);
        } else if (length >= 0x80) {
            out.write(0x81);
        }
        out.write(length);
        out.writeBytes(content.toByteArray());
        return out.toByteArray();
    }

    private static byte[] utf8(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }

    private static String pem(String label, byte[] der) {
        var lines = Base64.getMimeEncoder(64, new byte[] {'\n'}).encodeToString(der);
        return "-----BEGIN " + label + "-----\n" + lines + "\n-----END " + label + "-----\n";
    }

    private static void writeFile(Path file, String text, String mode) throws IOException {
        Files.deleteIfExists(file);
        var permissions = PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString(mode));
        try (var channel = Files.newByteChannel(file, Set.of(StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE), permissions)) {
            channel.write(ByteBuffer.wrap(text.getBytes(StandardCharsets.US_ASCII)));
        }
    }
}
