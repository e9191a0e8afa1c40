package org.pintail.certificate;

import java.security.cert.X509Certificate;
import java.util.List;

/// Decides about the certificates a server showed.
public interface CertificateCheck {
    /// `chain`: at least one, the server's own first. Returns when they are right.
    void check(List<X509Certificate> chain) throws CertificateRefused;
}
