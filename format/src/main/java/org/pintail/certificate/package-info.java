/// What a server's certificate must be before mail is handed over: [org.pintail.certificate.PkixCheck] for MTA-STS (RFC 8461 §4.2),
/// [org.pintail.certificate.TlsaCheck] for DANE (RFC 7672). No I/O; the TLS client asks a
/// [org.pintail.certificate.CertificateCheck] during the handshake.
@NullMarked
package org.pintail.certificate;

import org.jspecify.annotations.NullMarked;
