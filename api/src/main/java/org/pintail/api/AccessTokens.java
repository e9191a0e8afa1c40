package org.pintail.api;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.security.SecureRandom;
import java.time.Duration;
import java.util.HexFormat;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.pintail.api.table.Caller;
import org.pintail.api.table.Dispatcher;
import org.pintail.backend.Document;
import org.pintail.backend.ObjectId;
import org.pintail.mail.Account;
import org.pintail.mail.Collections;
import org.pintail.mail.Mail;

/// The token of the installation, and tokens of users, which are kept as hashes only (http-api §1.4).
final class AccessTokens implements Dispatcher.Tokens {
    private static final Duration TTL = Duration.ofDays(14);
    private static final Duration LIFETIME = Duration.ofDays(180);
    /// A token that was used is not written again for this long.
    private static final Duration TOUCH = Duration.ofHours(1);

    private static final int BYTES = 20;
    private final Mail mail;
    private final @Nullable String master;
    private final SecureRandom random = new SecureRandom();

    /// `master` null: nobody is asked for a token.
    AccessTokens(Mail mail, @Nullable String master) {
        this.mail = mail;
        this.master = master;
    }

    @Override
    public Optional<Caller> caller(String token) {
        if (token.isEmpty()) {
            return master == null ? Optional.of(Caller.ROOT) : Optional.empty();
        }
        if (master != null && same(master, token)) {
            return Optional.of(new Caller("root", "root", token));
        }
        return ofUser(token);
    }

    private static boolean same(String a, String b) {
        return MessageDigest.isEqual(sha256(a), sha256(b));
    }

    private Optional<Caller> ofUser(String token) {
        if (token.length() != 2 * BYTES || !token.chars().allMatch(HexFormat::isHexDigit)) {
            return Optional.empty();
        }
        var found = mail.store().documents().find(Collections.TOKENS, "hash", hash(token));
        if (found.isEmpty()) {
            return Optional.empty();
        }
        var stored = found.get();
        var now = mail.clock().instant();
        boolean past = stored.instant("expires").filter(now::isBefore).isEmpty()
                || stored.instant("created").filter(c -> now.isBefore(c.plus(LIFETIME))).isEmpty();
        var user = stored.objectId("user").orElseThrow();
        var account = mail.accounts().find(new org.pintail.backend.AccountId(user));
        boolean valid = !past
                && account.filter(a -> stored.number("authVersion") >= a.document().number("authVersion")).isPresent();
        if (!valid) {
            mail.store().documents().delete(Collections.TOKENS, stored.id());
            return Optional.empty();
        }
        if (stored.instant("expires").filter(e -> e.isBefore(now.plus(TTL).minus(TOUCH))).isPresent()) {
            mail.store().documents().update(Collections.TOKENS, stored.id(), t -> t.with("expires", now.plus(TTL)));
        }
        return Optional.of(new Caller(stored.string("role", "user"), user.hex(), token));
    }

    /// A new token of role `user`, good for 14 days from its last use.
    String create(Account account) {
        var bytes = new byte[BYTES];
        random.nextBytes(bytes);
        var token = HexFormat.of().formatHex(bytes);
        keep(account, token);
        return token;
    }

    /// Makes a token good for the account as it is now: the one that changed the password stays good.
    void keep(Account account, String token) {
        var now = mail.clock().instant();
        mail.store()
                .documents()
                .insert(Collections.TOKENS, Document.of(
                        "_id", ObjectId.at(now),
                        "hash", hash(token),
                        "user", account.document().id(),
                        "role", "user",
                        "authVersion", account.document().number("authVersion"),
                        "created", now,
                        "expires", now.plus(TTL)));
    }

    void delete(String token) {
        mail.store()
                .documents()
                .find(Collections.TOKENS, "hash", hash(token))
                .ifPresent(t -> mail.store().documents().delete(Collections.TOKENS, t.id()));
    }

    private static String hash(String token) {
        return HexFormat.of().formatHex(sha256(token));
    }

    private static byte[] sha256(String text) {
        try {
            return MessageDigest.getInstance("SHA-256").digest(text.getBytes(StandardCharsets.UTF_8));
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("this JDK has no SHA-256", e);
        }
    }
}
