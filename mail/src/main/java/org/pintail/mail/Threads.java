package org.pintail.mail;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Base64;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.SequencedSet;
import java.util.Set;
import org.pintail.backend.AccountId;
import org.pintail.backend.Document;
import org.pintail.backend.Documents;
import org.pintail.backend.ObjectId;

/// Which messages of an account belong together: the same subject and a message id in common (data-model §7 "threads").
///
/// The id of a new thread is computed from account, subject and the oldest message id it knows. So the first message of a conversation needs
/// no document, and its first answer (which names it in References) comes to the same id; only answers write.
final class Threads {
    private static final Duration KEPT = Duration.ofDays(180);
    private static final int MAX_IDS = 10;
    private static final int MAX_THREADS = 100;
    private static final int MAX_SUBJECT = 255;
    private final Documents documents;
    private final Clock clock;

    Threads(Documents documents, Clock clock) {
        this.documents = documents;
        this.clock = clock;
    }

    /// What a message says about its conversation: `subject` by [#normalized], `own` its Message-ID, `others` what it refers to, oldest first.
    record Clues(String subject, String own, List<String> others) {
        Clues {
            others = List.copyOf(others);
        }

        static Clues of(String subject, String messageId, List<String> references, String inReplyTo, String threadIndex) {
            var others = new LinkedHashSet<String>();
            for (var r : references) {
                others.add(bare(r));
            }
            others.add(bare(inReplyTo));
            others.add(threadIndex.length() > 22 ? threadIndex.substring(0, 22) : threadIndex);
            others.remove("");
            others.remove(bare(messageId));
            return new Clues(normalized(subject), bare(messageId), List.copyOf(others));
        }

        private static String bare(String id) {
            var text = id.strip();
            return text.startsWith("<") && text.endsWith(">") && text.length() > 1
                    ? text.substring(1, text.length() - 1)
                    : text;
        }

        /// The oldest, the latest and the own id are kept where there are too many.
        private SequencedSet<String> hashes() {
            var kept = new LinkedHashSet<String>();
            if (!own.isEmpty()) {
                kept.add(hash(own));
            }
            if (!others.isEmpty()) {
                kept.add(hash(others.getFirst()));
            }
            for (var other : others.reversed()) {
                if (kept.size() < MAX_IDS) {
                    kept.add(hash(other));
                }
            }
            return kept;
        }
    }

    ObjectId find(AccountId account, Clues clues) {
        var hashes = clues.hashes();
        var known = known(account, clues.subject(), hashes);
        if (known.isPresent()) {
            join(known.get(), hashes);
            return known.get().id();
        }
        var oldest = clues.others().isEmpty() ? clues.own() : clues.others().getFirst();
        if (oldest.isEmpty()) {
            return ObjectId.next();
        }
        var id = derived(account, clues.subject(), oldest);
        if (!clues.others().isEmpty()) {
            begin(account, id, clues.subject(), hashes);
        }
        return id;
    }

    private Optional<Document> known(AccountId account, String subject, Set<String> hashes) {
        var threads = documents.listAny(Collections.THREADS, "thread", List.of(account.value()), List.copyOf(hashes), MAX_THREADS).stream()
                .filter(thread -> thread.string("subject", "").equals(subject))
                .toList();
        for (var hash : hashes) {
            for (var thread : threads) {
                if (thread.strings("ids").contains(hash)) {
                    return Optional.of(thread);
                }
            }
        }
        return Optional.empty();
    }

    private void join(Document thread, Set<String> hashes) {
        if (thread.strings("ids").containsAll(hashes)) {
            return;
        }
        var now = clock.instant();
        documents.amendSoon(Collections.THREADS, thread, t -> {
            var ids = new LinkedHashSet<>(t.strings("ids"));
            ids.addAll(hashes);
            var all = new ArrayList<>(ids);
            int from = Math.max(0, all.size() - 10 * MAX_IDS);
            return t.with("ids", List.copyOf(all.subList(from, all.size())))
                    .with("updated", now)
                    .with("expires", now.plus(KEPT));
        });
    }

    private void begin(AccountId account, ObjectId id, String subject, Set<String> hashes) {
        var now = clock.instant();
        var thread = Document.of(
                "_id", id,
                "user", account.value(),
                "ids", List.copyOf(hashes),
                "subject", subject,
                "updated", now,
                "expires", now.plus(KEPT));
        documents.insertSoon(Collections.THREADS, thread); // of two answers that come at the same moment to two nodes one is remembered
    }

    private static ObjectId derived(AccountId account, String subject, String messageId) {
        var digest = ByteBuffer.wrap(sha1(account.hex() + '\n' + subject + '\n' + messageId));
        return new ObjectId(digest.getLong(), digest.getInt());
    }

    private static String hash(String messageId) {
        return Base64.getEncoder().withoutPadding().encodeToString(sha1(messageId));
    }

    private static byte[] sha1(String text) {
        try {
            return MessageDigest.getInstance("SHA-1").digest(text.getBytes(StandardCharsets.UTF_8));
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("this JDK has no SHA-1", e);
        }
    }

    /// Without what answering and lists put around a subject: `re:`, `fw:`, `fwd:`, `[tag] `, `(fwd)`.
    static String normalized(String subject) {
        var text = collapsed(subject);
        String before;
        do {
            before = text;
            var lower = text.toLowerCase(Locale.ROOT);
            for (var prefix : List.of("re:", "fw:", "fwd:")) {
                if (lower.startsWith(prefix)) {
                    text = text.substring(prefix.length()).strip();
                    break;
                }
            }
            int tagEnd = text.startsWith("[") ? text.indexOf("] ") : -1;
            if (tagEnd > 0 && tagEnd + 2 < text.length()) {
                text = text.substring(tagEnd + 2).strip();
            }
            if (text.toLowerCase(Locale.ROOT).endsWith("(fwd)")) {
                text = text.substring(0, text.length() - "(fwd)".length()).strip();
            }
        } while (!text.equals(before));
        return text.length() > MAX_SUBJECT ? text.substring(0, MAX_SUBJECT) : text;
    }

    static String collapsed(String text) {
        var out = new StringBuilder(text.length());
        boolean space = false;
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            if (Character.isWhitespace(c)) {
                space = !out.isEmpty();
                continue;
            }
            if (space) {
                out.append(' ');
                space = false;
            }
            out.append(c);
        }
        return out.toString();
    }
}
