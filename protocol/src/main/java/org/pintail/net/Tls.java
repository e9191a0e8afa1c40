package org.pintail.net;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.util.ArrayList;
import java.util.List;
import javax.net.ssl.KeyManager;
import javax.net.ssl.SSLContext;
import javax.net.ssl.TrustManager;

/// Certificates by server name. Reloading swaps them at once; connections keep what they have.
public final class Tls {
    /// PEM files: certificate chain and private key (PKCS#8, PKCS#1 or SEC1). The first one is the default.
    public record Pem(Path certificate, Path key) {}

    private final List<Pem> files;
    private volatile SSLContext context;

    private Tls(List<Pem> files) throws IOException {
        this.files = List.copyOf(files);
        this.context = read();
    }

    /// Throws `IOException` naming the file that cannot be used.
    public static Tls load(List<Pem> certificates) throws IOException {
        return new Tls(certificates);
    }

    /// Makes a self-signed P-256 certificate for `names` in `directory` unless one is there, and loads it.
    public static Tls selfSigned(Path directory, List<String> names) throws IOException {
        var certificate = directory.resolve("certificate.pem");
        var key = directory.resolve("key.pem");
        if (!Files.exists(certificate) || !Files.exists(key)) {
            Files.createDirectories(directory);
            SelfSigned.write(certificate, key, names);
        }
        return load(List.of(new Pem(certificate, key)));
    }

    /// Reads the files again; on failure the old ones stay.
    public void reload() throws IOException {
        context = read();
    }

    private SSLContext read() throws IOException {
        var identities = new ArrayList<Identity>();
        for (var pem : files) {
            identities.add(Identity.read(pem));
        }
        try {
            var made = SSLContext.getInstance("TLS");
            // no trust managers: clients are asked for no certificates, and the JDK's own would be read at every start
            made.init(new KeyManager[] {new ServerKeys(identities)}, new TrustManager[0], null);
            return made;
        } catch (GeneralSecurityException e) {
            throw new IOException("cannot set up TLS: " + e.getMessage(), e);
        }
    }

    public SSLContext context() {
        return context;
    }
}
