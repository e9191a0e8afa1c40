package org.pintail.net;

import java.io.IOException;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.cert.X509Certificate;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SSLContext;
import javax.net.ssl.TrustManager;
import org.jspecify.annotations.Nullable;

/// A certificate that is shown to servers as a client's, with the context for connections to them.
public record ClientIdentity(X509Certificate certificate, SSLContext context) {
    private static final char[] NO_PASSWORD = {};

    /// Servers are trusted as the JDK trusts them. Throws `IOException` naming the file that cannot be used.
    public static ClientIdentity read(Tls.Pem files) throws IOException {
        return read(files, null);
    }

    /// Servers are trusted as `trust` says.
    public static ClientIdentity read(Tls.Pem files, TrustManager @Nullable [] trust) throws IOException {
        var identity = Identity.read(files);
        try {
            var keys = KeyStore.getInstance(KeyStore.getDefaultType());
            keys.load(null, null);
            keys.setKeyEntry("client", identity.key(), NO_PASSWORD, identity.chain().toArray(X509Certificate[]::new));
            var managers = KeyManagerFactory.getInstance(KeyManagerFactory.getDefaultAlgorithm());
            managers.init(keys, NO_PASSWORD);
            var context = SSLContext.getInstance("TLS");
            context.init(managers.getKeyManagers(), trust, null);
            return new ClientIdentity(identity.chain().getFirst(), context);
        } catch (GeneralSecurityException e) {
            throw new IOException(files.certificate() + ", " + files.key() + ": expected a certificate with its key (" + e.getMessage() + ")", e);
        }
    }
}
