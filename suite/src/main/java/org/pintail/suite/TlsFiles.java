package org.pintail.suite;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.pintail.net.Tls;

/// Certificates and keys as the configuration names them.
final class TlsFiles {
    private TlsFiles() {}

    /// Self-signed ones in `data` where none is named.
    static Tls tls(Config config, Path data, String hostname) throws IOException {
        var certificates = config.texts("tls.certificate");
        var keys = config.texts("tls.key");
        if (certificates.size() != keys.size()) {
            throw new ConfigError("tls.key: expected as many files as tls.certificate has (" + certificates.size() + ")");
        }
        var authorities = config.text("tls.client-authorities");
        if (certificates.isEmpty() && !authorities.isEmpty()) {
            throw new ConfigError("tls.client-authorities: expected tls.certificate and tls.key beside it");
        }
        if (certificates.isEmpty()) {
            return Tls.selfSigned(data.resolve("tls"), List.of(hostname, "localhost"));
        }
        var pems = new ArrayList<Tls.Pem>();
        for (int i = 0; i < keys.size(); i++) {
            pems.add(new Tls.Pem(Path.of(certificates.get(i)), Path.of(keys.get(i))));
        }
        try {
            return authorities.isEmpty() ? Tls.load(pems) : Tls.load(pems, Path.of(authorities));
        } catch (IOException e) {
            throw new ConfigError("tls.certificate: expected readable PEM files (" + e.getMessage() + ")");
        }
    }
}
