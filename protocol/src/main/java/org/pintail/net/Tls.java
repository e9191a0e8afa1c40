package org.pintail.net;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;

/// Certificates by server name. Reloading swaps them at once; connections keep what they have.
public final class Tls {
    /// PEM files: certificate chain and private key (PKCS#8, PKCS#1 or SEC1). The first one is the default.
    public record Pem(Path certificate, Path key) {}

    private Tls() {}

    public static Tls load(List<Pem> certificates) throws IOException {
        throw new UnsupportedOperationException();
    }

    /// Makes a self-signed P-256 certificate for `names` in `directory` unless one is there, and loads it.
    public static Tls selfSigned(Path directory, List<String> names) throws IOException {
        throw new UnsupportedOperationException();
    }

    /// Reads the files again; on failure the old ones stay.
    public void reload() throws IOException {
        throw new UnsupportedOperationException();
    }

    public javax.net.ssl.SSLContext context() {
        throw new UnsupportedOperationException();
    }
}
