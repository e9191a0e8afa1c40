package org.pintail.mail;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.security.SecureRandom;
import java.time.Clock;
import java.time.Instant;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.pintail.backend.AccountId;
import org.pintail.backend.Document;
import org.pintail.backend.Documents;
import org.pintail.backend.ObjectId;

/// Passwords that the suite made for one application: 16 letters, good for some scopes (imap-pop3 §2 "ASP").
public final class ApplicationPasswords {
    static final Check NONE = new Check(false, false, Document.EMPTY);
    static final List<String> SCOPES = List.of("imap", "pop3", "smtp");
    private static final SecureRandom RANDOM = new SecureRandom();
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

    /// What a new one is to be. `scopes` of imap, pop3, smtp or "*"; `password` null makes 16 random letters; `ttl` in seconds after the last
    /// use, 0 for good.
    public record New(String description, List<String> scopes, @Nullable String password, long ttl) {
        public New {
            scopes = scopes.contains("*") || scopes.containsAll(SCOPES) ? List.of("*") : List.copyOf(scopes);
        }
    }

    /// The document as stored, and the password in clear, which is nowhere else.
    public record Created(Document document, String password) {}

    /// Refuses NOT_ALLOWED beyond `limit`, INVALID for a password that is not of 16 lower-case letters. Hashing takes some 100 ms.
    public Created create(AccountId account, New asked, int limit) {
        if (list(account).size() >= Math.min(limit, MOST)) {
            throw new Refusal(Refusal.Code.NOT_ALLOWED, "Maximum number of application passwords reached");
        }
        var password = asked.password() == null ? random() : normal(asked.password());
        if (password.length() != LENGTH || !password.chars().allMatch(c -> c >= 'a' && c <= 'z')) {
            throw new Refusal(Refusal.Code.INVALID, "Application passwords are " + LENGTH + " lower-case letters");
        }
        var now = clock.instant();
        var document = Document.of(
                "_id", ObjectId.at(now),
                "user", account.value(),
                "description", asked.description(),
                "scopes", asked.scopes(),
                "password", hashing.create(password),
                "selector", selector(password),
                "used", false,
                "authEvent", false,
                "authIp", false,
                "created", now);
        if (asked.ttl() > 0) {
            document = document.with("ttl", asked.ttl()).with("expires", now.plusSeconds(asked.ttl()));
        }
        documents.insert(Collections.ASPS, document);
        return new Created(document, password);
    }

    private static String random() {
        var out = new StringBuilder(LENGTH);
        for (int i = 0; i < LENGTH; i++) {
            out.append((char) ('a' + RANDOM.nextInt('z' - 'a' + 1)));
        }
        return out.toString();
    }

    public List<Document> list(AccountId account) {
        return documents.list(Collections.ASPS, "asps_user", List.of(account.value()), null, true, MOST);
    }

    public Optional<Document> find(AccountId account, ObjectId id) {
        return documents.find(Collections.ASPS, id).filter(a -> account.value().equals(a.value("user")));
    }

    /// False when the account has none of that id.
    public boolean delete(AccountId account, ObjectId id) {
        return find(account, id).isPresent() && documents.delete(Collections.ASPS, id);
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
