package org.pintail.certificate;

import java.security.cert.CertPathValidatorException;
import java.security.cert.CertificateException;
import java.security.cert.CertificateExpiredException;
import java.security.cert.X509Certificate;
import java.util.List;
import javax.net.ssl.X509TrustManager;
import org.jspecify.annotations.Nullable;

/// The certificate is signed by an authority that `authorities` trusts, is valid now, and names `host` (RFC 8461 §4.2). Equal when it asks
/// the same, so that connections can be shared.
public record PkixCheck(String host, X509TrustManager authorities) implements CertificateCheck {
    @Override
    public void check(List<X509Certificate> chain) throws CertificateRefused {
        var own = chain.getFirst();
        try {
            authorities.checkServerTrusted(chain.toArray(X509Certificate[]::new), keyExchange(own));
        } catch (CertificateException e) {
            throw new CertificateRefused(
                    expired(e) ? CertificateRefused.Reason.EXPIRED : CertificateRefused.Reason.NOT_TRUSTED,
                    "the certificate for " + host + " is not trusted: " + e.getMessage());
        }
        var names = CertificateNames.alternative(own);
        if (!CertificateNames.cover(names, host)) {
            throw new CertificateRefused(
                    CertificateRefused.Reason.HOST_MISMATCH, "the certificate is for " + names + ", not for " + host);
        }
    }

    /// The trust manager wants the kind of key exchange; it decides about key usage only.
    private static String keyExchange(X509Certificate own) {
        return own.getPublicKey().getAlgorithm().equals("RSA") ? "ECDHE_RSA" : "ECDHE_ECDSA";
    }

    static boolean expired(Throwable failure) {
        int depth = 0;
        for (@Nullable Throwable t = failure; t != null && depth < 10; t = t.getCause(), depth++) {
            boolean late = t instanceof CertificateExpiredException
                    || t instanceof CertPathValidatorException p && p.getReason() == CertPathValidatorException.BasicReason.EXPIRED;
            if (late) {
                return true;
            }
        }
        return false;
    }
}
