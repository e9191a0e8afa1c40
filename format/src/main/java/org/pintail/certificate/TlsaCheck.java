package org.pintail.certificate;

import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.security.cert.CertPathBuilder;
import java.security.cert.CertPathBuilderException;
import java.security.cert.CertStore;
import java.security.cert.CertificateException;
import java.security.cert.CertificateFactory;
import java.security.cert.CollectionCertStoreParameters;
import java.security.cert.PKIXBuilderParameters;
import java.security.cert.TrustAnchor;
import java.security.cert.X509CertSelector;
import java.security.cert.X509Certificate;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Date;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.pintail.dns.TlsaRecord;

/// DANE for SMTP (RFC 7672): one of the TLSA records matches. DANE-EE looks at the server's own certificate and at nothing else, neither
/// name nor date (§3.1.1). DANE-TA wants a valid chain to the certificate it names, for one of `names` (§3.1.2, §3.2.3).
///
/// Usages PKIX-TA and PKIX-EE cannot be used with SMTP (§3.1.3); such records and malformed ones are left out, see [#usable].
public final class TlsaCheck implements CertificateCheck {
    private static final int DANE_TA = 2;
    private static final int DANE_EE = 3;
    private static final int CERTIFICATE = 0;
    private static final int PUBLIC_KEY = 1;
    private static final int FULL = 0;
    private static final int SHA_256 = 1;
    private static final int SHA_512 = 2;
    private static final int HEX_OF_256 = 64;
    private static final int HEX_OF_512 = 128;
    private final List<TlsaRecord> records;
    private final List<String> names;
    private final InstantSource clock;

    /// `records` as [#usable] gives them, at least one.
    public TlsaCheck(List<TlsaRecord> records, List<String> names, InstantSource clock) {
        if (records.isEmpty()) {
            throw new IllegalArgumentException("no usable record");
        }
        this.records = List.copyOf(records);
        this.names = List.copyOf(names);
        this.clock = clock;
    }

    /// Those that SMTP can use and this class understands. Of several digests for the same usage and selector only the strongest counts
    /// (RFC 7671 §9), so that breaking the weaker one gains nothing.
    public static List<TlsaRecord> usable(List<TlsaRecord> records) {
        var wellFormed = records.stream().filter(TlsaCheck::wellFormed).toList();
        return wellFormed.stream()
                .filter(r -> r.matching() != SHA_256
                        || wellFormed.stream()
                                .noneMatch(o -> o.matching() == SHA_512 && o.usage() == r.usage() && o.selector() == r.selector()))
                .toList();
    }

    private static boolean wellFormed(TlsaRecord r) {
        boolean known = (r.usage() == DANE_TA || r.usage() == DANE_EE) && (r.selector() == CERTIFICATE || r.selector() == PUBLIC_KEY);
        boolean sized = switch (r.matching()) {
            case FULL -> !r.data().isEmpty() && r.data().length() % 2 == 0;
            case SHA_256 -> r.data().length() == HEX_OF_256;
            case SHA_512 -> r.data().length() == HEX_OF_512;
            default -> false;
        };
        return known && sized && r.data().chars().allMatch(HexFormat::isHexDigit);
    }

    @Override
    public void check(List<X509Certificate> chain) throws CertificateRefused {
        Optional<CertificateRefused> nearest = Optional.empty();
        for (var record : records) {
            if (record.usage() == DANE_EE && matches(record, chain.getFirst())) {
                return;
            }
            if (record.usage() == DANE_TA) {
                for (var authority : authorities(record, chain)) {
                    var problem = problemBelow(authority, chain);
                    if (problem.isEmpty()) {
                        return;
                    }
                    nearest = problem;
                }
            }
        }
        throw nearest.orElseGet(() -> new CertificateRefused(
                CertificateRefused.Reason.NOT_MATCHING, "none of " + records.size() + " TLSA records matches the certificate"));
    }

    private static boolean matches(TlsaRecord record, X509Certificate certificate) {
        try {
            var content = record.selector() == CERTIFICATE ? certificate.getEncoded() : certificate.getPublicKey().getEncoded();
            var found = switch (record.matching()) {
                case SHA_256 -> MessageDigest.getInstance("SHA-256").digest(content);
                case SHA_512 -> MessageDigest.getInstance("SHA-512").digest(content);
                default -> content;
            };
            return HexFormat.of().formatHex(found).equalsIgnoreCase(record.data());
        } catch (GeneralSecurityException e) {
            return false; // what cannot be encoded equals nothing
        }
    }

    /// The certificates that the record names: among those the server sent, or the one the record holds whole (RFC 7671 §5.2.2).
    private static List<X509Certificate> authorities(TlsaRecord record, List<X509Certificate> chain) {
        var found = new ArrayList<>(chain.subList(1, chain.size()).stream().filter(c -> matches(record, c)).toList());
        if (found.isEmpty() && record.selector() == CERTIFICATE && record.matching() == FULL) {
            try {
                var bytes = HexFormat.of().parseHex(record.data());
                var whole = CertificateFactory.getInstance("X.509").generateCertificate(new java.io.ByteArrayInputStream(bytes));
                if (whole instanceof X509Certificate certificate) {
                    found.add(certificate);
                }
            } catch (CertificateException e) {
                return List.of(); // a record that holds no certificate names none
            }
        }
        return found;
    }

    private Optional<CertificateRefused> problemBelow(X509Certificate authority, List<X509Certificate> chain) {
        var own = chain.getFirst();
        try {
            var target = new X509CertSelector();
            target.setCertificate(own);
            var parameters = new PKIXBuilderParameters(Set.of(new TrustAnchor(authority, null)), target);
            parameters.setRevocationEnabled(false); // there is no OCSP here; the record itself is withdrawn instead
            parameters.addCertStore(CertStore.getInstance("Collection", new CollectionCertStoreParameters(chain)));
            var now = Date.from(clock.instant());
            parameters.setDate(now);
            authority.checkValidity(now);
            CertPathBuilder.getInstance("PKIX").build(parameters);
        } catch (CertPathBuilderException | CertificateException e) {
            var reason = expired(e, own) ? CertificateRefused.Reason.EXPIRED : CertificateRefused.Reason.NOT_TRUSTED;
            return Optional.of(new CertificateRefused(reason, "no valid chain to the authority of the TLSA record: " + e.getMessage()));
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("every JDK has PKIX", e);
        }
        var found = CertificateNames.alternativeOrCommon(own);
        return names.stream().anyMatch(n -> CertificateNames.cover(found, n))
                ? Optional.empty()
                : Optional.of(new CertificateRefused(
                        CertificateRefused.Reason.HOST_MISMATCH, "the certificate is for " + found + ", not for one of " + names));
    }

    /// The builder says only that it found no path; the date of the server's own certificate is the likeliest reason.
    private boolean expired(Exception e, X509Certificate own) {
        return PkixCheck.expired(e) || own.getNotAfter().toInstant().isBefore(clock.instant());
    }

    @Override
    public boolean equals(Object o) {
        return o instanceof TlsaCheck c && records.equals(c.records) && names.equals(c.names);
    }

    @Override
    public int hashCode() {
        return records.hashCode() * 31 + names.hashCode();
    }

    @Override
    public String toString() {
        return "TLSA " + records;
    }
}
