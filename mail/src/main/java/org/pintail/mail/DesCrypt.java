package org.pintail.mail;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.stream.Stream;

/// Traditional crypt(3): 25 times DES over zeros, with 12 bits of salt that swap bits of the expansion. Only to check what accounts bring
/// along. Bits are one per array element, numbered from 0 where FIPS 46-3 counts from 1.
final class DesCrypt {
    private static final String ALPHABET = "./0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz";
    private static final List<Integer> IP = table(
            "58 50 42 34 26 18 10 2 60 52 44 36 28 20 12 4 62 54 46 38 30 22 14 6 64 56 48 40 32 24 16 8 "
                    + "57 49 41 33 25 17 9 1 59 51 43 35 27 19 11 3 61 53 45 37 29 21 13 5 63 55 47 39 31 23 15 7");
    private static final List<Integer> FP = table(
            "40 8 48 16 56 24 64 32 39 7 47 15 55 23 63 31 38 6 46 14 54 22 62 30 37 5 45 13 53 21 61 29 "
                    + "36 4 44 12 52 20 60 28 35 3 43 11 51 19 59 27 34 2 42 10 50 18 58 26 33 1 41 9 49 17 57 25");
    private static final List<Integer> E = table("32 1 2 3 4 5 4 5 6 7 8 9 8 9 10 11 12 13 12 13 14 15 16 17 "
            + "16 17 18 19 20 21 20 21 22 23 24 25 24 25 26 27 28 29 28 29 30 31 32 1");
    private static final List<Integer> P =
            table("16 7 20 21 29 12 28 17 1 15 23 26 5 18 31 10 2 8 24 14 32 27 3 9 19 13 30 6 22 11 4 25");
    private static final List<Integer> PC1 = table("57 49 41 33 25 17 9 1 58 50 42 34 26 18 10 2 59 51 43 35 27 19 11 3 60 52 44 36 "
            + "63 55 47 39 31 23 15 7 62 54 46 38 30 22 14 6 61 53 45 37 29 21 13 5 28 20 12 4");
    private static final List<Integer> PC2 = table("14 17 11 24 1 5 3 28 15 6 21 10 23 19 12 4 26 8 16 7 27 20 13 2 "
            + "41 52 31 37 47 55 30 40 51 45 33 48 44 49 39 56 34 53 46 42 50 36 29 32");
    private static final String SHIFTS = "1122222212222221";
    /// S-boxes 1 to 8, each four rows of 16 hexadecimal digits.
    private static final List<String> S = List.of(
        "e4d12fb83a6c59070f74e2d1a6cb953841e8d62bfc973a50fc8249175b3ea06d",
        "f18e6b34972dc05a3d47f28ec01a69b50e7ba4d158c6932fd8a13f42b67c05e9",
        "a09e63f51dc7b428d709346a285ecbf1d6498f30b12c5ae71ad069874fe3b52c",
        "7de3069a1285bc4fd8b56f03472c1ae9a690cb7df13e52843f06a1d8945bc72e",
        "2c417ab6853fd0e9eb2c47d150fa3986421bad78f9c5630eb8c71e2d6f09a453",
        "c1af92680d34e75baf427c9561de0b389ef528c3704a1db6432c95fabe17608d",
        "4b2ef08d3c975a61d0b7491ae35c2f8614bdc37eaf6805926bd814a7950fe23c",
        "d2846fb1a93e50c71fd8a374c56b0e927b419ce206adf35821e74a8dfc90356b");

    private DesCrypt() {}

    private static List<Integer> table(String numbers) {
        return Stream.of(numbers.split(" ")).map(n -> Integer.parseInt(n) - 1).toList();
    }

    /// `password` (its first 8 bytes) with the salt in the first two characters of `setting`.
    static String hash(String password, String setting) {
        var subkeys = subkeys(password.getBytes(StandardCharsets.UTF_8));
        var expansion = salted(setting);
        var block = new byte[64];
        for (int i = 0; i < 25; i++) {
            block = encrypt(block, subkeys, expansion);
        }
        var out = new StringBuilder(setting.substring(0, 2));
        for (int i = 0; i < 66; i += 6) {
            int six = 0;
            for (int k = i; k < i + 6; k++) {
                six = six << 1 | (k < 64 ? block[k] : 0);
            }
            out.append(ALPHABET.charAt(six));
        }
        return out.toString();
    }

    /// Each salt bit that is set swaps two entries of E, 24 apart.
    private static List<Integer> salted(String setting) {
        var e = new ArrayList<>(E);
        for (int c = 0; c < 2; c++) {
            int bits = ALPHABET.indexOf(setting.charAt(c));
            for (int i = 0; i < 6; i++) {
                if ((bits >> i & 1) != 0) {
                    Collections.swap(e, 6 * c + i, 6 * c + i + 24);
                }
            }
        }
        return e;
    }

    private static byte[][] subkeys(byte[] password) {
        var key = new byte[64];
        for (int i = 0; i < Math.min(8, password.length); i++) {
            for (int k = 0; k < 7; k++) {
                key[8 * i + k] = (byte) (password[i] >> (6 - k) & 1);
            }
        }
        var cd = permuted(key, PC1);
        var keys = new byte[16][];
        for (int round = 0; round < 16; round++) {
            for (int n = SHIFTS.charAt(round) - '0'; n > 0; n--) {
                rotate(cd, 0);
                rotate(cd, 28);
            }
            keys[round] = permuted(cd, PC2);
        }
        return keys;
    }

    private static void rotate(byte[] bits, int from) {
        byte first = bits[from];
        System.arraycopy(bits, from + 1, bits, from, 27);
        bits[from + 27] = first;
    }

    private static byte[] permuted(byte[] bits, List<Integer> by) {
        var out = new byte[by.size()];
        for (int i = 0; i < out.length; i++) {
            out[i] = bits[by.get(i)];
        }
        return out;
    }

    private static byte[] encrypt(byte[] block, byte[][] subkeys, List<Integer> expansion) {
        var start = permuted(block, IP);
        var left = Arrays.copyOf(start, 32);
        var right = Arrays.copyOfRange(start, 32, 64);
        for (var subkey : subkeys) {
            var f = permuted(substituted(right, subkey, expansion), P);
            for (int i = 0; i < 32; i++) {
                f[i] ^= left[i];
            }
            left = right;
            right = f;
        }
        var end = Arrays.copyOf(right, 64);
        System.arraycopy(left, 0, end, 32, 32);
        return permuted(end, FP);
    }

    private static byte[] substituted(byte[] right, byte[] subkey, List<Integer> expansion) {
        var x = permuted(right, expansion);
        var out = new byte[32];
        for (int box = 0; box < 8; box++) {
            int at = 6 * box;
            int six = 0;
            for (int k = at; k < at + 6; k++) {
                six = six << 1 | x[k] ^ subkey[k];
            }
            int row = six >> 4 & 2 | six & 1;
            int four = Character.digit(S.get(box).charAt(16 * row + (six >> 1 & 15)), 16);
            for (int k = 0; k < 4; k++) {
                out[4 * box + k] = (byte) (four >> (3 - k) & 1);
            }
        }
        return out;
    }
}
