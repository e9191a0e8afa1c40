package org.pintail.mail;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;

/// SHA-256 and SHA-512 crypt (`$5$`, `$6$`), by Ulrich Drepper's specification "Unix crypt using SHA-256 and SHA-512".
final class ShaCrypt {
    private static final String ALPHABET = "./0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz";
    private static final String ROUNDS = "rounds=";
    private static final int DEFAULT_ROUNDS = 5000;
    private static final int MIN_ROUNDS = 1000;
    private static final int MAX_SALT = 16;

    private ShaCrypt() {}

    /// How many rounds the hash asks for.
    static long rounds(String hash) {
        var rest = hash.substring(3);
        int end = rest.indexOf('$');
        if (!rest.startsWith(ROUNDS) || end < 0) {
            return DEFAULT_ROUNDS;
        }
        var digits = rest.substring(ROUNDS.length(), end);
        if (digits.isEmpty() || digits.length() > 9 || !digits.chars().allMatch(c -> c >= '0' && c <= '9')) {
            return Long.MAX_VALUE;
        }
        return Math.max(MIN_ROUNDS, Long.parseLong(digits));
    }

    static boolean isWellFormed(String hash) {
        int length = hash.startsWith("$5$") ? 43 : 86;
        int last = hash.lastIndexOf('$');
        return last > 2
                && hash.length() - last - 1 == length
                && hash.substring(last + 1).chars().allMatch(c -> ALPHABET.indexOf(c) >= 0);
    }

    /// `password` with algorithm, rounds and salt of `setting` (a whole hash, or one without its last part).
    static String hash(String password, String setting) {
        boolean wide = setting.startsWith("$6$");
        var rest = setting.substring(3);
        boolean said = rest.startsWith(ROUNDS) && rest.indexOf('$') > 0;
        int rounds = (int) rounds(setting);
        if (said) {
            rest = rest.substring(rest.indexOf('$') + 1);
        }
        var saltText = rest.indexOf('$') >= 0 ? rest.substring(0, rest.indexOf('$')) : rest;
        saltText = saltText.length() > MAX_SALT ? saltText.substring(0, MAX_SALT) : saltText;
        var salt = saltText.getBytes(StandardCharsets.UTF_8);
        var key = password.getBytes(StandardCharsets.UTF_8);
        var result = rounds(wide, key, salt, rounds);
        return (wide ? "$6$" : "$5$") + (said ? ROUNDS + rounds + "$" : "") + saltText + "$" + text(wide, result);
    }

    /// Steps 1 to 21 of the specification.
    private static byte[] rounds(boolean wide, byte[] key, byte[] salt, int rounds) {
        var md = digest(wide ? "SHA-512" : "SHA-256");
        md.update(key);
        md.update(salt);
        md.update(key);
        var b = md.digest();
        md.update(key);
        md.update(salt);
        md.update(repeated(b, key.length));
        for (int n = key.length; n > 0; n >>= 1) {
            md.update((n & 1) != 0 ? b : key);
        }
        var c = md.digest();
        for (int i = 0; i < key.length; i++) {
            md.update(key);
        }
        var p = repeated(md.digest(), key.length);
        for (int i = 0; i < 16 + (c[0] & 0xff); i++) {
            md.update(salt);
        }
        var s = repeated(md.digest(), salt.length);
        for (int i = 0; i < rounds; i++) {
            boolean odd = (i & 1) != 0;
            md.update(odd ? p : c);
            if (i % 3 != 0) {
                md.update(s);
            }
            if (i % 7 != 0) {
                md.update(p);
            }
            md.update(odd ? c : p);
            c = md.digest();
        }
        return c;
    }

    private static byte[] repeated(byte[] block, int length) {
        var out = new byte[length];
        for (int i = 0; i < length; i++) {
            out[i] = block[i % block.length];
        }
        return out;
    }

    /// Step 22: groups of three bytes in the order of the specification, which walks in thirds.
    private static String text(boolean wide, byte[] d) {
        var out = new StringBuilder();
        int third = wide ? 21 : 10;
        int a = 0;
        int b = third;
        int c = 2 * third;
        for (int i = 0; i < third; i++) {
            append(out, d[a], d[b], d[c], 4);
            int first = a;
            if (wide) {
                a = b + 1;
                b = c + 1;
                c = first + 1;
            } else {
                a = c + 1;
                c = b + 1;
                b = first + 1;
            }
        }
        if (wide) {
            append(out, (byte) 0, (byte) 0, d[63], 2);
        } else {
            append(out, (byte) 0, d[31], d[30], 3);
        }
        return out.toString();
    }

    static void append(StringBuilder out, byte high, byte middle, byte low, int characters) {
        int w = (high & 0xff) << 16 | (middle & 0xff) << 8 | low & 0xff;
        for (int i = 0; i < characters; i++) {
            out.append(ALPHABET.charAt(w & 0x3f));
            w >>= 6;
        }
    }

    private static MessageDigest digest(String name) {
        try {
            return MessageDigest.getInstance(name);
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("this JDK has no " + name, e);
        }
    }
}
