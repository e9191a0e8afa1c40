package org.pintail.net;

import java.io.IOException;
import java.io.Reader;
import java.nio.file.Files;
import java.security.PrivateKey;
import java.security.cert.CertificateException;
import java.security.cert.CertificateParsingException;
import java.security.cert.X509Certificate;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import org.bouncycastle.asn1.pkcs.PrivateKeyInfo;
import org.bouncycastle.cert.X509CertificateHolder;
import org.bouncycastle.cert.jcajce.JcaX509CertificateConverter;
import org.bouncycastle.openssl.PEMKeyPair;
import org.bouncycastle.openssl.PEMParser;
import org.bouncycastle.openssl.jcajce.JcaPEMKeyConverter;

/// A certificate chain with its private key, and the names it is for.
record Identity(List<X509Certificate> chain, PrivateKey key, List<String> names) {
    Identity {
        chain = List.copyOf(chain);
        names = List.copyOf(names);
    }

    static Identity read(Tls.Pem files) throws IOException {
        var chain = new ArrayList<X509Certificate>();
        try (var in = Files.newBufferedReader(files.certificate())) {
            var converter = new JcaX509CertificateConverter();
            for (var object : objects(in)) {
                if (object instanceof X509CertificateHolder holder) {
                    chain.add(converter.getCertificate(holder));
                }
            }
        } catch (CertificateException e) {
            throw new IOException(files.certificate() + ": " + e.getMessage(), e);
        }
        if (chain.isEmpty()) {
            throw new IOException(files.certificate() + ": expected a PEM certificate");
        }
        return new Identity(chain, readKey(files), namesOf(chain.getFirst()));
    }

    private static PrivateKey readKey(Tls.Pem files) throws IOException {
        try (var in = Files.newBufferedReader(files.key())) {
            var converter = new JcaPEMKeyConverter();
            for (var object : objects(in)) {
                if (object instanceof PrivateKeyInfo info) {
                    return converter.getPrivateKey(info);
                }
                if (object instanceof PEMKeyPair pair) {
                    return converter.getKeyPair(pair).getPrivate();
                }
            }
        }
        throw new IOException(files.key() + ": expected an unencrypted PEM private key");
    }

    private static List<Object> objects(Reader in) throws IOException {
        var all = new ArrayList<Object>();
        try (var parser = new PEMParser(in)) {
            for (var object = parser.readObject(); object != null; object = parser.readObject()) {
                all.add(object);
            }
        }
        return all;
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
