package org.pintail.dkim;

import java.io.ByteArrayOutputStream;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.PublicKey;
import java.security.interfaces.RSAPublicKey;
import java.security.spec.X509EncodedKeySpec;
import java.util.Base64;
import java.util.HexFormat;

/// Public keys from what `p=` holds.
final class PublicKeys {
    /// SubjectPublicKeyInfo of an Ed25519 key up to its 32 bytes (RFC 8410 §4).
    private static final byte[] ED25519 = HexFormat.of().parseHex("302a300506032b6570032100");

    /// AlgorithmIdentifier of rsaEncryption.
    private static final byte[] RSA = HexFormat.of().parseHex("300d06092a864886f70d0101010500");

    private static final int MAX_EXPONENT_BITS = 64;

    private PublicKeys() {}

    static PublicKey read(String type, String base64, DkimLimits limits) throws SignatureException {
        try {
            var bytes = Base64.getDecoder().decode(base64);
            if (type.equals("ed25519")) {
                return factory("Ed25519").generatePublic(new X509EncodedKeySpec(bytes.length == 32 ? join(ED25519, bytes) : bytes));
            }
            if (bytes.length > limits.maxKeyBits() / 8 + 100) {
                throw new SignatureException(DkimStatus.PERMERROR, "key is larger than " + limits.maxKeyBits() + " bits");
            }
            return rsa(bytes, limits);
        } catch (IllegalArgumentException | GeneralSecurityException e) {
            throw new SignatureException(DkimStatus.PERMERROR, "invalid public key");
        }
    }

    private static RSAPublicKey rsa(byte[] bytes, DkimLimits limits) throws GeneralSecurityException, SignatureException {
        var key = (RSAPublicKey) rsaKey(bytes);
        if (bits(key) > limits.maxKeyBits() || key.getPublicExponent().bitLength() > MAX_EXPONENT_BITS) {
            throw new SignatureException(DkimStatus.PERMERROR, "key is larger than " + limits.maxKeyBits() + " bits");
        }
        return key;
    }

    /// SubjectPublicKeyInfo, as everybody writes it, or RSAPublicKey, as RFC 6376 §3.6.1 says.
    private static PublicKey rsaKey(byte[] bytes) throws GeneralSecurityException {
        try {
            return factory("RSA").generatePublic(new X509EncodedKeySpec(bytes));
        } catch (GeneralSecurityException e) {
            var bits = sequence((byte) 3, join(new byte[] {0}, bytes));
            return factory("RSA").generatePublic(new X509EncodedKeySpec(sequence((byte) 0x30, join(RSA, bits))));
        }
    }

    private static KeyFactory factory(String name) throws GeneralSecurityException {
        return KeyFactory.getInstance(name);
    }

    /// DER: tag, length, content.
    static byte[] sequence(byte tag, byte[] content) {
        var out = new ByteArrayOutputStream(content.length + 6);
        out.write(tag);
        if (content.length < 0x80) {
            out.write(content.length);
        } else {
            int bytes = content.length < 0x100 ? 1 : content.length < 0x10000 ? 2 : 3;
            out.write(0x80 | bytes);
            for (int i = bytes - 1; i >= 0; i--) {
                out.write(content.length >> 8 * i);
            }
        }
        out.writeBytes(content);
        return out.toByteArray();
    }

    private static byte[] join(byte[] first, byte[] second) {
        var out = new ByteArrayOutputStream(first.length + second.length);
        out.writeBytes(first);
        out.writeBytes(second);
        return out.toByteArray();
    }

    static int bits(PublicKey key) {
        return key instanceof RSAPublicKey rsa ? rsa.getModulus().bitLength() : 0;
    }
}
