package org.pintail.net;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.Socket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.cert.CertificateFactory;
import java.util.ArrayList;
import java.util.List;
import javax.net.ssl.KeyManager;
import javax.net.ssl.SSLContext;
import javax.net.ssl.TrustManager;
import javax.net.ssl.TrustManagerFactory;
import org.jspecify.annotations.Nullable;

/// Certificates by server name. Reloading swaps them at once; connections keep what they have.
public final class Tls {
    /// PEM files: certificate chain and private key (PKCS#8, PKCS#1 or SEC1). The first one is the default.
    public record Pem(Path certificate, Path key) {}

    private final List<Pem> files;
    private final @Nullable Path clientAuthorities;
    private final TlsBuffers buffers = new TlsBuffers();
    private volatile SSLContext context;

    private Tls(List<Pem> files, @Nullable Path clientAuthorities) throws IOException {
        this.files = List.copyOf(files);
        this.clientAuthorities = clientAuthorities;
        this.context = read();
    }

    /// Throws `IOException` naming the file that cannot be used.
    public static Tls load(List<Pem> certificates) throws IOException {
        return new Tls(certificates, null);
    }

    /// With `clientAuthorities`, a PEM file: clients are asked for a certificate of one of these authorities, and need not have one.
    public static Tls load(List<Pem> certificates, Path clientAuthorities) throws IOException {
        return new Tls(certificates, clientAuthorities);
    }

    /// Clients are asked for certificates.
    public boolean asksClients() {
        return clientAuthorities != null;
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
            made.init(new KeyManager[] {new ServerKeys(identities)}, trust(), null);
            return made;
        } catch (GeneralSecurityException e) {
            throw new IOException("cannot set up TLS: " + e.getMessage(), e);
        }
    }

    /// None where clients are asked for no certificates; the JDK's own would be read at every start.
    private TrustManager[] trust() throws IOException, GeneralSecurityException {
        var file = clientAuthorities;
        if (file == null) {
            return new TrustManager[0];
        }
        var trusted = KeyStore.getInstance(KeyStore.getDefaultType());
        trusted.load(null, null);
        try (var in = Files.newInputStream(file)) {
            int n = 0;
            for (var certificate : CertificateFactory.getInstance("X.509").generateCertificates(in)) {
                trusted.setCertificateEntry("authority-" + n++, certificate);
            }
            if (n == 0) {
                throw new IOException(file + " has no certificate");
            }
        }
        var factory = TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
        factory.init(trusted);
        return factory.getTrustManagers();
    }

    /// The server's end of TLS over a socket that was accepted. The handshake is still to come.
    TlsChannel channel(Socket socket, InputStream in, OutputStream out) {
        var engine = context.createSSLEngine(socket.getInetAddress().getHostAddress(), socket.getPort());
        engine.setUseClientMode(false);
        engine.setWantClientAuth(asksClients());
        return new TlsChannel(engine, in, out, buffers);
    }

    public SSLContext context() {
        return context;
    }
}
