package org.pintail.mail;

import com.password4j.Argon2Function;
import com.password4j.BcryptFunction;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.security.SecureRandom;
import java.util.Base64;
import java.util.Locale;
import javax.crypto.SecretKeyFactory;
import javax.crypto.spec.PBEKeySpec;

/// Password hashes in every form that accounts may bring along (data-model "Password hash formats accepted").
/// New ones are PBKDF2 with HMAC-SHA-512, a PHC string with base64 without padding. Checking costs CPU time: call it through [Hashing].
final class PasswordHash {
    private static final int ITERATIONS = 100_000;
    private static final int SALT = 16;
    private static final int KEY = 32;
    /// Bounds of the work that a stored hash can ask for.
    private static final int MAX_ITERATIONS = 10_000_000;

    private static final int MAX_BCRYPT_COST = 18;
    private static final long MAX_CRYPT_ROUNDS = 5_000_000;
    private static final int MAX_ARGON_KIB = 1 << 20;
    private static final int MAX_ARGON_PASSES = 100;
    private static final int MAX_ARGON_LANES = 64;
    private static final int MAX_LENGTH = 1024;

    private PasswordHash() {}

    static String create(String password, SecureRandom random) {
        var salt = new byte[SALT];
        random.nextBytes(salt);
        return write(salt, pbkdf2("SHA512", password, salt, ITERATIONS, KEY));
    }

    /// The hash of no password: to check against it takes as long as against others. It costs nothing to make.
    static String ofNothing(SecureRandom random) {
        var salt = new byte[SALT];
        var key = new byte[KEY];
        random.nextBytes(salt);
        random.nextBytes(key);
        return write(salt, key);
    }

    private static String write(byte[] salt, byte[] key) {
        var base64 = Base64.getEncoder().withoutPadding();
        return "$pbkdf2-sha512$i=" + ITERATIONS + "$" + base64.encodeToString(salt) + "$" + base64.encodeToString(key);
    }

    /// Of a form we can check, within the bounds of work.
    static boolean isSupported(String hash) {
        if (hash.length() > MAX_LENGTH) {
            return false;
        }
        var part = hash.split("\\$", -1);
        if (hash.startsWith("$pbkdf2-sha")) {
            return isPbkdf2(part);
        }
        if (isBcrypt(hash)) {
            return hash.length() == 60 && number(part[2]) >= 4 && number(part[2]) <= MAX_BCRYPT_COST;
        }
        if (hash.startsWith("$argon2")) {
            return isArgon2(part);
        }
        if (hash.startsWith("$5$") || hash.startsWith("$6$")) {
            return ShaCrypt.rounds(hash) <= MAX_CRYPT_ROUNDS && ShaCrypt.isWellFormed(hash);
        }
        if (hash.startsWith("$1$")) {
            return part.length == 4 && isCrypt64(part[3]) && part[3].length() == 22;
        }
        return hash.length() == 13 && isCrypt64(hash);
    }

    private static boolean isBcrypt(String hash) {
        return hash.startsWith("$2a$") || hash.startsWith("$2b$") || hash.startsWith("$2y$");
    }

    private static boolean isPbkdf2(String[] part) {
        return part.length == 5
                && (part[1].equals("pbkdf2-sha1") || part[1].equals("pbkdf2-sha256") || part[1].equals("pbkdf2-sha512"))
                && part[2].startsWith("i=")
                && number(part[2].substring(2)) >= 1
                && number(part[2].substring(2)) <= MAX_ITERATIONS
                && isBase64(part[3])
                && isBase64(part[4]);
    }

    private static boolean isArgon2(String[] part) {
        boolean type = part[1].equals("argon2id") || part[1].equals("argon2i") || part[1].equals("argon2d");
        if (!type || part.length != 6 || !part[2].equals("v=19") || !isBase64(part[4]) || !isBase64(part[5])) {
            return false;
        }
        var cost = part[3].split(",", -1);
        return cost.length == 3
                && within(cost[0], "m=", MAX_ARGON_KIB)
                && within(cost[1], "t=", MAX_ARGON_PASSES)
                && within(cost[2], "p=", MAX_ARGON_LANES);
    }

    private static boolean within(String text, String name, long limit) {
        if (!text.startsWith(name)) {
            return false;
        }
        long n = number(text.substring(name.length()));
        return n >= 1 && n <= limit;
    }

    /// -1 for anything but a decimal number of at most 9 digits.
    private static long number(String text) {
        if (text.isEmpty() || text.length() > 9 || !text.chars().allMatch(c -> c >= '0' && c <= '9')) {
            return -1;
        }
        return Long.parseLong(text);
    }

    private static boolean isBase64(String text) {
        return !text.isEmpty()
                && text.length() % 4 != 1
                && text.chars().allMatch(c -> isAlphanumeric(c) || c == '+' || c == '/');
    }

    private static boolean isCrypt64(String text) {
        return text.chars().allMatch(c -> isAlphanumeric(c) || c == '.' || c == '/');
    }

    private static boolean isAlphanumeric(int c) {
        return c >= 'a' && c <= 'z' || c >= 'A' && c <= 'Z' || c >= '0' && c <= '9';
    }

    /// False for a hash that is not supported, too.
    static boolean verify(String password, String hash) {
        if (!isSupported(hash)) {
            return false;
        }
        if (hash.startsWith("$pbkdf2-")) {
            return verifyPbkdf2(password, hash.split("\\$", -1));
        }
        if (isBcrypt(hash)) {
            return BcryptFunction.getInstanceFromHash(hash).check(password, hash);
        }
        if (hash.startsWith("$argon2")) {
            return Argon2Function.getInstanceFromHash(hash).check(password, hash);
        }
        if (hash.startsWith("$1$")) {
            return same(Md5Crypt.hash(password, hash), hash);
        }
        if (hash.startsWith("$")) {
            return same(ShaCrypt.hash(password, hash), hash);
        }
        return same(DesCrypt.hash(password, hash), hash);
    }

    private static boolean verifyPbkdf2(String password, String[] part) {
        var expected = Base64.getDecoder().decode(part[4]);
        var digest = part[1].substring("pbkdf2-".length()).toUpperCase(Locale.ROOT);
        int iterations = (int) number(part[2].substring(2));
        var actual = pbkdf2(digest, password, Base64.getDecoder().decode(part[3]), iterations, expected.length);
        return MessageDigest.isEqual(expected, actual);
    }

    private static boolean same(String a, String b) {
        return MessageDigest.isEqual(a.getBytes(StandardCharsets.UTF_8), b.getBytes(StandardCharsets.UTF_8));
    }

    /// Ours are PBKDF2 with SHA-256 or SHA-512 and enough iterations; everything else is replaced at the next login.
    static boolean isOutdated(String hash) {
        var part = hash.split("\\$", -1);
        return !(hash.startsWith("$pbkdf2-sha256$") || hash.startsWith("$pbkdf2-sha512$"))
                || number(part[2].substring(2)) < ITERATIONS;
    }

    private static byte[] pbkdf2(String digest, String password, byte[] salt, int iterations, int length) {
        try {
            return SecretKeyFactory.getInstance("PBKDF2WithHmac" + digest)
                    .generateSecret(new PBEKeySpec(password.toCharArray(), salt, iterations, length * 8))
                    .getEncoded();
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("this JDK has no PBKDF2WithHmac" + digest, e);
        }
    }
}
