package org.pintail.certificate;

import java.math.BigInteger;
import java.security.GeneralSecurityException;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.KeyStore;
import java.security.SecureRandom;
import java.security.cert.X509Certificate;
import java.security.spec.ECGenParameterSpec;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Base64;
import java.util.Date;
import java.util.List;
import java.util.stream.Stream;
import javax.net.ssl.KeyManager;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SSLContext;
import javax.net.ssl.TrustManagerFactory;
import javax.net.ssl.X509TrustManager;
import org.bouncycastle.asn1.ASN1Encodable;
import org.bouncycastle.asn1.ASN1ObjectIdentifier;
import org.bouncycastle.asn1.x500.X500Name;
import org.bouncycastle.asn1.x509.BasicConstraints;
import org.bouncycastle.asn1.x509.Extension;
import org.bouncycastle.asn1.x509.GeneralName;
import org.bouncycastle.asn1.x509.GeneralNames;
import org.bouncycastle.cert.CertIOException;
import org.bouncycastle.cert.jcajce.JcaX509CertificateConverter;
import org.bouncycastle.cert.jcajce.JcaX509v3CertificateBuilder;
import org.bouncycastle.operator.OperatorCreationException;
import org.bouncycastle.operator.jcajce.JcaContentSignerBuilder;
import org.jspecify.annotations.Nullable;

/// Certificates for tests: an authority of its own and what it signs.
public final class TestCertificates {
    private TestCertificates() {}

    /// A certificate, its key, and the authorities above it, nearest first.
    public record Identity(X509Certificate certificate, KeyPair keys, List<X509Certificate> above) {
        public Identity {
            above = List.copyOf(above);
        }

        /// As a server shows it.
        public List<X509Certificate> chain() {
            var chain = new ArrayList<X509Certificate>();
            chain.add(certificate);
            chain.addAll(above);
            return chain;
        }

        /// For a server with this certificate.
        public SSLContext server() {
            try {
                var context = SSLContext.getInstance("TLS");
                context.init(keyManagers(), null, null);
                return context;
            } catch (GeneralSecurityException e) {
                throw new AssertionError(e);
            }
        }

        /// The chain, and the key, as PEM.
        public String pem() {
            try {
                var out = new StringBuilder();
                for (var one : chain()) {
                    out.append(block("CERTIFICATE", one.getEncoded()));
                }
                return out.append(block("PRIVATE KEY", keys.getPrivate().getEncoded())).toString();
            } catch (GeneralSecurityException e) {
                throw new AssertionError(e);
            }
        }

        private static String block(String label, byte[] der) {
            return "-----BEGIN " + label + "-----\n" + Base64.getMimeEncoder().encodeToString(der) + "\n-----END " + label + "-----\n";
        }

        /// For a server or client that shows this certificate.
        public KeyManager[] keyManagers() {
            try {
                var store = KeyStore.getInstance("PKCS12");
                store.load(null, null);
                store.setKeyEntry("server", keys.getPrivate(), new char[0], chain().toArray(X509Certificate[]::new));
                var factory = KeyManagerFactory.getInstance("SunX509");
                factory.init(store, new char[0]);
                return factory.getKeyManagers();
            } catch (GeneralSecurityException | java.io.IOException e) {
                throw new AssertionError(e);
            }
        }
    }

    /// An extension that a test needs: its OID and value.
    public record Extra(String oid, ASN1Encodable value) {}

    public static Identity authority(String name, @Nullable Identity signedBy) {
        return make(name, List.of(), true, signedBy, Instant.now().minusSeconds(3600), Instant.now().plusSeconds(864_000), List.of());
    }

    /// A server's certificate for `hosts`; null signs itself.
    public static Identity server(@Nullable Identity signedBy, String... hosts) {
        return make(hosts[0], List.of(hosts), false, signedBy, Instant.now().minusSeconds(3600), Instant.now().plusSeconds(864_000), List.of());
    }

    public static Identity expired(@Nullable Identity signedBy, String... hosts) {
        return make(hosts[0], List.of(hosts), false, signedBy, Instant.now().minusSeconds(7200), Instant.now().minusSeconds(3600), List.of());
    }

    public static Identity with(List<Extra> extras, Identity signedBy, String... hosts) {
        return make(
                hosts[0], List.of(hosts), false, signedBy, Instant.now().minusSeconds(3600), Instant.now().plusSeconds(864_000), extras);
    }

    /// A client's certificate for e-mail addresses.
    public static Identity client(Identity signedBy, String... addresses) {
        var names = Stream.of(addresses).map(a -> new GeneralName(GeneralName.rfc822Name, a)).toArray(GeneralName[]::new);
        var extra = new Extra(Extension.subjectAlternativeName.getId(), new GeneralNames(names));
        return make("client", List.of(), false, signedBy, Instant.now().minusSeconds(3600), Instant.now().plusSeconds(864_000), List.of(extra));
    }

    /// With this subject behind its `CN=`: `name,UID=id`.
    public static Identity subject(String name, @Nullable Identity signedBy) {
        return make(name, List.of(), false, signedBy, Instant.now().minusSeconds(3600), Instant.now().plusSeconds(864_000), List.of());
    }

    private static Identity make(
            String name, List<String> hosts, boolean authority, @Nullable Identity by, Instant from, Instant to, List<Extra> extras) {
        try {
            var generator = KeyPairGenerator.getInstance("EC");
            generator.initialize(new ECGenParameterSpec("secp256r1"));
            var keys = generator.generateKeyPair();
            var subject = new X500Name("CN=" + name);
            var issuer = by == null ? subject : new X500Name(by.certificate().getSubjectX500Principal().getName());
            var builder = new JcaX509v3CertificateBuilder(
                    issuer, new BigInteger(64, new SecureRandom()).add(BigInteger.ONE), Date.from(from), Date.from(to), subject, keys.getPublic());
            if (authority) {
                builder.addExtension(Extension.basicConstraints, true, new BasicConstraints(true));
            }
            if (!hosts.isEmpty()) {
                var names = hosts.stream().map(h -> new GeneralName(GeneralName.dNSName, h)).toArray(GeneralName[]::new);
                builder.addExtension(Extension.subjectAlternativeName, false, new GeneralNames(names));
            }
            for (var extra : extras) {
                builder.addExtension(new ASN1ObjectIdentifier(extra.oid()), false, extra.value());
            }
            var signer = new JcaContentSignerBuilder("SHA256withECDSA").build((by == null ? keys : by.keys()).getPrivate());
            var made = new JcaX509CertificateConverter().getCertificate(builder.build(signer));
            return new Identity(made, keys, by == null ? List.of() : by.chain());
        } catch (GeneralSecurityException | OperatorCreationException | CertIOException e) {
            throw new AssertionError(e);
        }
    }

    /// Trusts exactly these.
    public static X509TrustManager trusting(X509Certificate... authorities) {
        try {
            var store = KeyStore.getInstance("PKCS12");
            store.load(null, null);
            for (int i = 0; i < authorities.length; i++) {
                store.setCertificateEntry("authority" + i, authorities[i]);
            }
            var factory = TrustManagerFactory.getInstance("PKIX");
            factory.init(store);
            return (X509TrustManager) factory.getTrustManagers()[0];
        } catch (GeneralSecurityException | java.io.IOException e) {
            throw new AssertionError(e);
        }
    }
}
