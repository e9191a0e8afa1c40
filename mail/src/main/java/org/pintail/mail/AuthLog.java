package org.pintail.mail;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.pintail.backend.AccountId;
import org.pintail.backend.Bytes;
import org.pintail.backend.Document;
import org.pintail.backend.Documents;
import org.pintail.backend.ObjectId;

/// What happened around logging in to an account. Like events within 6 hours share one entry (data-model "authlog merging").
public final class AuthLog {
    private static final Duration BUCKET = Duration.ofHours(6);
    /// Entries that are looked through for one to merge with; beyond them a new one is made.
    private static final int LOOKED_AT = 20;

    private static final int REMEMBERED = 10_000;

    private final Documents documents;
    /// Where the last events went.
    private final Cache<Like, Last> lasts = Caffeine.newBuilder().maximumSize(REMEMBERED).build();
    private final Duration kept;
    private final Clock clock;

    /// What events of an account have in common that share an entry.
    private record Like(AccountId account, Bytes key) {}

    private record Last(ObjectId id, Instant created) {}

    AuthLog(Documents documents, Duration kept, Clock clock) {
        this.documents = documents;
        this.kept = kept;
        this.clock = clock;
    }

    /// `fields` as in the data model (protocol, ip, sess, source, target …). Null when the log is off.
    public @Nullable ObjectId record(AccountId account, String action, String result, Document fields) {
        if (!kept.isPositive()) {
            return null;
        }
        var now = clock.instant();
        var key = key(action, result, fields);
        var like = new Like(account, key);
        var last = lasts.getIfPresent(like);
        if (last != null && isFresh(last, now)) {
            merge(account, last.id(), now);
            return last.id();
        }
        var recent = documents.list(Collections.AUTH_LOG, "user", List.of(account.value()), null, false, LOOKED_AT);
        for (var entry : recent) {
            var known = new Last(entry.id(), entry.instant("created").orElse(Instant.MIN));
            if (isFresh(known, now) && entry.value("key") instanceof Bytes other && key.equals(other)) {
                merge(account, entry.id(), now);
                lasts.put(like, known);
                return entry.id();
            }
        }
        var all = new LinkedHashMap<String, @Nullable Object>();
        all.put("_id", ObjectId.at(now));
        all.put("user", account.value());
        all.put("action", action);
        all.put("result", result);
        all.putAll(fields.fields());
        all.put("key", key);
        all.put("created", now);
        all.put("last", now);
        all.put("events", 1L);
        all.put("expires", now.plus(kept));
        var entry = new Document(all);
        documents.insert(Collections.AUTH_LOG, entry);
        lasts.put(like, new Last(entry.id(), now));
        return entry.id();
    }

    private boolean isFresh(Last last, Instant now) {
        return last.created().isAfter(now.minus(kept.compareTo(BUCKET) < 0 ? kept : BUCKET));
    }

    /// That something happened once more is not waited for.
    private void merge(AccountId account, ObjectId entry, Instant now) {
        documents.amendSoon(
                Collections.AUTH_LOG,
                Document.of("_id", entry, "user", account.value()),
                e -> e.with("events", e.number("events") + 1).with("last", now));
    }

    /// MD5 of `protocol^ip^action^result^target`.
    private static Bytes key(String action, String result, Document fields) {
        var text = String.join(
                "^", fields.string("protocol", ""), fields.string("ip", ""), action, result, fields.string("target", ""));
        try {
            return Bytes.wrap(MessageDigest.getInstance("MD5").digest(text.getBytes(StandardCharsets.UTF_8)));
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("this JDK has no MD5", e);
        }
    }
}
