package org.pintail.mail;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Clock;
import java.time.Instant;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;
import org.pintail.backend.AccountId;
import org.pintail.backend.Document;
import org.pintail.backend.Documents;
import org.pintail.backend.ObjectId;

/// Passwords that the suite made for one application: 16 letters, good for some scopes (imap-pop3 §2 "ASP").
final class ApplicationPasswords {
    static final Check NONE = new Check(false, false, Document.EMPTY);
    private static final int LENGTH = 16;
    private static final int MOST = 200;
    private final Documents documents;
    private final CheckedPasswords checked;
    private final Hashing hashing;
    private final Clock clock;

    /// `wrongScope`: the password is right, but not for this scope. `document` only where `valid`.
    record Check(boolean valid, boolean wrongScope, Document document) {}

    ApplicationPasswords(Documents documents, CheckedPasswords checked, Hashing hashing, Clock clock) {
        this.documents = documents;
        this.checked = checked;
        this.hashing = hashing;
        this.clock = clock;
    }

    /// The first one that matches decides.
    Check check(AccountId account, String password, String scope) {
        var normal = normal(password);
        if (normal.length() != LENGTH || !normal.chars().allMatch(c -> c >= 'a' && c <= 'z')) {
            return NONE;
        }
        var selector = selector(normal);
        var now = clock.instant();
        for (var asp : documents.list(Collections.ASPS, "asps_user", List.of(account.value()), null, true, MOST)) {
            boolean past = asp.instant("expires").filter(now::isAfter).isPresent();
            if (past || !asp.string("selector", selector).equals(selector)) {
                continue;
            }
            if (matches(account, asp.string("password", ""), normal, scope)) {
                var scopes = asp.strings("scopes");
                boolean right = scopes.contains("*") || scopes.contains(scope);
                return right ? new Check(true, false, asp) : new Check(false, true, Document.EMPTY);
            }
        }
        return NONE;
    }

    /// White space does not count, nor does case.
    static String normal(String password) {
        var out = new StringBuilder();
        password.chars().filter(c -> !Character.isWhitespace(c)).forEach(c -> out.append((char) c));
        return out.toString().toLowerCase(Locale.ROOT);
    }

    private boolean matches(AccountId account, String hash, String password, String scope) {
        var key = checked.key(account, hash, password, scope);
        if (checked.contains(key)) {
            return true;
        }
        boolean right = hashing.verify(password, hash);
        if (right) {
            checked.add(key);
        }
        return right;
    }

    /// Sum of the bytes of the SHA-1, modulo 32, in hex: leaves out most of the expensive comparisons.
    static String selector(String normalPassword) {
        try {
            int sum = 0;
            for (byte b : MessageDigest.getInstance("SHA-1").digest(normalPassword.getBytes(StandardCharsets.UTF_8))) {
                sum += b & 0xff;
            }
            return Integer.toHexString(sum % 32);
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("this JDK has no SHA-1", e);
        }
    }

    void used(Document asp, @Nullable ObjectId event, String ip) {
        Instant now = clock.instant();
        var changes = Document.of("used", now, "authEvent", event == null ? false : event, "authIp", ip);
        long ttl = asp.number("ttl");
        var all = ttl > 0 ? changes.with("expires", now.plusSeconds(ttl)) : changes;
        documents.update(Collections.ASPS, asp.id(), a -> a.with(all));
    }
}
