package org.pintail.fetch;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.cert.CertificateFactory;
import java.security.cert.X509Certificate;
import java.util.ArrayList;
import java.util.List;
import javax.net.ssl.TrustManagerFactory;
import javax.net.ssl.X509TrustManager;
import org.jspecify.annotations.Nullable;

/// Certificate authorities that are trusted: those of the Java runtime and those of PEM files.
public final class Authorities {
    private Authorities() {}

    /// Throws `IOException` naming the file that cannot be used.
    public static X509TrustManager systemAnd(List<Path> files) throws IOException {
        var certificates = new ArrayList<X509Certificate>();
        try {
            if (files.isEmpty()) {
                return manager(null);
            }
            certificates.addAll(List.of(manager(null).getAcceptedIssuers()));
            for (var file : files) {
                certificates.addAll(read(file));
            }
            return of(certificates);
        } catch (GeneralSecurityException e) {
            throw new IOException("cannot read certificate authorities: " + e.getMessage(), e);
        }
    }

    public static List<X509Certificate> read(Path file) throws IOException {
        var found = new ArrayList<X509Certificate>();
        try (InputStream in = Files.newInputStream(file)) {
            for (var certificate : CertificateFactory.getInstance("X.509").generateCertificates(in)) {
                if (certificate instanceof X509Certificate one) {
                    found.add(one);
                }
            }
        } catch (GeneralSecurityException e) {
            throw new IOException(file + ": expected PEM certificates (" + e.getMessage() + ")", e);
        }
        if (found.isEmpty()) {
            throw new IOException(file + ": expected PEM certificates");
        }
        return found;
    }

    private static X509TrustManager of(List<X509Certificate> certificates) throws GeneralSecurityException, IOException {
        var store = KeyStore.getInstance("PKCS12");
        store.load(null, null);
        for (int i = 0; i < certificates.size(); i++) {
            store.setCertificateEntry("authority" + i, certificates.get(i));
        }
        return manager(store);
    }

    private static X509TrustManager manager(@Nullable KeyStore store) throws GeneralSecurityException {
        var factory = TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
        factory.init(store);
        for (var manager : factory.getTrustManagers()) {
            if (manager instanceof X509TrustManager found) {
                return found;
            }
        }
        throw new GeneralSecurityException("no X.509 trust manager");
    }
}
