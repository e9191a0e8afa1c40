package org.pintail.redis;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/// A self-signed certificate for localhost and its key as PEM files, made by openssl.
record TestKeys(Path certificate, Path key) {
    static TestKeys make(Path directory) throws IOException, InterruptedException {
        var certificate = directory.resolve("cert.pem");
        var key = directory.resolve("key.pem");
        var log = directory.resolve("openssl.log");
        int status = new ProcessBuilder(
                        "openssl", "req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-nodes", "-days", "2", "-subj",
                        "/CN=localhost", "-addext", "subjectAltName=DNS:localhost,IP:127.0.0.1", "-keyout", key.toString(), "-out",
                        certificate.toString())
                .redirectErrorStream(true)
                .redirectOutput(log.toFile())
                .start()
                .waitFor();
        if (status != 0) {
            throw new IOException(Files.readString(log));
        }
        return new TestKeys(certificate, key);
    }
}
