package org.pintail.mta;

import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.util.Base64;
import javax.crypto.Mac;
import javax.crypto.SecretKeyFactory;
import javax.crypto.spec.PBEKeySpec;
import javax.crypto.spec.SecretKeySpec;

/// The client's side of SCRAM (RFC 5802 §3), on its own: it shares nothing with the server under test.
record ScramClient(String hash, String header, byte[] binding, String user, String password) {
    private static final String NONCE = "rOprNGfwEbeRWgbNEkqO";

    /// Without channel binding.
    static ScramClient plain(String mechanism, String user, String password) {
        return new ScramClient(mechanism.equals("SCRAM-SHA-1") ? "SHA1" : "SHA256", "n,,", new byte[0], user, password);
    }

    String first() {
        return base64(header + bare());
    }

    private String bare() {
        return "n=" + user + ",r=" + NONCE;
    }

    /// The answer to the server's first message, both as they go over the wire.
    String last(String challenge) {
        var serverFirst = text(challenge);
        var channel = new byte[header.length() + binding.length];
        System.arraycopy(header.getBytes(StandardCharsets.US_ASCII), 0, channel, 0, header.length());
        System.arraycopy(binding, 0, channel, header.length(), binding.length);
        var withoutProof = "c=" + Base64.getEncoder().encodeToString(channel) + ",r=" + attribute(serverFirst, 0);
        var clientKey = hmac(salted(serverFirst), "Client Key");
        var signature = hmac(digest(clientKey), bare() + "," + serverFirst + "," + withoutProof);
        for (int i = 0; i < clientKey.length; i++) {
            clientKey[i] ^= signature[i];
        }
        return base64(withoutProof + ",p=" + Base64.getEncoder().encodeToString(clientKey));
    }

    /// What the server proves itself with.
    String expected(String challenge) {
        var serverFirst = text(challenge);
        var withoutProof = text(last(challenge)).replaceFirst(",p=.*", "");
        var signature = hmac(hmac(salted(serverFirst), "Server Key"), bare() + "," + serverFirst + "," + withoutProof);
        return base64("v=" + Base64.getEncoder().encodeToString(signature));
    }

    private byte[] salted(String serverFirst) {
        try {
            var salt = Base64.getDecoder().decode(attribute(serverFirst, 1));
            int rounds = Integer.parseInt(attribute(serverFirst, 2));
            var spec = new PBEKeySpec(password.toCharArray(), salt, rounds, hash.equals("SHA1") ? 160 : 256);
            return SecretKeyFactory.getInstance("PBKDF2WithHmac" + hash).generateSecret(spec).getEncoded();
        } catch (GeneralSecurityException e) {
            throw new AssertionError(e);
        }
    }

    private byte[] hmac(byte[] key, String text) {
        try {
            var mac = Mac.getInstance("Hmac" + hash);
            mac.init(new SecretKeySpec(key, "Hmac" + hash));
            return mac.doFinal(text.getBytes(StandardCharsets.UTF_8));
        } catch (GeneralSecurityException e) {
            throw new AssertionError(e);
        }
    }

    private byte[] digest(byte[] data) {
        try {
            return MessageDigest.getInstance(hash.equals("SHA1") ? "SHA-1" : "SHA-256").digest(data);
        } catch (GeneralSecurityException e) {
            throw new AssertionError(e);
        }
    }

    private static String attribute(String message, int index) {
        return message.split(",")[index].substring(2);
    }

    static String base64(String text) {
        return Base64.getEncoder().encodeToString(text.getBytes(StandardCharsets.UTF_8));
    }

    static String text(String base64) {
        return new String(Base64.getDecoder().decode(base64), StandardCharsets.UTF_8);
    }
}
