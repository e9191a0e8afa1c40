package org.pintail.certificate;

import static org.assertj.core.api.Assertions.assertThat;

import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.security.cert.X509Certificate;
import java.time.Instant;
import java.time.InstantSource;
import java.util.HexFormat;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.pintail.certificate.TestCertificates.Identity;
import org.pintail.dns.TlsaRecord;

class CertificateCheckTest {
    private static final List<String> NAMES = List.of("mx.example.org", "example.org");
    private final Identity root = TestCertificates.authority("root", null);
    private final Identity between = TestCertificates.authority("between", root);
    private final Identity good = TestCertificates.server(between, "mx.example.org");
    private final Identity other = TestCertificates.server(between, "other.example.org");
    private final Identity late = TestCertificates.expired(between, "mx.example.org");

    static TlsaRecord tlsa(int usage, int selector, int matching, X509Certificate of) {
        try {
            var content = selector == 0 ? of.getEncoded() : of.getPublicKey().getEncoded();
            var data = switch (matching) {
                case 1 -> MessageDigest.getInstance("SHA-256").digest(content);
                case 2 -> MessageDigest.getInstance("SHA-512").digest(content);
                default -> content;
            };
            return new TlsaRecord(usage, selector, matching, HexFormat.of().formatHex(data));
        } catch (GeneralSecurityException e) {
            throw new AssertionError(e);
        }
    }

    /// The reason of a refusal, or "ok".
    private static String verdict(CertificateCheck check, List<X509Certificate> chain) {
        try {
            check.check(chain);
            return "ok";
        } catch (CertificateRefused e) {
            return e.reason().word();
        }
    }

    private static String dane(Identity server, TlsaRecord... records) {
        return verdict(new TlsaCheck(List.of(records), NAMES, InstantSource.system()), server.chain());
    }

    @Test
    void recordsThatSmtpCannotUseAreLeftOut() {
        var digest = "00".repeat(32);
        for (var bad : List.of(
                new TlsaRecord(0, 1, 1, digest), // PKIX-TA
                new TlsaRecord(1, 1, 1, digest), // PKIX-EE
                new TlsaRecord(4, 1, 1, digest),
                new TlsaRecord(255, 255, 255, digest),
                new TlsaRecord(3, 2, 1, digest),
                new TlsaRecord(3, 1, 3, digest),
                new TlsaRecord(3, 1, 1, digest + "00"),
                new TlsaRecord(3, 1, 1, ""),
                new TlsaRecord(3, 1, 2, digest),
                new TlsaRecord(3, 1, 0, ""),
                new TlsaRecord(3, 1, 0, "abc"),
                new TlsaRecord(3, 1, 1, "zz".repeat(32)))) {
            assertThat(TlsaCheck.usable(List.of(bad))).as("%s", bad).isEmpty();
        }
    }

    @Test
    void theStrongerDigestAloneCounts() {
        var weak = tlsa(3, 1, 1, good.certificate());
        var strong = tlsa(3, 1, 2, other.certificate());
        var otherSelector = tlsa(3, 0, 1, good.certificate());
        assertThat(TlsaCheck.usable(List.of(weak, strong, otherSelector))).containsExactly(strong, otherSelector);
    }

    @Test
    void whatDoesNotMatchIsRefused() {
        var onlyLeaf = new Identity(good.certificate(), good.keys(), List.of());
        assertThat(dane(good, tlsa(3, 1, 1, other.certificate()))).isEqualTo("validation-failure");
        assertThat(dane(good, tlsa(3, 1, 1, between.certificate()))).isEqualTo("validation-failure"); // EE means the server's own
        assertThat(dane(good, tlsa(2, 0, 1, good.certificate()))).isEqualTo("validation-failure"); // TA means one above it
        assertThat(dane(other, tlsa(2, 0, 1, root.certificate()))).isEqualTo("certificate-host-mismatch");
        assertThat(dane(late, tlsa(2, 0, 1, root.certificate()))).isEqualTo("certificate-expired");
        assertThat(dane(onlyLeaf, tlsa(2, 0, 1, root.certificate()))).isEqualTo("validation-failure"); // authority not sent
        var foreign = TestCertificates.authority("foreign", null);
        var claimed = new Identity(good.certificate(), good.keys(), List.of(foreign.certificate()));
        assertThat(dane(claimed, tlsa(2, 0, 1, foreign.certificate()))).isEqualTo("certificate-not-trusted"); // sent, but signed nothing
        var notAuthority = TestCertificates.server(good, "mx.example.org");
        assertThat(dane(notAuthority, tlsa(2, 0, 1, root.certificate()))).isEqualTo("certificate-not-trusted"); // signed by a server
    }

    @Test
    void everyUsageSelectorAndMatchingTypeOfSmtpWorks() {
        for (int selector = 0; selector <= 1; selector++) {
            for (int matching = 0; matching <= 2; matching++) {
                assertThat(dane(good, tlsa(3, selector, matching, good.certificate()))).as("3 %d %d", selector, matching).isEqualTo("ok");
                assertThat(dane(good, tlsa(2, selector, matching, between.certificate()))).as("2 %d %d", selector, matching).isEqualTo("ok");
                assertThat(dane(good, tlsa(2, selector, matching, root.certificate()))).as("2 %d %d", selector, matching).isEqualTo("ok");
            }
        }
    }

    @Test
    void daneEeLooksAtNeitherNameNorDate() {
        assertThat(dane(other, tlsa(3, 1, 1, other.certificate()))).isEqualTo("ok");
        assertThat(dane(late, tlsa(3, 1, 1, late.certificate()))).isEqualTo("ok");
    }

    @Test
    void oneMatchIsEnough() {
        assertThat(dane(good, tlsa(3, 1, 1, other.certificate()), tlsa(2, 1, 1, root.certificate()))).isEqualTo("ok");
    }

    @Test
    void anAuthorityInTheRecordItselfNeedNotBeSent() {
        var withoutRoot = new Identity(good.certificate(), good.keys(), List.of(between.certificate()));
        assertThat(dane(withoutRoot, tlsa(2, 0, 0, root.certificate()))).isEqualTo("ok");
        assertThat(dane(withoutRoot, new TlsaRecord(2, 0, 0, "3003020101"))).isEqualTo("validation-failure"); // no certificate
    }

    @Test
    void expiryOfTheAuthorityCounts() {
        var check = new TlsaCheck(List.of(tlsa(2, 0, 1, root.certificate())), NAMES, InstantSource.fixed(Instant.now().plusSeconds(900_000)));
        assertThat(verdict(check, good.chain())).isEqualTo("certificate-expired");
    }

    @Test
    void authoritiesOfTheSystemNameTheHost() {
        var trust = TestCertificates.trusting(root.certificate());
        assertThat(verdict(new PkixCheck("mx.example.org", trust), other.chain())).isEqualTo("certificate-host-mismatch");
        assertThat(verdict(new PkixCheck("mx.example.org", trust), late.chain())).isEqualTo("certificate-expired");
        var selfSigned = TestCertificates.server(null, "mx.example.org");
        assertThat(verdict(new PkixCheck("mx.example.org", trust), selfSigned.chain())).isEqualTo("certificate-not-trusted");
        assertThat(verdict(new PkixCheck("MX.example.org", trust), good.chain())).isEqualTo("ok");
    }

    @Test
    void aWildcardIsOneLabel() {
        var names = List.of("*.example.org", "*.org");
        assertThat(CertificateNames.cover(names, "mx.example.org")).isTrue();
        assertThat(CertificateNames.cover(names, "a.mx.example.org")).isFalse();
        assertThat(CertificateNames.cover(List.of("*.example.org"), "example.org")).isFalse();
        assertThat(CertificateNames.cover(List.of("*.org"), "example.org")).isFalse(); // a whole top-level domain is nobody's
    }
}
