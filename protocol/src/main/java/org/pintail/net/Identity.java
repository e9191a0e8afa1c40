package org.pintail.net;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.security.PrivateKey;
import java.security.cert.CertificateException;
import java.security.cert.CertificateFactory;
import java.security.cert.CertificateParsingException;
import java.security.cert.X509Certificate;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/// A certificate chain with its private key, and the names it is for.
record Identity(List<X509Certificate> chain, PrivateKey key, List<String> names) {
    Identity {
        chain = List.copyOf(chain);
        names = List.copyOf(names);
    }

    static Identity read(Tls.Pem files) throws IOException {
        var chain = new ArrayList<X509Certificate>();
        try {
            var certificates = CertificateFactory.getInstance("X.509");
            for (var block : PemFile.read(files.certificate()).blocks()) {
                if (block.label().equals("CERTIFICATE")
                        && certificates.generateCertificate(new ByteArrayInputStream(block.der().unsafeArray())) instanceof X509Certificate one) {
                    chain.add(one);
                }
            }
        } catch (CertificateException e) {
            throw new IOException(files.certificate() + ": " + e.getMessage(), e);
        }
        if (chain.isEmpty()) {
            throw new IOException(files.certificate() + ": expected a PEM certificate");
        }
        var key = PemFile.read(files.key())
                .privateKey()
                .orElseThrow(() -> new IOException(files.key() + ": expected an unencrypted PEM private key"));
        return new Identity(chain, key, namesOf(chain.getFirst()));
    }

    private static List<String> namesOf(X509Certificate certificate) {
        var names = new ArrayList<String>();
        try {
            var alternatives = certificate.getSubjectAlternativeNames();
            if (alternatives != null) {
                for (var name : alternatives) {
                    if (name.get(1) instanceof String text) {
                        names.add(text.toLowerCase(Locale.ROOT));
                    }
                }
            }
        } catch (CertificateParsingException e) {
            names.clear(); // unreadable names: the certificate can still be the default
        }
        return names;
    }

    /// Exactly, or by a wildcard for one label (RFC 9525 §6.3).
    boolean isFor(String serverName) {
        var name = serverName.toLowerCase(Locale.ROOT);
        int dot = name.indexOf('.');
        return names.contains(name) || dot > 0 && names.contains("*" + name.substring(dot));
    }
}
