package org.pintail.net;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.KeyPairGenerator;
import java.util.List;
import org.bouncycastle.openssl.jcajce.JcaPEMWriter;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// Certificates and keys as files.
class TlsTest {
    @TempDir
    Path directory = Path.of(".");

    private Tls.Pem selfSigned() throws IOException {
        Tls.selfSigned(directory, List.of("mail.example.test", "localhost", "localhost"));
        return new Tls.Pem(directory.resolve("certificate.pem"), directory.resolve("key.pem"));
    }

    @Test
    void theCertificateWeMakeIsSignedByItsOwnKeyForItsNamesAndValidNow() throws Exception {
        var identity = Identity.read(selfSigned());
        var certificate = identity.chain().getFirst();
        certificate.verify(certificate.getPublicKey());
        certificate.checkValidity();
        assertThat(certificate.getSubjectX500Principal().getName()).isEqualTo("CN=mail.example.test");
        assertThat(certificate.getVersion()).isEqualTo(3);
        assertThat(identity.names()).containsExactly("mail.example.test", "localhost");
        assertThat(identity.key().getAlgorithm()).isEqualTo("EC");
        assertThat(Files.getPosixFilePermissions(directory.resolve("key.pem"))).isEqualTo(PosixFilePermissions.fromString("rw-------"));
    }

    /// As `openssl ecparam -name prime256v1 -genkey` writes it.
    @Test
    void keysInSec1AreRead() throws IOException {
        var file = directory.resolve("older.pem");
        Files.writeString(
                file,
                """
                -----BEGIN EC PARAMETERS-----
                BggqhkjOPQMBBw==
                -----END EC PARAMETERS-----
                -----BEGIN EC PRIVATE KEY-----
                MHcCAQEEIBrQP3vP2MsojT2Bonk0H/CIGvgrbK5/tINMmcNbHS18oAoGCCqGSM49
                AwEHoUQDQgAECdx/impCC8hgxQN0mqIO/H75a8nKcTnaH+1amMBIxJBCwhj02acv
                E1J6TrFu1lIn/GsVz3lSm/yy0Hj93MzATw==
                -----END EC PRIVATE KEY-----
                """);
        assertThat(PemFile.read(file).privateKey().orElseThrow().getAlgorithm()).startsWith("EC");
    }

    @Test
    void keysInPkcs1AreRead() throws Exception {
        var pair = KeyPairGenerator.getInstance("RSA").generateKeyPair();
        var text = new StringWriter();
        try (var writer = new JcaPEMWriter(text)) {
            writer.writeObject(pair);
        }
        assertThat(text.toString()).contains("-----BEGIN RSA PRIVATE KEY-----");
        var file = directory.resolve("older.pem");
        Files.writeString(file, "issued yesterday\n" + text);
        assertThat(PemFile.read(file).privateKey()).contains(pair.getPrivate());
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "no PEM at all",
                "-----BEGIN PRIVATE KEY",
                "-----BEGIN PRIVATE KEY-----\nMEEC\n",
                "-----BEGIN PRIVATE KEY-----\nMEEC\n-----END PRIVATE KEY-----\n",
                "-----BEGIN PRIVATE KEY-----\n-----END PRIVATE KEY-----\n",
                "-----BEGIN EC PRIVATE KEY-----\nMEEC\n-----END EC PRIVATE KEY-----\n",
                "-----BEGIN ENCRYPTED PRIVATE KEY-----\nMEEC\n-----END ENCRYPTED PRIVATE KEY-----\n"
            })
    void whatIsNoKeyIsRefusedAndTheFileNamed(String text) throws IOException {
        var pem = selfSigned();
        Files.writeString(pem.key(), text);
        assertThatThrownBy(() -> Tls.load(List.of(pem))).isInstanceOf(IOException.class).hasMessageContaining("key.pem");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"", "-----BEGIN CERTIFICATE-----\nMEEC\n-----END CERTIFICATE-----\n", "-----BEGIN CERTIFICATE-----\n:\n-----END CERTIFICATE-----\n"})
    void whatIsNoCertificateIsRefusedAndTheFileNamed(String text) throws IOException {
        var pem = selfSigned();
        Files.writeString(pem.certificate(), text);
        assertThatThrownBy(() -> Tls.load(List.of(pem))).isInstanceOf(IOException.class).hasMessageContaining("certificate.pem");
    }
}
