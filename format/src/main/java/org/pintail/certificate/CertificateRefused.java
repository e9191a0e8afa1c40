package org.pintail.certificate;

import java.security.cert.CertificateException;

/// A certificate is not what it has to be. `reason` in the words of RFC 8460 §4.3.2.
public final class CertificateRefused extends CertificateException {
    /// Why.
    public enum Reason {
        HOST_MISMATCH("certificate-host-mismatch"),
        EXPIRED("certificate-expired"),
        NOT_TRUSTED("certificate-not-trusted"),
        NOT_MATCHING("validation-failure");

        private final String word;

        Reason(String word) {
            this.word = word;
        }

        public String word() {
            return word;
        }
    }

    private final Reason reason;

    CertificateRefused(Reason reason, String message) {
        super(message);
        this.reason = reason;
    }

    public Reason reason() {
        return reason;
    }

    /// The refusal that made a handshake fail, if it was one.
    public static java.util.Optional<CertificateRefused> causeOf(Throwable failure) {
        int depth = 0;
        for (@org.jspecify.annotations.Nullable Throwable t = failure; t != null && depth < 10; t = t.getCause(), depth++) {
            if (t instanceof CertificateRefused refused) {
                return java.util.Optional.of(refused);
            }
        }
        return java.util.Optional.empty();
    }
}
