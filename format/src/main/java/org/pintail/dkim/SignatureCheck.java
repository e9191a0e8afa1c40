package org.pintail.dkim;

import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.Signature;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import org.pintail.dns.Dns;
import org.pintail.dns.DnsType;
import org.pintail.header.Field;

/// The cryptographic half: finds the key, verifies the bytes. DKIM, ARC-Message-Signature and ARC-Seal share it.
public final class SignatureCheck {
    private final Dns dns;
    private final DkimLimits limits;

    public SignatureCheck(Dns dns, DkimLimits limits) {
        this.dns = dns;
        this.limits = limits;
    }

    /// Keys of a selector that can verify this algorithm, at least one. RFC 6376 §3.6.2.2 leaves open what several records mean: each is tried.
    public List<KeyRecord> keys(String selector, String domain, Algorithm algorithm) throws SignatureException {
        var answer = dns.ask(selector + "._domainkey." + domain, DnsType.TXT);
        if (answer.failed()) {
            throw new SignatureException(DkimStatus.TEMPERROR, "DNS failure: " + answer.problem());
        }
        if (!answer.found()) {
            throw new SignatureException(DkimStatus.PERMERROR, "no key");
        }
        var keys = new ArrayList<KeyRecord>();
        var problem = new SignatureException(DkimStatus.PERMERROR, "no key");
        for (var text : answer.records().stream().limit(limits.keyRecords()).toList()) {
            try {
                keys.add(KeyRecord.parse(text, algorithm, limits));
            } catch (SignatureException e) {
                problem = e;
            }
        }
        if (keys.isEmpty()) {
            throw problem;
        }
        return keys;
    }

    /// Does `signature` (base64) of `signed` (one char per byte) verify? Pass, fail, or policy: keys that are too small, SHA-1 (RFC 8301).
    public Verdict verify(List<KeyRecord> keys, Algorithm algorithm, String signed, String signature) {
        var verdict = Verdict.of(DkimStatus.FAIL, "bad signature");
        for (var key : keys) {
            if (verifies(key, algorithm, signed, signature)) {
                return judged(key, algorithm);
            }
            verdict = new Verdict(DkimStatus.FAIL, "bad signature", null, key.bits());
        }
        return verdict;
    }

    /// The whole judgement of an ARC-Message-Signature, which has no more rules than these.
    public Verdict message(Field field, SignatureTags tags, ScannedMessage message) throws SignatureException {
        checkBody(tags, message.hash(tags.bodyKind()));
        var keys = keys(tags.selector(), tags.domain(), tags.algorithm());
        return verify(keys, tags.algorithm(), signed(field, tags, new SignedHeader(message.headers())), tags.signature());
    }

    static void checkBody(SignatureTags tags, BodyHash body) throws SignatureException {
        if (tags.length() != null && tags.length() > body.total()) {
            throw new SignatureException(DkimStatus.PERMERROR, "l= is more than the body has");
        }
        if (!body.base64().equals(tags.bodyHash())) {
            throw new SignatureException(DkimStatus.FAIL, "body hash did not verify");
        }
    }

    static String signed(Field field, SignatureTags tags, SignedHeader header) {
        return header.covered(tags.signedFields(), tags.header(), field) + tags.header().field(SignedHeader.withoutSignature(field.raw()));
    }

    private Verdict judged(KeyRecord key, Algorithm algorithm) {
        if (algorithm == Algorithm.RSA_SHA1) {
            return new Verdict(DkimStatus.POLICY, "rsa-sha1 is no longer accepted", "rsa-sha1", key.bits());
        }
        if (key.key().getAlgorithm().equals("RSA") && key.bits() < limits.minKeyBits()) {
            return new Verdict(DkimStatus.POLICY, "key of " + key.bits() + " bits", "weak-key", key.bits());
        }
        return new Verdict(DkimStatus.PASS, "", null, key.bits());
    }

    private static boolean verifies(KeyRecord key, Algorithm algorithm, String signed, String signature) {
        try {
            var engine = engine(algorithm);
            engine.initVerify(key.key());
            engine.update(toSign(algorithm, signed));
            return engine.verify(Base64.getDecoder().decode(signature));
        } catch (GeneralSecurityException | IllegalArgumentException e) {
            return false; // of another length than the key makes, or no point of the curve: no signature of this key
        }
    }

    static Signature engine(Algorithm algorithm) throws GeneralSecurityException {
        return Signature.getInstance(switch (algorithm) {
            case RSA_SHA256 -> "SHA256withRSA";
            case RSA_SHA1 -> "SHA1withRSA";
            case ED25519_SHA256 -> "Ed25519";
        });
    }

    /// RFC 8463 §3: Ed25519 signs the SHA-256 hash.
    static byte[] toSign(Algorithm algorithm, String signed) {
        return algorithm == Algorithm.ED25519_SHA256 ? Digests.sha256(signed) : signed.getBytes(StandardCharsets.ISO_8859_1);
    }
}
