package org.pintail.bimi;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.security.cert.CertPathBuilder;
import java.security.cert.CertPathBuilderException;
import java.security.cert.CertStore;
import java.security.cert.Certificate;
import java.security.cert.CertificateException;
import java.security.cert.CertificateFactory;
import java.security.cert.CertificateParsingException;
import java.security.cert.CollectionCertStoreParameters;
import java.security.cert.PKIXBuilderParameters;
import java.security.cert.PKIXCertPathChecker;
import java.security.cert.TrustAnchor;
import java.security.cert.X509CertSelector;
import java.security.cert.X509Certificate;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Base64;
import java.util.Date;
import java.util.HexFormat;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.zip.GZIPInputStream;
import org.pintail.certificate.CertificateNames;
import org.pintail.dmarc.PublicSuffixes;

/// A Verified or Common Mark Certificate: an authority vouches that this logo belongs to these domains. The logo is inside, in the
/// logotype extension.
///
///     LogotypeExtn    = SEQUENCE { [0] communityLogos, [1] issuerLogo, [2] subjectLogo LogotypeInfo, … }
///     LogotypeInfo    = [0] direct SEQUENCE { image SEQUENCE OF SEQUENCE { LogotypeDetails, … } }
///     LogotypeDetails = SEQUENCE { mediaType IA5String, SEQUENCE OF { hashAlg, hashValue }, SEQUENCE OF uri IA5String }
///
/// RFC 9399 §4.1.
public final class MarkCertificate {
    /// Bytes of a PEM file with its chain.
    public static final int MAX_PEM = 256 * 1024;

    private static final String LOGOTYPE = "1.3.6.1.5.5.7.1.12";
    private static final String MARK_PURPOSE = "1.3.6.1.5.5.7.3.31";
    private static final String MARK_TYPE = "1.3.6.1.4.1.53087.1.13"; // in the subject of certificates of the mark authorities
    private static final String DATA_URI = "data:image/svg+xml;base64,";
    private static final int MAX_CERTIFICATES = 10;
    private static final int MAX_LOGO_DATA = 128 * 1024;
    private final X509Certificate certificate;
    private final byte[] svg;

    private MarkCertificate(X509Certificate certificate, byte[] svg) {
        this.certificate = certificate;
        this.svg = svg;
    }

    /// Reads and checks a PEM file: a chain to one of `authorities` that is valid now, made for marks, with a good logo.
    /// Throws [BimiProblem].
    public static MarkCertificate check(byte[] pem, List<X509Certificate> authorities, Instant now) {
        var chain = chain(pem);
        var own = chain.getFirst();
        trusted(own, chain, authorities, now);
        var svg = logo(own);
        try {
            SvgIndicator.check(svg);
        } catch (BimiProblem e) {
            throw new BimiProblem("SVG_VALIDATION_FAILED", e.code() + ": " + e.getMessage());
        }
        return new MarkCertificate(own, svg);
    }

    /// The authorities that mark certificates are known to come from.
    public static List<X509Certificate> knownAuthorities() {
        try (InputStream in = MarkCertificate.class.getResourceAsStream("mark-authorities.pem")) {
            if (in == null) {
                throw new IllegalStateException("mark-authorities.pem is missing");
            }
            return certificates(in.readAllBytes());
        } catch (IOException | CertificateException e) {
            throw new IllegalStateException("mark-authorities.pem cannot be read", e);
        }
    }

    private static List<X509Certificate> chain(byte[] pem) {
        try {
            var chain = certificates(pem);
            if (!chain.isEmpty() && chain.size() <= MAX_CERTIFICATES) {
                return chain;
            }
        } catch (CertificateException | IllegalArgumentException e) {
            throw new BimiProblem("VMC_PARSE_FAILED", "expected certificates in PEM: " + e.getMessage());
        }
        throw new BimiProblem("VMC_PARSE_FAILED", "expected 1 to " + MAX_CERTIFICATES + " certificates in PEM");
    }

    /// Block by block, whatever stands between them.
    private static List<X509Certificate> certificates(byte[] pem) throws CertificateException {
        var text = new String(pem, java.nio.charset.StandardCharsets.ISO_8859_1);
        var factory = CertificateFactory.getInstance("X.509");
        var found = new ArrayList<X509Certificate>();
        var begin = "-----BEGIN CERTIFICATE-----";
        for (int at = text.indexOf(begin); at >= 0; at = text.indexOf(begin, at + 1)) {
            int end = text.indexOf("-----END CERTIFICATE-----", at);
            if (end < 0) {
                throw new CertificateException("a block without its end");
            }
            var der = Base64.getMimeDecoder().decode(text.substring(at + begin.length(), end));
            if (factory.generateCertificate(new ByteArrayInputStream(der)) instanceof X509Certificate one) {
                found.add(one);
            }
        }
        return found;
    }

    private static void trusted(X509Certificate own, List<X509Certificate> chain, List<X509Certificate> authorities, Instant now) {
        if (authorities.isEmpty()) {
            throw new BimiProblem("VMC_NOT_TRUSTED", "no mark authority is trusted here");
        }
        if (now.isAfter(own.getNotAfter().toInstant()) || now.isBefore(own.getNotBefore().toInstant())) {
            throw new BimiProblem("VMC_EXPIRED", "the certificate is valid from " + own.getNotBefore().toInstant() + " to " + own.getNotAfter().toInstant());
        }
        try {
            var usages = own.getExtendedKeyUsage();
            if (usages == null || !usages.contains(MARK_PURPOSE)) {
                throw new BimiProblem("VMC_NOT_TRUSTED", "the certificate is not made for marks");
            }
            var target = new X509CertSelector();
            target.setCertificate(own);
            var anchors = authorities.stream().map(a -> new TrustAnchor(a, null)).collect(Collectors.toSet());
            var parameters = new PKIXBuilderParameters(anchors, target);
            parameters.setRevocationEnabled(false);
            parameters.setDate(Date.from(now));
            parameters.addCertPathChecker(new MarkExtensions());
            parameters.addCertStore(CertStore.getInstance("Collection", new CollectionCertStoreParameters(chain)));
            CertPathBuilder.getInstance("PKIX").build(parameters);
        } catch (CertPathBuilderException | CertificateParsingException e) {
            throw new BimiProblem("VMC_NOT_TRUSTED", "no chain to a mark authority: " + e.getMessage());
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("every JDK has PKIX", e);
        }
    }

    /// Knows the critical extensions of mark certificates that the JDK does not.
    private static final class MarkExtensions extends PKIXCertPathChecker {
        private static final Set<String> KNOWN = Set.of(LOGOTYPE, "1.3.6.1.4.1.53087.4.1"); // the second marks common marks

        @Override
        public void init(boolean forward) {
            // keeps no state
        }

        @Override
        public boolean isForwardCheckingSupported() {
            return true;
        }

        @Override
        public Set<String> getSupportedExtensions() {
            return KNOWN;
        }

        @Override
        public void check(Certificate certificate, java.util.Collection<String> unresolved) {
            unresolved.removeAll(KNOWN);
        }
    }

    private static byte[] logo(X509Certificate own) {
        var extension = own.getExtensionValue(LOGOTYPE);
        if (extension == null) {
            throw new BimiProblem("MISSING_VMC_LOGO", "the certificate holds no logo");
        }
        var extn = new DerReader(new DerReader(extension).enter(DerReader.OCTET_STRING).rest()).enter(DerReader.SEQUENCE);
        while (extn.more() && extn.peek() != 0xa2) {
            extn.skip();
        }
        if (!extn.more()) {
            throw new BimiProblem("MISSING_VMC_LOGO", "the certificate holds no logo of its subject");
        }
        var direct = extn.enter(0xa2).enter(0xa0);
        var details = direct.enter(DerReader.SEQUENCE).enter(DerReader.SEQUENCE).enter(DerReader.SEQUENCE);
        var mediaType = details.text(DerReader.IA5_STRING);
        if (!mediaType.toLowerCase(Locale.ROOT).equals("image/svg+xml")) {
            throw new BimiProblem("INVALID_MEDIATYPE", "the logo in the certificate is " + printable(mediaType));
        }
        var hashes = details.enter(DerReader.SEQUENCE);
        var uri = details.enter(DerReader.SEQUENCE).text(DerReader.IA5_STRING);
        if (!uri.regionMatches(true, 0, DATA_URI, 0, DATA_URI.length())) {
            throw new BimiProblem("MISSING_VMC_LOGO", "the certificate refers to its logo instead of holding it");
        }
        var data = decoded(uri.substring(DATA_URI.length()));
        var svg = unpacked(data);
        if (!hashed(hashes, data, svg)) {
            throw new BimiProblem("INVALID_LOGO_HASH", "the hash of the logo in the certificate is another");
        }
        return svg;
    }

    private static String printable(String text) {
        var shown = text.replaceAll("\\P{Print}", "?");
        return shown.length() > 60 ? shown.substring(0, 60) : shown;
    }

    private static byte[] decoded(String base64) {
        try {
            if (base64.length() <= MAX_LOGO_DATA) {
                return Base64.getMimeDecoder().decode(base64);
            }
        } catch (IllegalArgumentException e) {
            throw new BimiProblem("MISSING_VMC_LOGO", "the logo in the certificate is no base64");
        }
        throw new BimiProblem("LOGO_TOO_LARGE", "the logo in the certificate is too large");
    }

    /// At least one digest that is known here, and none that differs.
    // QUIRK: authorities hash the unpacked logo; RFC 9399 §4.1 hashes what the URI holds, which is packed.
    private static boolean hashed(DerReader hashes, byte[] data, byte[] svg) {
        boolean known = false;
        while (hashes.more()) {
            var one = hashes.enter(DerReader.SEQUENCE);
            var algorithm = HexFormat.of().formatHex(one.enter(DerReader.SEQUENCE).enter(DerReader.OBJECT_ID).rest());
            var expected = one.enter(DerReader.OCTET_STRING).rest();
            var name = switch (algorithm) {
                case "2b0e03021a" -> "SHA-1"; // what most authorities write; the signature covers the logo itself as well
                case "608648016503040201" -> "SHA-256";
                case "608648016503040202" -> "SHA-384";
                case "608648016503040203" -> "SHA-512";
                default -> "";
            };
            if (!name.isEmpty()) {
                known = true;
                if (!MessageDigest.isEqual(expected, digest(name, data)) && !MessageDigest.isEqual(expected, digest(name, svg))) {
                    return false;
                }
            }
        }
        return known;
    }

    private static byte[] digest(String name, byte[] data) {
        try {
            return MessageDigest.getInstance(name).digest(data);
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("every JDK has " + name, e);
        }
    }

    /// Logos in certificates are usually in gzip.
    private static byte[] unpacked(byte[] data) {
        if (data.length < 2 || (data[0] & 0xff) != 0x1f || (data[1] & 0xff) != 0x8b) {
            return data;
        }
        try (var in = new GZIPInputStream(new ByteArrayInputStream(data))) {
            return in.readNBytes(SvgIndicator.MAX_SIZE + 1); // one more than a logo may have: the check will say so
        } catch (IOException e) {
            throw new BimiProblem("MISSING_VMC_LOGO", "the logo in the certificate is no gzip: " + e.getMessage());
        }
    }

    /// Is a certificate with these names for the record at `selector._bimi.domain`: by that name, the domain, or one of its organisation?
    /// Throws [BimiProblem].
    public static void checkDomain(List<String> names, String selector, String domain) {
        var organization = PublicSuffixes.organizationalDomain(domain);
        boolean fits = names.stream()
                .anyMatch(n -> n.contains("._bimi.")
                        ? n.equals((selector + "._bimi." + domain).toLowerCase(Locale.ROOT))
                        : PublicSuffixes.organizationalDomain(n).equals(organization));
        if (!fits) {
            throw new BimiProblem("VMC_DOMAIN_MISMATCH", "the certificate is for " + names + ", not for " + domain);
        }
    }

    /// DNS names of the certificate, lower case.
    public List<String> names() {
        return CertificateNames.alternative(certificate);
    }

    /// The logo.
    public byte[] svg() {
        return svg.clone();
    }

    public Instant until() {
        return certificate.getNotAfter().toInstant();
    }

    /// `CMC` for a mark in common use, `VMC` for a registered one.
    public String type() {
        var subject = certificate.getSubjectX500Principal().getName("RFC2253", java.util.Map.of(MARK_TYPE, "markType"));
        return subject.toLowerCase(Locale.ROOT).contains("marktype=prior use") ? "CMC" : "VMC";
    }
}
