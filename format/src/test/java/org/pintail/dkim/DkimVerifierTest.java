package org.pintail.dkim;

import static org.assertj.core.api.Assertions.assertThat;
import static org.pintail.dkim.DkimTesting.ED25519;
import static org.pintail.dkim.DkimTesting.NOW;
import static org.pintail.dkim.DkimTesting.RSA;
import static org.pintail.dkim.DkimTesting.bytes;
import static org.pintail.dkim.DkimTesting.dns;
import static org.pintail.dkim.DkimTesting.resource;
import static org.pintail.dkim.DkimTesting.sign;
import static org.pintail.dkim.DkimTesting.verify;

import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.pintail.dns.FakeDns;

class DkimVerifierTest {
    private static final byte[] MESSAGE = bytes("""
            From: Ann <ann@example.com>
            To: Bob <bob@example.net>
            Subject: Hello   there
            Date: Fri, 20 Nov 2026 12:00:00 +0000
            Message-ID: <1@example.com>

            A line  with spaces\s
            and another.


            """);

    @Test
    void theExampleOfRfc6376Passes() {
        var dns = new FakeDns().txt("brisbane._domainkey.example.com", "v=DKIM1; p=MIGfMA0GCSqGSIb3DQEBAQUAA4GNADCBiQ"
                + "KBgQDwIRP/UC3SBsEmGqZ9ZJW3/DkMoGeLnQg1fWn7/zYt"
                + "IxN2SnFCjxOCKG9v3b4jYfcTNh5ijSsq631uBItLa7od+v"
                + "/RtdC2UzJ1lWT947qR+Rcac2gbto/NMqJ0fzfVjH4OuKhi"
                + "tdY9tf6mcwGjaNBcWToIMmPSPDdQPNUYckcQ2QIDAQAB");
        var results = verify(resource("rfc6376-appendix-a.eml"), dns);
        assertThat(results).singleElement().satisfies(r -> assertThat(r.verdict().status()).as(r.toString()).isEqualTo(DkimStatus.PASS));
        assertThat(results.getFirst().tags().orElseThrow().identity()).isEqualTo("joe@football.example.com");
    }

    @Test
    void bothSignaturesOfTheExampleOfRfc8463Pass() {
        var dns = new FakeDns()
                .txt("brisbane._domainkey.football.example.com", "v=DKIM1; k=ed25519; p=11qYAYKxCrfVS/7TyWQHOg7hcvPapiMlrwIaaPcHURo=")
                .txt("test._domainkey.football.example.com", "v=DKIM1; k=rsa; p=MIGfMA0GCSqGSIb3DQEBAQUAA4GNADCBiQKBgQDkHlOQoBTzWR"
                        + "iGs5V6NpP3idY6Wk08a5qhdR6wy5bdOKb2jLQiY/J16JYi0Qvx/byYzCNb3W91y3FutAC"
                        + "DfzwQ/BC/e/8uBsCR+yz1Lxj+PL6lHvqMKrM3rG4hstT5QjvHO9PzoxZyVYLzBfO2EeC3"
                        + "Ip3G+2kryOTIKT+l/K4w3QIDAQAB");
        assertThat(verify(resource("rfc8463-appendix-a.eml"), dns)).hasSize(2).allSatisfy(r -> assertThat(r.passes()).as(r.toString()).isTrue());
    }

    /// The private key of RFC 8463 §A.2 belongs to the public one there.
    @Test
    void theEd25519KeyOfRfc8463IsReadFromItsBytes() {
        var key = SigningKey.parse("nWGxne/9WmC6hEr0kuwsxERJxWl7MmkZcDusAxyuf2A=");
        assertThat(key.record()).isEqualTo("v=DKIM1; k=ed25519; p=11qYAYKxCrfVS/7TyWQHOg7hcvPapiMlrwIaaPcHURo=");
        assertThat(SigningKey.parse(key.pem()).record()).isEqualTo(key.record());
    }

    @Test
    void whatIsSignedHereVerifiesHere() {
        for (var header : Canonicalization.values()) {
            for (var body : Canonicalization.values()) {
                var options = SigningOptions.DEFAULT.canonicalized(header, body);
                var twice = sign(sign(MESSAGE, RSA, "rsa", options), ED25519, "ed", options);
                assertThat(verify(twice, dns())).hasSize(2).allSatisfy(r -> assertThat(r.passes()).as(r.toString()).isTrue());
            }
        }
    }

    @Test
    void relaxedForgivesWhiteSpaceAndSimpleDoesNot() {
        UnaryOperator<String> folded = s -> s.replace("Subject: Hello   there", "subject:  Hello\r\n there").replace("spaces \r\n", "spaces\t\r\n");
        var relaxed = sign(MESSAGE, RSA, "rsa", SigningOptions.DEFAULT);
        assertThat(verify(changed(relaxed, folded), dns()).getFirst().passes()).isTrue();
        var simple = sign(MESSAGE, RSA, "rsa", SigningOptions.DEFAULT.canonicalized(Canonicalization.SIMPLE, Canonicalization.RELAXED));
        assertThat(verify(changed(simple, folded), dns()).getFirst().verdict().comment()).isEqualTo("bad signature");
        var simpleBody = sign(MESSAGE, RSA, "rsa", SigningOptions.DEFAULT.canonicalized(Canonicalization.RELAXED, Canonicalization.SIMPLE));
        assertThat(verify(changed(simpleBody, folded), dns()).getFirst().verdict().comment()).isEqualTo("body hash did not verify");
    }

    @Test
    void aSecondFromBreaksAnOversignedSignature() {
        var signed = sign(MESSAGE, RSA, "rsa", SigningOptions.DEFAULT);
        var forged = changed(signed, s -> "From: Eve <eve@example.org>\r\n" + s);
        assertThat(verify(forged, dns()).getFirst().verdict().status()).isEqualTo(DkimStatus.FAIL);
        var below = changed(signed, s -> s.replace("Subject:", "From: Eve <eve@example.org>\r\nSubject:"));
        assertThat(verify(below, dns()).getFirst().verdict().status()).isEqualTo(DkimStatus.FAIL);
    }

    @Test
    void aBodyMayGrowBeyondItsSignedLengthAndThatIsTold() {
        var o = SigningOptions.DEFAULT;
        var options = new SigningOptions(o.header(), o.body(), o.fields(), o.oversigned(), 10L, Optional.of(Duration.ofDays(1)), "ann@mail.example.com", List.of("subject"));
        var signed = sign(MESSAGE, RSA, "rsa", options);
        var result = verify(changed(signed, s -> s + "more"), dns()).getFirst();
        assertThat(result.passes()).as(result.toString()).isTrue();
        assertThat(result.unsigned()).isPositive();
        assertThat(result.tags().orElseThrow().copied()).containsExactly("Subject: Hello   there");
        var strict = new FakeDns().txt("rsa._domainkey.example.com", RSA.record() + "; t=s");
        assertThat(verify(signed, strict).getFirst().verdict().status()).isEqualTo(DkimStatus.PERMERROR);
        var short_ = changed(signed, s -> s.substring(0, s.indexOf("\r\n\r\n") + 4) + "A");
        assertThat(verify(short_, dns()).getFirst().verdict().comment()).isEqualTo("l= is more than the body has");
    }

    /// A change of the signature, what comes of it, and why.
    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '"', textBlock = """
            v=1;                | v=2;                        | NEUTRAL   | unknown version
            v=1;                | ""                          | NEUTRAL   | no v= tag
            a=rsa-sha256        | a=rsa-md5                   | NEUTRAL   | unknown algorithm
            a=rsa-sha256        | a=rsa-sha256; a=rsa-sha256  | NEUTRAL   | malformed: tag "a" stands twice
            a=rsa-sha256        | a=ed25519-sha256            | PERMERROR | key is of another type
            c=relaxed/relaxed   | c=relaxed/nowsp             | NEUTRAL   | unknown canonicalization
            c=relaxed/relaxed   | rubbish                     | NEUTRAL   | malformed: expected tag=value, found "rubbish"
            d=example.com;      | ""                          | NEUTRAL   | no d= tag
            d=example.com;      | d=example.com; i=@x.org;    | PERMERROR | i= is not of the domain d=
            d=example.com;      | d=example.com; l=-1;        | NEUTRAL   | l= is no number
            d=example.com;      | d=example.com; l=9999999999999; | NEUTRAL | l= is no number
            d=example.com;      | d=example.com; l=999999;    | PERMERROR | l= is more than the body has
            d=example.com;      | d=example.com; x=1;         | NEUTRAL   | invalid expiration
            s=rsa;              | ""                          | NEUTRAL   | no s= tag
            s=rsa;              | s=none;                     | PERMERROR | no key
            q=dns/txt           | q=http                      | NEUTRAL   | unknown query method
            h=from:from         | h=to                        | PERMERROR | From is not signed
            bh=                 | bh=!                        | NEUTRAL   | bh= is no base64
            bh=                 | bh=AAAA                     | FAIL      | body hash did not verify
            """)
    void aSignatureThatIsNotInOrderIsNoPass(String from, String to, DkimStatus status, String comment) {
        var signed = sign(MESSAGE, RSA, "rsa", SigningOptions.DEFAULT);
        var text = new String(signed, StandardCharsets.ISO_8859_1);
        assertThat(text).contains(from);
        var result = verify(changed(signed, s -> s.replaceFirst(java.util.regex.Pattern.quote(from), to)), dns()).getFirst();
        assertThat(result.verdict().comment()).isEqualTo(comment);
        assertThat(result.verdict().status()).isEqualTo(status);
    }

    /// What the key record adds, and what comes of it.
    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '"', textBlock = """
            v=DKIM2; k=rsa; p=KEY          | PERMERROR | unknown key version
            v=DKIM1; k=ed25519; p=KEY      | PERMERROR | key is of another type
            v=DKIM1; h=sha1; p=KEY         | PERMERROR | key is not for sha256
            v=DKIM1; h=sha1:sha256; p=KEY  | PASS      | ""
            v=DKIM1; s=tlsrpt; p=KEY       | PERMERROR | key is not for mail
            v=DKIM1; s=email; p=KEY        | PASS      | ""
            v=DKIM1; p=                    | PERMERROR | key revoked
            v=DKIM1; k=rsa                 | PERMERROR | no p= in the key
            v=DKIM1; p=!!!                 | PERMERROR | invalid public key
            v=DKIM1; p=AAAA                | PERMERROR | invalid public key
            v=DKIM1; t=y; p=KEY            | NEUTRAL   | test key, signature good
            v=DKIM1; p=KEY; p=KEY          | PERMERROR | malformed key: tag "p" stands twice
            p=KEY                          | PASS      | ""
            """)
    void theKeyRecordIsObeyed(String record, DkimStatus status, String comment) {
        var key = RSA.record().substring(RSA.record().indexOf("p=") + 2);
        var dns = new FakeDns().txt("rsa._domainkey.example.com", record.replace("KEY", key));
        var result = verify(sign(MESSAGE, RSA, "rsa", SigningOptions.DEFAULT), dns).getFirst();
        assertThat(result.verdict().comment()).isEqualTo(comment);
        assertThat(result.verdict().status()).isEqualTo(status);
    }

    @Test
    void aTimeOutIsTemporaryAndAnyOfSeveralKeysWillDo() {
        var signed = sign(MESSAGE, RSA, "rsa", SigningOptions.DEFAULT);
        assertThat(verify(signed, new FakeDns().fails("rsa._domainkey.example.com")).getFirst().verdict().status()).isEqualTo(DkimStatus.TEMPERROR);
        assertThat(verify(signed, new FakeDns().bogus("rsa._domainkey.example.com")).getFirst().verdict().status()).isEqualTo(DkimStatus.TEMPERROR);
        var two = new FakeDns().txt("rsa._domainkey.example.com", SigningKey.generateRsa().record(), RSA.record());
        assertThat(verify(signed, two).getFirst().passes()).isTrue();
    }

    @Test
    void anExpiredSignatureIsNeutral() {
        var o = SigningOptions.DEFAULT;
        var options = new SigningOptions(o.header(), o.body(), o.fields(), o.oversigned(), null, Optional.of(Duration.ofSeconds(1)), null, List.of());
        var signer = new DkimSigner(options);
        var field = signer.sign(DkimTesting.scan(MESSAGE, signer::wanted), "example.com", "rsa", RSA, NOW.minus(Duration.ofDays(1)));
        var result = verify(DkimTesting.join(bytes(field + "\n"), MESSAGE), dns()).getFirst();
        assertThat(result.verdict()).isEqualTo(Verdict.of(DkimStatus.NEUTRAL, "expired"));
    }

    @Test
    void aKeyOf512BitsIsPolicyAndSoIsSha1() throws Exception {
        var generator = java.security.KeyPairGenerator.getInstance("RSA");
        generator.initialize(512);
        var weak = new SigningKey(generator.generateKeyPair().getPrivate(), Algorithm.RSA_SHA256);
        var dns = new FakeDns().txt("rsa._domainkey.example.com", weak.record());
        var result = verify(sign(MESSAGE, weak, "rsa", SigningOptions.DEFAULT), dns).getFirst();
        assertThat(result.verdict()).isEqualTo(new Verdict(DkimStatus.POLICY, "key of 512 bits", "weak-key", 512));
        var old = new SigningKey(RSA.key(), Algorithm.RSA_SHA1);
        var sha1 = sha1(old);
        assertThat(verify(sha1, dns()).getFirst().verdict().rule()).isEqualTo("rsa-sha1");
        assertThat(verify(sha1, dns()).getFirst().passes()).isFalse();
    }

    private static byte[] sha1(SigningKey key) {
        var kind = new BodyHash.Kind(Canonicalization.SIMPLE, "SHA-1", null);
        var scan = DkimTesting.scan(MESSAGE, _ -> List.of(kind));
        var field = new FieldWriter("DKIM-Signature").tag("v", "1").tag("a", "rsa-sha1").tag("d", "example.com").tag("s", "rsa").tag("h", "from").tag("bh", scan.hash(kind).base64());
        var signed = DkimSigner.signed(field, "From: Ann <ann@example.com>\r\n", Canonicalization.SIMPLE, key);
        return DkimTesting.join(bytes(signed + "\n"), MESSAGE);
    }

    @Test
    void ofAThousandSignaturesTenAreLookedAt() {
        var dns = dns();
        var one = new String(sign(MESSAGE, RSA, "rsa", SigningOptions.DEFAULT), StandardCharsets.ISO_8859_1);
        var field = one.substring(0, one.indexOf("From: Ann"));
        var many = (field.repeat(1000) + new String(MESSAGE, StandardCharsets.ISO_8859_1)).getBytes(StandardCharsets.ISO_8859_1);
        assertThat(verify(many, dns)).hasSize(10).allSatisfy(r -> assertThat(r.passes()).isTrue());
        assertThat(dns.asked()).hasSize(10);
    }

    @Test
    void aHeaderOfTenMegabytesIsNotTakenIn() {
        var huge = bytes("X-Huge: " + "a".repeat(10 << 20) + "\nFrom: a@example.com\n\nbody\n");
        var scan = DkimTesting.scan(huge, _ -> List.of());
        assertThat(scan.tooLarge()).isTrue();
        assertThat(scan.headers().fields()).isEmpty();
    }

    @Test
    void hugeKeysAreRefusedBeforeTheyCost() {
        var signed = sign(MESSAGE, RSA, "rsa", SigningOptions.DEFAULT);
        var modulus = java.math.BigInteger.ONE.shiftLeft(16_000).subtract(java.math.BigInteger.ONE);
        assertThat(verify(signed, keyOf(modulus, java.math.BigInteger.valueOf(65537))).getFirst().verdict().comment()).contains("larger than 8192 bits");
        var exponent = java.math.BigInteger.ONE.shiftLeft(2000).subtract(java.math.BigInteger.ONE);
        assertThat(verify(signed, keyOf(java.math.BigInteger.ONE.shiftLeft(2048).subtract(java.math.BigInteger.ONE), exponent)).getFirst().verdict().comment())
                .contains("larger than");
    }

    /// A key record with an RSAPublicKey (RFC 3447 §A.1.1) by hand, because the JDK makes no such keys.
    private static FakeDns keyOf(java.math.BigInteger modulus, java.math.BigInteger exponent) {
        var content = DkimTesting.join(
                PublicKeys.sequence((byte) 2, modulus.toByteArray()), PublicKeys.sequence((byte) 2, exponent.toByteArray()));
        var p = java.util.Base64.getEncoder().encodeToString(PublicKeys.sequence((byte) 0x30, content));
        return new FakeDns().txt("rsa._domainkey.example.com", "v=DKIM1; p=" + p);
    }

    private static byte[] changed(byte[] message, UnaryOperator<String> change) {
        return change.apply(new String(message, StandardCharsets.ISO_8859_1)).getBytes(StandardCharsets.ISO_8859_1);
    }
}
