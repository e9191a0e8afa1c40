package org.pintail.bimi;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.time.Instant;
import java.util.Base64;
import java.util.List;
import java.util.Random;
import java.util.zip.GZIPOutputStream;
import org.bouncycastle.asn1.ASN1Encodable;
import org.bouncycastle.asn1.ASN1ObjectIdentifier;
import org.bouncycastle.asn1.DERIA5String;
import org.bouncycastle.asn1.DEROctetString;
import org.bouncycastle.asn1.DERSequence;
import org.bouncycastle.asn1.DERTaggedObject;
import org.bouncycastle.asn1.x509.KeyPurposeId;
import org.junit.jupiter.api.Test;
import org.pintail.certificate.TestCertificates;
import org.pintail.certificate.TestCertificates.Extra;
import org.pintail.certificate.TestCertificates.Identity;
import org.pintail.dns.FakeDns;
import org.pintail.header.Headers;

public class BimiTest {
    public static final String LOGO =
            "<svg xmlns=\"http://www.w3.org/2000/svg\" version=\"1.2\" baseProfile=\"tiny-ps\" viewBox=\"0 0 9 9\"><title>Logo</title><path d=\"M0 0h9v9z\"/></svg>";
    private static final Instant NOW = Instant.now();
    private final Identity authority = TestCertificates.authority("marks", null);

    /// A mark certificate of `signedBy` for `host` with this logo.
    public static Identity mark(Identity signedBy, byte[] data, String mediaType, String host) {
        return mark(signedBy, logotype(data, mediaType, digest(data)), host);
    }

    private static Identity mark(Identity signedBy, ASN1Encodable logotype, String host) {
        var purpose = new DERSequence(KeyPurposeId.getInstance(new ASN1ObjectIdentifier("1.3.6.1.5.5.7.3.31")));
        return TestCertificates.with(List.of(new Extra("2.5.29.37", purpose), new Extra("1.3.6.1.5.5.7.1.12", logotype)), signedBy, host);
    }

    private static ASN1Encodable logotype(byte[] data, String mediaType, byte[] digest) {
        var hash = new DERSequence(new ASN1Encodable[] {
            new DERSequence(new ASN1ObjectIdentifier("2.16.840.1.101.3.4.2.1")), new DEROctetString(digest)
        });
        var uri = "data:image/svg+xml;base64," + Base64.getEncoder().encodeToString(data);
        var details = new DERSequence(new ASN1Encodable[] {
            new DERIA5String(mediaType), new DERSequence(hash), new DERSequence(new DERIA5String(uri))
        });
        var image = new DERSequence(new DERSequence(details)); // SEQUENCE OF LogotypeImage
        var direct = new DERTaggedObject(false, 0, new DERSequence(image));
        return new DERSequence(new DERTaggedObject(true, 2, direct));
    }

    private static byte[] digest(byte[] data) {
        try {
            return MessageDigest.getInstance("SHA-256").digest(data);
        } catch (GeneralSecurityException e) {
            throw new AssertionError(e);
        }
    }

    private static byte[] gzip(String text) {
        var out = new ByteArrayOutputStream();
        try (var gzip = new GZIPOutputStream(out)) {
            gzip.write(bytes(text));
        } catch (IOException e) {
            throw new AssertionError(e);
        }
        return out.toByteArray();
    }

    private static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }

    public static byte[] pem(Identity identity) {
        var pem = new StringBuilder();
        try {
            for (var certificate : identity.chain()) {
                pem.append("-----BEGIN CERTIFICATE-----\n")
                        .append(Base64.getMimeEncoder().encodeToString(certificate.getEncoded()))
                        .append("\n-----END CERTIFICATE-----\n");
            }
        } catch (GeneralSecurityException e) {
            throw new AssertionError(e);
        }
        return bytes(pem.toString());
    }

    private String codeOf(byte[] pem) {
        return codeOf(() -> MarkCertificate.check(pem, List.of(authority.certificate()), NOW));
    }

    private static String codeOf(Runnable check) {
        try {
            check.run();
            return "ok";
        } catch (BimiProblem e) {
            return e.code();
        }
    }

    @Test
    void logosThatDoMoreThanShowAreRefused() {
        for (var bad : new String[][] {
            {"", "INVALID_XML_FILE"},
            {"<svg", "INVALID_XML_FILE"},
            {"GIF89a", "INVALID_XML_FILE"},
            {"<!DOCTYPE svg [<!ENTITY a \"aaaaaaaaaa\"><!ENTITY b \"&a;&a;&a;&a;\">]>" + LOGO, "INVALID_XML_FILE"},
            {"<!DOCTYPE svg SYSTEM \"http://example.org/\">" + LOGO, "INVALID_XML_FILE"},
            {"<html/>", "INVALID_SVG_FILE"},
            {LOGO.replace("xmlns=\"http://www.w3.org/2000/svg\"", ""), "INVALID_SVG_FILE"},
            {LOGO.replace("tiny-ps", "tiny"), "INVALID_BASE_PROFILE"},
            {LOGO.replace(" baseProfile=\"tiny-ps\"", ""), "INVALID_BASE_PROFILE"},
            {LOGO.replace("<title>Logo</title>", ""), "LOGO_MISSING_TITLE"},
            {LOGO.replace("viewBox", "x=\"0\" viewBox"), "LOGO_INVALID_ROOT_ATTRS"},
            {LOGO.replace("<path", "<script>1</script><path"), "LOGO_INVALID_ELEMENT"},
            {LOGO.replace("<path", "<animate/><path"), "LOGO_INVALID_ELEMENT"},
            {LOGO.replace("<path", "<g><set/></g><path"), "LOGO_INVALID_ELEMENT"},
            {LOGO.replace("<path", "<foreignObject/><path"), "LOGO_INVALID_ELEMENT"},
            {LOGO.replace("<path", "<path onload=\"x()\""), "LOGO_INVALID_ELEMENT"},
            {LOGO.replace("<path", "<use xmlns:xlink=\"http://www.w3.org/1999/xlink\" xlink:href=\"https://x.example/\"/><path"), "LOGO_INCLUDES_REFERENCE"},
            {LOGO.replace("<path", "<image href=\"data:image/png;base64,AA\"/><path"), "LOGO_INCLUDES_REFERENCE"},
            {LOGO.replace("<path", "<path fill=\"URL( https://x.example/a)\""), "LOGO_INCLUDES_REFERENCE"},
            {LOGO.replace("<path", "<style>@import 'x'</style><path"), "LOGO_INCLUDES_REFERENCE"},
            {LOGO.replace("<svg", "<?xml-stylesheet href=\"x\"?><svg"), "LOGO_INCLUDES_REFERENCE"},
            {LOGO.replace("<path", "<g>".repeat(200) + "</g>".repeat(200) + "<path"), "INVALID_SVG_FILE"},
            {LOGO.replace("M0 0h9v9z", "M0 0".repeat(10_000)), "LOGO_TOO_LARGE"},
        }) {
            assertThat(codeOf(() -> SvgIndicator.check(bytes(bad[0])))).as(bad[0].length() > 300 ? bad[1] : bad[0]).isEqualTo(bad[1]);
        }
    }

    @Test
    void aPlainLogoIsGood() {
        SvgIndicator.check(bytes(LOGO));
        SvgIndicator.check(bytes(LOGO.replace("<path", "<linearGradient id=\"a\"/><path fill=\"url(#a)\"")));
    }

    @Test
    void certificatesThatVouchForNothingAreRefused() {
        var logo = bytes(LOGO);
        var other = TestCertificates.authority("others", null);
        var good = logotype(logo, "image/svg+xml", digest(logo));
        var noPurpose = TestCertificates.with(List.of(new Extra("1.3.6.1.5.5.7.1.12", good)), authority, "example.org");
        assertThat(codeOf(bytes(""))).isEqualTo("VMC_PARSE_FAILED");
        assertThat(codeOf(bytes("-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----"))).isEqualTo("VMC_PARSE_FAILED");
        assertThat(codeOf(bytes("-----BEGIN CERTIFICATE-----\nAAAA"))).isEqualTo("VMC_PARSE_FAILED");
        assertThat(codeOf(bytes("-----BEGIN CERTIFICATE-----\n=\n-----END CERTIFICATE-----"))).isEqualTo("VMC_PARSE_FAILED");
        assertThat(codeOf(pem(mark(other, logo, "image/svg+xml", "example.org")))).isEqualTo("VMC_NOT_TRUSTED");
        assertThat(codeOf(pem(noPurpose))).isEqualTo("VMC_NOT_TRUSTED");
        assertThat(codeOf(pem(mark(authority, logo, "image/png", "example.org")))).isEqualTo("INVALID_MEDIATYPE");
        assertThat(codeOf(pem(mark(authority, logotype(logo, "image/svg+xml", new byte[32]), "example.org")))).isEqualTo("INVALID_LOGO_HASH");
        assertThat(codeOf(pem(mark(authority, bytes(LOGO.replace("tiny-ps", "x")), "image/svg+xml", "example.org")))).isEqualTo("SVG_VALIDATION_FAILED");
        assertThat(codeOf(pem(mark(authority, gzip(" ".repeat(50_000_000)), "image/svg+xml", "example.org")))).isEqualTo("SVG_VALIDATION_FAILED");
        assertThat(codeOf(pem(mark(authority, new DERSequence(), "example.org")))).isEqualTo("MISSING_VMC_LOGO");
        assertThat(codeOf(pem(mark(authority, new DEROctetString(new byte[9]), "example.org")))).isEqualTo("MISSING_VMC_LOGO");
        var late = pem(mark(authority, logo, "image/svg+xml", "example.org"));
        assertThat(codeOf(() -> MarkCertificate.check(late, List.of(authority.certificate()), NOW.plusSeconds(900_000)))).isEqualTo("VMC_EXPIRED");
        assertThat(codeOf(() -> MarkCertificate.check(late, List.of(), NOW))).isEqualTo("VMC_NOT_TRUSTED");
    }

    @Test
    void theLogoComesOutOfTheCertificate() {
        for (var data : List.of(bytes(LOGO), gzip(LOGO))) {
            var mark = MarkCertificate.check(pem(mark(authority, data, "image/svg+xml", "example.org")), List.of(authority.certificate()), NOW);
            assertThat(mark.svg()).isEqualTo(bytes(LOGO));
            assertThat(mark.type()).isEqualTo("VMC");
        }
        var asAuthoritiesDo = mark(authority, logotype(gzip(LOGO), "image/svg+xml", digest(bytes(LOGO))), "example.org");
        assertThat(codeOf(pem(asAuthoritiesDo))).isEqualTo("ok");
    }

    @Test
    void theCertificateIsForTheDomainOfTheRecord() {
        var wide = MarkCertificate.check(pem(mark(authority, bytes(LOGO), "image/svg+xml", "example.org")), List.of(authority.certificate()), NOW);
        MarkCertificate.checkDomain(wide.names(), "default", "news.example.org");
        assertThatThrownBy(() -> MarkCertificate.checkDomain(wide.names(), "default", "example.com")).isInstanceOf(BimiProblem.class);
        var narrow = MarkCertificate.check(
                pem(mark(authority, bytes(LOGO), "image/svg+xml", "a._bimi.example.org")), List.of(authority.certificate()), NOW);
        MarkCertificate.checkDomain(narrow.names(), "a", "example.org");
        assertThatThrownBy(() -> MarkCertificate.checkDomain(narrow.names(), "b", "example.org")).isInstanceOf(BimiProblem.class);
    }

    @Test
    void theKnownAuthoritiesAreThere() {
        assertThat(MarkCertificate.knownAuthorities()).hasSizeGreaterThan(3).allMatch(a -> a.getBasicConstraints() >= 0);
    }

    @Test
    void anyChangeOfACertificateEnds() {
        long seed = System.nanoTime();
        var random = new Random(seed);
        var good = pem(mark(authority, bytes(LOGO), "image/svg+xml", "example.org"));
        for (int i = 0; i < 1000; i++) {
            var bytes = good.clone();
            for (int n = random.nextInt(4); n >= 0; n--) {
                bytes[random.nextInt(bytes.length)] = (byte) ('A' + random.nextInt(26));
            }
            assertThat(codeOf(bytes)).as("seed %d", seed).isNotEmpty();
        }
    }

    private static BimiLookup.Found find(FakeDns dns, String header) {
        return new BimiLookup(dns).find(Headers.parse(bytes(header)), "news.example.org", "example.org");
    }

    @Test
    void theRecordIsTheOneOfTheSelectorOrOfTheOrganization() {
        var good = "v=BIMI1; l=https://x.example/l.svg; a=";
        var organization = new FakeDns().txt("default._bimi.example.org", good);
        assertThat(find(new FakeDns(), "").result()).isEqualTo("none");
        assertThat(find(new FakeDns().fails("default._bimi.news.example.org"), "").result()).isEqualTo("temperror");
        assertThat(find(organization, "BIMI-Selector: v=BIMI1; s=a\r\nBIMI-Selector: v=BIMI1; s=b\r\n").comment()).isEqualTo("multiple BIMI-Selector headers");
        assertThat(find(organization, "BIMI-Selector: s=a\r\n").comment()).isEqualTo("missing bimi version in selector header");
        assertThat(find(organization, "BIMI-Selector: v=BIMI1; s=a b\r\n").comment()).isEqualTo("invalid selector");
        assertThat(find(organization, "BIMI-Selector: v=BIMI1; s=other\r\n").domain()).isEqualTo("example.org");
        assertThat(find(organization, "").selector()).isEqualTo("default");
        var own = find(new FakeDns().txt("a._bimi.news.example.org", good), "BIMI-Selector: v=BIMI1; s=a;\r\n");
        assertThat(own.domain()).isEqualTo("news.example.org");
        assertThat(own.record().orElseThrow().text()).isEqualTo(good);
    }

    @Test
    void recordsThatSayNothingUsableFail() {
        for (var bad : new String[][] {
            {"v=BIMI1;", "missing location"},
            {"v=BIMI1; l=http://x.example/", "expected an https URI in l="},
            {"v=BIMI1; l=https://", "invalid l= URI"},
            {"v=BIMI1; a=javascript:1", "expected an https URI in a="},
            {"v=BIMI1; l", "malformed record"},
        }) {
            var found = find(new FakeDns().txt("default._bimi.news.example.org", bad[0]), "");
            assertThat(found.result() + " " + found.comment()).isEqualTo("fail " + bad[1]);
        }
        var declined = new FakeDns().txt("default._bimi.news.example.org", "v=BIMI1; l=; a=;").txt("default._bimi.example.org", "v=BIMI1; l=https://x.example/");
        assertThat(find(declined, "").result()).isEqualTo("declined"); // and nobody else is asked
        assertThat(find(new FakeDns().txt("default._bimi.news.example.org", "v=BIMI1; l=https://a.example/", "v=BIMI1; l=https://b.example/"), "").result())
                .isEqualTo("fail");
    }
}
