package org.pintail.sasl;

import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.security.cert.CertificateEncodingException;
import java.security.cert.X509Certificate;
import java.util.Locale;
import java.util.Optional;
import org.pintail.net.Connection;

/// What ties an exchange to its TLS connection: `tls-exporter` (RFC 9266, with TLS 1.3) and `tls-server-end-point` (RFC 5929 §4).
final class ChannelBinding {
    private static final int EXPORTED = 32;

    private ChannelBinding() {}

    static boolean isAvailable(Connection connection) {
        return connection.secure()
                && (data(connection, "tls-server-end-point").isPresent() || data(connection, "tls-exporter").isPresent());
    }

    static Optional<byte[]> data(Connection connection, String type) {
        return switch (type) {
            case "tls-exporter" -> connection.exportedKey("EXPORTER-Channel-Binding", EXPORTED);
            case "tls-server-end-point" -> connection.serverCertificate().flatMap(ChannelBinding::endPoint);
            default -> Optional.empty();
        };
    }

    /// The hash is that of the certificate's signature, SHA-256 in place of MD5 and SHA-1; undefined where the signature has none (EdDSA).
    private static Optional<byte[]> endPoint(X509Certificate certificate) {
        var signature = certificate.getSigAlgName().toUpperCase(Locale.ROOT);
        int with = signature.indexOf("WITH");
        if (with < 0) {
            return Optional.empty();
        }
        var hash = switch (signature.substring(0, with)) {
            case "MD5", "SHA1", "SHA256" -> "SHA-256";
            case "SHA224" -> "SHA-224";
            case "SHA384" -> "SHA-384";
            case "SHA512" -> "SHA-512";
            default -> "";
        };
        if (hash.isEmpty()) {
            return Optional.empty();
        }
        try {
            return Optional.of(MessageDigest.getInstance(hash).digest(certificate.getEncoded()));
        } catch (CertificateEncodingException e) {
            throw new IllegalStateException("the server's own certificate cannot be encoded", e);
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("this JDK has no " + hash, e);
        }
    }
}
