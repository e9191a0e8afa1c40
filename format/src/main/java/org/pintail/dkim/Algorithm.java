package org.pintail.dkim;

import java.util.Arrays;
import java.util.Optional;

/// RFC 6376 §3.3, RFC 8463 §3.
public enum Algorithm {
    RSA_SHA256("rsa-sha256", "rsa", "sha256", "SHA-256"),
    ED25519_SHA256("ed25519-sha256", "ed25519", "sha256", "SHA-256"),
    /// Known, so that it can be named; never a pass (RFC 8301 §3.1).
    RSA_SHA1("rsa-sha1", "rsa", "sha1", "SHA-1");

    private final String word;
    private final String keyType;
    private final String hash;
    private final String digest;

    Algorithm(String word, String keyType, String hash, String digest) {
        this.word = word;
        this.keyType = keyType;
        this.hash = hash;
        this.digest = digest;
    }

    public static Optional<Algorithm> of(String word) {
        return Arrays.stream(values()).filter(a -> a.word.equals(word)).findFirst();
    }

    public String word() {
        return word;
    }

    /// As `k=` of a key record.
    public String keyType() {
        return keyType;
    }

    /// As `h=` of a key record.
    String hash() {
        return hash;
    }

    /// As the JDK names it.
    public String digest() {
        return digest;
    }
}
