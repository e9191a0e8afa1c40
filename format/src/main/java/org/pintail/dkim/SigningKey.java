package org.pintail.dkim;

import java.io.ByteArrayOutputStream;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.PrivateKey;
import java.security.SecureRandom;
import java.security.interfaces.EdECPrivateKey;
import java.security.interfaces.RSAPrivateCrtKey;
import java.security.spec.NamedParameterSpec;
import java.security.spec.PKCS8EncodedKeySpec;
import java.security.spec.RSAPublicKeySpec;
import java.util.Arrays;
import java.util.Base64;
import java.util.HexFormat;

/// A private key to sign with.
public record SigningKey(PrivateKey key, Algorithm algorithm) {
    private static final int RSA_BITS = 2048; // RFC 8301 §3.2
    private static final byte[] ED25519 = HexFormat.of().parseHex("302e020100300506032b657004220420");
    private static final byte[] RSA = HexFormat.of().parseHex("020100300d06092a864886f70d0101010500");

    public static SigningKey generateRsa() {
        return new SigningKey(generate("RSA", RSA_BITS), Algorithm.RSA_SHA256);
    }

    public static SigningKey generateEd25519() {
        return new SigningKey(generate("Ed25519", 255), Algorithm.ED25519_SHA256);
    }

    private static PrivateKey generate(String algorithm, int bits) {
        try {
            var generator = KeyPairGenerator.getInstance(algorithm);
            generator.initialize(bits);
            return generator.generateKeyPair().getPrivate();
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("every JDK makes " + algorithm + " keys", e);
        }
    }

    /// PEM (`PRIVATE KEY`, `RSA PRIVATE KEY`), or base64 of the 32 bytes of an Ed25519 key. Throws `IllegalArgumentException`.
    public static SigningKey parse(String text) {
        boolean pkcs1 = text.contains("-----BEGIN RSA PRIVATE KEY-----");
        try {
            var bytes = Base64.getDecoder().decode(TagList.withoutSpace(text.replaceAll("-----[A-Z ]+-----", "")));
            if (bytes.length == 32) {
                return new SigningKey(factory("Ed25519").generatePrivate(new PKCS8EncodedKeySpec(join(ED25519, bytes))), Algorithm.ED25519_SHA256);
            }
            return pkcs8(pkcs1 ? wrapped(bytes) : bytes);
        } catch (GeneralSecurityException | IllegalArgumentException e) {
            throw new IllegalArgumentException("expected a private key: PEM of RSA or Ed25519, or 32 bytes of Ed25519 in base64", e);
        }
    }

    private static SigningKey pkcs8(byte[] bytes) throws GeneralSecurityException {
        boolean ed25519 = bytes.length >= 16 && Arrays.equals(bytes, 7, 12, ED25519, 7, 12);
        return ed25519
                ? new SigningKey(factory("Ed25519").generatePrivate(new PKCS8EncodedKeySpec(bytes)), Algorithm.ED25519_SHA256)
                : new SigningKey(factory("RSA").generatePrivate(new PKCS8EncodedKeySpec(bytes)), Algorithm.RSA_SHA256);
    }

    private static KeyFactory factory(String name) throws GeneralSecurityException {
        return KeyFactory.getInstance(name);
    }

    private static byte[] wrapped(byte[] pkcs1) {
        return PublicKeys.sequence((byte) 0x30, join(RSA, PublicKeys.sequence((byte) 4, pkcs1)));
    }

    private static byte[] join(byte[] first, byte[] second) {
        var out = new ByteArrayOutputStream(first.length + second.length);
        out.writeBytes(first);
        out.writeBytes(second);
        return out.toByteArray();
    }

    public String pem() {
        return "-----BEGIN PRIVATE KEY-----\n" + Base64.getMimeEncoder(64, new byte[] {'\n'}).encodeToString(key.getEncoded())
                + "\n-----END PRIVATE KEY-----\n";
    }

    /// What a TXT record at `selector._domainkey.domain` must say for this key to verify.
    public String record() {
        var encoded = publicKey().getPublic().getEncoded();
        var p = algorithm == Algorithm.ED25519_SHA256 ? Arrays.copyOfRange(encoded, encoded.length - 32, encoded.length) : encoded;
        return "v=DKIM1; k=" + algorithm.keyType() + "; p=" + Base64.getEncoder().encodeToString(p);
    }

    /// The record as a zone file has it: strings of at most 255 bytes (RFC 1035 §3.3.14).
    public String zoneLine(String selector, String domain) {
        var text = record();
        var strings = new StringBuilder();
        for (int i = 0; i < text.length(); i += 255) {
            strings.append(i > 0 ? " " : "").append('"').append(text, i, Math.min(text.length(), i + 255)).append('"');
        }
        return selector + "._domainkey." + domain + ". IN TXT ( " + strings + " )";
    }

    /// SubjectPublicKeyInfo in base64.
    public String publicDer() {
        return Base64.getEncoder().encodeToString(publicKey().getPublic().getEncoded());
    }

    public String publicPem() {
        return "-----BEGIN PUBLIC KEY-----\n" + Base64.getMimeEncoder(64, new byte[] {'\n'}).encodeToString(publicKey().getPublic().getEncoded())
                + "\n-----END PUBLIC KEY-----\n";
    }

    /// SHA-256 of the encoded private key, as the data model has it.
    public String fingerprint() {
        return HexFormat.ofDelimiter(":").formatHex(Digests.of("SHA-256").digest(key.getEncoded()));
    }

    KeyPair publicKey() {
        try {
            return switch (key) {
                case RSAPrivateCrtKey rsa -> new KeyPair(
                        factory("RSA").generatePublic(new RSAPublicKeySpec(rsa.getModulus(), rsa.getPublicExponent())), key);
                case EdECPrivateKey ed -> again(ed);
                default -> throw new IllegalStateException("a key of " + key.getAlgorithm());
            };
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("a private key has a public one", e);
        }
    }

    /// The JDK computes the public half only when it makes a pair: let it make this one, with the private bytes for its randomness.
    private static KeyPair again(EdECPrivateKey key) throws GeneralSecurityException {
        var bytes = key.getBytes().orElseThrow(() -> new GeneralSecurityException("a key without its bytes"));
        var generator = KeyPairGenerator.getInstance("Ed25519");
        generator.initialize(NamedParameterSpec.ED25519, new SecureRandom() {
            private static final long serialVersionUID = 1;

            @Override
            public void nextBytes(byte[] into) {
                System.arraycopy(bytes, 0, into, 0, into.length);
            }
        });
        return generator.generateKeyPair();
    }
}
