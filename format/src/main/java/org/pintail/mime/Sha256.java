package org.pintail.mime;

import java.io.IOException;
import java.io.InputStream;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;

/// SHA-256 of what is read.
public final class Sha256 {
    private static final int BUFFER = 16 * 1024;

    private Sha256() {}

    public static MessageDigest digest() {
        try {
            return MessageDigest.getInstance("SHA-256");
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every JDK has SHA-256", e);
        }
    }

    /// Of all that `source` has.
    public static byte[] of(Source source) throws IOException {
        return of(source.open());
    }

    /// Of all that comes, and closes it.
    public static byte[] of(InputStream content) throws IOException {
        try (var in = content) {
            var digest = digest();
            var buffer = new byte[BUFFER];
            for (int n = in.read(buffer); n >= 0; n = in.read(buffer)) {
                digest.update(buffer, 0, n);
            }
            return digest.digest();
        }
    }
}
