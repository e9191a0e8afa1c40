package org.pintail.mail;

import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.security.SecureRandom;
import java.util.Arrays;
import java.util.Optional;
import javax.crypto.Mac;
import javax.crypto.SecretKeyFactory;
import javax.crypto.spec.PBEKeySpec;
import javax.crypto.spec.SecretKeySpec;
import org.jspecify.annotations.Nullable;
import org.pintail.backend.Bytes;
import org.pintail.backend.Document;

/// The arithmetic of SCRAM (RFC 5802 §3, RFC 7677), and what of it is stored with an account: salt, rounds and two keys for each hash,
/// under `scram` in its document, with the password hash they were derived beside. They count only while that hash is the account's.
public enum Scram {
    SHA_256("SCRAM-SHA-256", "SHA-256", "HmacSHA256", "PBKDF2WithHmacSHA256", 256),
    SHA_1("SCRAM-SHA-1", "SHA-1", "HmacSHA1", "PBKDF2WithHmacSHA1", 160);

    /// The most that Cyrus SASL computes (mbsync, mutt and many others): beyond it those clients give up, and try nothing else.
    static final int ROUNDS = 65_536;

    static final int SALT = 16;
    private static final String FIELD = "scram";
    private static final String BESIDE = "hash";
    private final String mechanism;
    private final String digest;
    private final String mac;
    private final String derivation;
    private final int bits;

    Scram(String mechanism, String digest, String mac, String derivation, int bits) {
        this.mechanism = mechanism;
        this.digest = digest;
        this.mac = mac;
        this.derivation = derivation;
        this.bits = bits;
    }

    /// Name of the mechanism, without -PLUS.
    public String mechanism() {
        return mechanism;
    }

    public byte[] hash(byte[] data) {
        try {
            return MessageDigest.getInstance(digest).digest(data);
        } catch (GeneralSecurityException e) {
            throw missing(e);
        }
    }

    public byte[] hmac(byte[] key, byte[] data) {
        try {
            var hmac = Mac.getInstance(mac);
            hmac.init(new SecretKeySpec(key, mac));
            return hmac.doFinal(data);
        } catch (GeneralSecurityException e) {
            throw missing(e);
        }
    }

    private static IllegalStateException missing(GeneralSecurityException e) {
        return new IllegalStateException("this JDK lacks an algorithm of SCRAM", e);
    }

    /// What a server keeps. `storedKey` and `serverKey` do not let anybody log in.
    public record Keys(Bytes salt, int rounds, Bytes storedKey, Bytes serverKey) {
        @Override
        public String toString() {
            return "Keys[" + rounds + "]";
        }
    }

    /// RFC 5802 §3: StoredKey and ServerKey of a password that is prepared already.
    public Keys derive(String prepared, Bytes salt, int rounds) {
        byte[] salted;
        var spec = new PBEKeySpec(prepared.toCharArray(), salt.toArray(), rounds, bits);
        try {
            salted = SecretKeyFactory.getInstance(derivation).generateSecret(spec).getEncoded();
        } catch (GeneralSecurityException e) {
            throw missing(e);
        } finally {
            spec.clearPassword();
        }
        var clientKey = hmac(salted, "Client Key".getBytes(StandardCharsets.US_ASCII));
        var serverKey = hmac(salted, "Server Key".getBytes(StandardCharsets.US_ASCII));
        return new Keys(salt, rounds, Bytes.wrap(hash(clientKey)), Bytes.wrap(serverKey));
    }

    /// `user` with keys for `password` in it. A password that SASLprep forbids gets none: SCRAM cannot be used with it. Costs as much CPU as
    /// two password hashes.
    static Document derived(String password, String passwordHash, SecureRandom random) {
        var all = Document.of(BESIDE, passwordHash);
        var prepared = SaslPrep.prepare(password);
        if (prepared.isPresent()) {
            for (var scram : values()) {
                var salt = new byte[SALT];
                random.nextBytes(salt);
                var keys = scram.derive(prepared.get(), Bytes.wrap(salt), ROUNDS);
                all = all.with(
                        scram.mechanism,
                        Document.of("salt", keys.salt(), "rounds", keys.rounds(), "storedKey", keys.storedKey(), "serverKey", keys.serverKey()));
            }
        }
        return Document.of(FIELD, all);
    }

    /// Keys were derived, or found impossible, for the password the account has now. Those of another number of rounds do not count: that number
    /// would tell them from made-up ones.
    static boolean isDerived(Document user) {
        var hash = user.string("password", "");
        return !hash.isEmpty() && user.document(FIELD).filter(s -> s.string(BESIDE, "").equals(hash) && hasRounds(s)).isPresent();
    }

    private static boolean hasRounds(Document keys) {
        return Arrays.stream(values()).flatMap(scram -> keys.document(scram.mechanism).stream()).allMatch(k -> k.number("rounds") == ROUNDS);
    }

    Optional<Keys> of(Document user) {
        return isDerived(user) ? user.document(FIELD).flatMap(s -> s.document(mechanism)).flatMap(Scram::read) : Optional.empty();
    }

    private static Optional<Keys> read(Document stored) {
        var salt = bytes(stored.value("salt"));
        var storedKey = bytes(stored.value("storedKey"));
        var serverKey = bytes(stored.value("serverKey"));
        return salt == null || storedKey == null || serverKey == null
                ? Optional.empty()
                : Optional.of(new Keys(salt, (int) stored.number("rounds"), storedKey, serverKey));
    }

    private static @Nullable Bytes bytes(@Nullable Object value) {
        return value instanceof Bytes b ? b : null;
    }
}
