package org.pintail.mail;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;

/// MD5 crypt (`$1$salt$hash`) as FreeBSD made it. Only to check what accounts bring along.
final class Md5Crypt {
    private static final int MAX_SALT = 8;
    private static final int ROUNDS = 1000;

    private Md5Crypt() {}

    /// `password` with the salt of `setting`.
    static String hash(String password, String setting) {
        var rest = setting.substring(3);
        var saltText = rest.indexOf('$') >= 0 ? rest.substring(0, rest.indexOf('$')) : rest;
        saltText = saltText.length() > MAX_SALT ? saltText.substring(0, MAX_SALT) : saltText;
        var salt = saltText.getBytes(StandardCharsets.UTF_8);
        var key = password.getBytes(StandardCharsets.UTF_8);
        var d = rounds(key, salt);
        var out = new StringBuilder("$1$").append(saltText).append('$');
        ShaCrypt.append(out, d[0], d[6], d[12], 4);
        ShaCrypt.append(out, d[1], d[7], d[13], 4);
        ShaCrypt.append(out, d[2], d[8], d[14], 4);
        ShaCrypt.append(out, d[3], d[9], d[15], 4);
        ShaCrypt.append(out, d[4], d[10], d[5], 4);
        ShaCrypt.append(out, (byte) 0, (byte) 0, d[11], 2);
        return out.toString();
    }

    private static byte[] rounds(byte[] key, byte[] salt) {
        var md = md5();
        md.update(key);
        md.update(salt);
        md.update(key);
        var inner = md.digest();
        md.update(key);
        md.update("$1$".getBytes(StandardCharsets.US_ASCII));
        md.update(salt);
        for (int left = key.length; left > 0; left -= 16) {
            md.update(inner, 0, Math.min(16, left));
        }
        for (int n = key.length; n > 0; n >>= 1) {
            md.update((n & 1) != 0 ? 0 : key[0]);
        }
        var c = md.digest();
        for (int i = 0; i < ROUNDS; i++) {
            boolean odd = (i & 1) != 0;
            md.update(odd ? key : c);
            if (i % 3 != 0) {
                md.update(salt);
            }
            if (i % 7 != 0) {
                md.update(key);
            }
            md.update(odd ? c : key);
            c = md.digest();
        }
        return c;
    }

    private static MessageDigest md5() {
        try {
            return MessageDigest.getInstance("MD5");
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("this JDK has no MD5", e);
        }
    }
}
