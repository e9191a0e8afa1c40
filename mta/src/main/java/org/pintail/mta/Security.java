package org.pintail.mta;

import java.util.List;
import org.jspecify.annotations.Nullable;
import org.pintail.certificate.CertificateCheck;
import org.pintail.tlsrpt.TlsReport;

/// How a connection to a host has to be secured, and by whose word.
///
/// @param policy what is reported as the reason (RFC 8460)
/// @param enforced without TLS and a certificate that passes `check` there is no connection; otherwise failures are only reported
/// @param check null: any certificate
record Security(TlsReport.Policy policy, boolean enforced, @Nullable CertificateCheck check) {
    /// TLS where it is offered (RFC 7435).
    static Security opportunistic(String domain) {
        return new Security(new TlsReport.Policy("no-policy-found", List.of(), domain, List.of()), false, null);
    }
}
