package org.pintail.mail;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Base64;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.SequencedSet;
import java.util.Set;
import org.pintail.backend.AccountId;
import org.pintail.backend.Document;
import org.pintail.backend.Documents;
import org.pintail.backend.MessageId;
import org.pintail.backend.ObjectId;
import org.pintail.backend.ThreadClues;
import org.pintail.backend.Threading;

/// Which messages of an account belong together: the same subject and a message id in common (data-model §7 "threads").
///
/// The id of a new thread is computed from account, subject and the oldest message id it knows. So the first message of a conversation needs
/// no document, and its first answer (which names it in References) comes to the same id; only answers write.
final class Threads implements Threading {
    private static final Duration KEPT = Duration.ofDays(180);
    private static final int AT_ONCE = 8; // messages: each id is looked for in each account
    private static final int MAX_IDS = 10;
    private static final int MAX_THREADS = 100;
    private static final int MAX_SUBJECT = 255;
    private final Documents documents;
    private final Clock clock;

    Threads(Documents documents, Clock clock) {
        this.documents = documents;
        this.clock = clock;
    }

    /// `references`, `inReplyTo` and `threadIndex` as in the message, with or without angle brackets.
    static ThreadClues clues(String subject, String messageId, List<String> references, String inReplyTo, String threadIndex) {
        var others = new LinkedHashSet<String>();
        for (var r : references) {
            others.add(bare(r));
        }
        others.add(bare(inReplyTo));
        others.add(threadIndex.length() > 22 ? threadIndex.substring(0, 22) : threadIndex);
        others.remove("");
        others.remove(bare(messageId));
        return new ThreadClues(normalized(subject), bare(messageId), List.copyOf(others));
    }

    private static String bare(String id) {
        var text = id.strip();
        return text.startsWith("<") && text.endsWith(">") && text.length() > 1
                ? text.substring(1, text.length() - 1)
                : text;
    }

    /// The oldest, the latest and the own id are kept where there are too many.
    private static SequencedSet<String> hashes(ThreadClues clues) {
        var kept = new LinkedHashSet<String>();
        if (!clues.own().isEmpty()) {
            kept.add(hash(clues.own()));
        }
        if (!clues.others().isEmpty()) {
            kept.add(hash(clues.others().getFirst()));
        }
        for (var other : clues.others().reversed()) {
            if (kept.size() < MAX_IDS) {
                kept.add(hash(other));
            }
        }
        return kept;
    }

    /// The thread of a message, by what is known of its conversation.
    ObjectId find(AccountId account, ThreadClues clues) {
        var expected = expected(account, clues);
        var one = new Newcomer(account, MessageId.next(), expected, clues);
        return find(List.of(one)).getOrDefault(one.message(), expected);
    }

    /// The thread of a message if nothing of its conversation is known.
    static ObjectId expected(AccountId account, ThreadClues clues) {
        var oldest = clues.others().isEmpty() ? clues.own() : clues.others().getFirst();
        return oldest.isEmpty() ? ObjectId.next() : derived(account, clues.subject(), oldest);
    }

    @Override
    public Map<MessageId, ObjectId> find(List<Newcomer> newcomers) {
        var found = new HashMap<MessageId, ObjectId>();
        for (int from = 0; from < newcomers.size(); from += AT_ONCE) {
            find(newcomers.subList(from, Math.min(newcomers.size(), from + AT_ONCE)), found);
        }
        return found;
    }

    private void find(List<Newcomer> some, Map<MessageId, ObjectId> found) {
        var accounts = new LinkedHashSet<ObjectId>();
        var hashes = new LinkedHashMap<Newcomer, Set<String>>();
        for (var n : some) {
            accounts.add(n.account().value());
            hashes.put(n, hashes(n.clues()));
        }
        var all = hashes.values().stream().flatMap(Set::stream).distinct().toList();
        var threads = new ArrayList<>(
                documents.listAny(Collections.THREADS, "thread", List.of(List.copyOf(accounts), all), MAX_THREADS));
        hashes.forEach((n, own) -> {
            var thread = place(n, own, threads);
            if (!thread.equals(n.thread())) {
                found.put(n.message(), thread);
            }
        });
    }

    /// The thread of a message; `threads` are those that are known of, and what it adds to them.
    private ObjectId place(Newcomer newcomer, Set<String> hashes, List<Document> threads) {
        int known = known(newcomer, hashes, threads);
        if (known >= 0) {
            threads.set(known, join(threads.get(known), hashes));
            return threads.get(known).id();
        }
        if (!newcomer.clues().others().isEmpty()) {
            threads.add(begin(newcomer, hashes));
        }
        return newcomer.thread();
    }

    private static int known(Newcomer newcomer, Set<String> hashes, List<Document> threads) {
        for (var hash : hashes) {
            for (int i = 0; i < threads.size(); i++) {
                var thread = threads.get(i);
                if (thread.objectId("user").filter(newcomer.account().value()::equals).isPresent()
                        && thread.string("subject", "").equals(newcomer.clues().subject())
                        && thread.strings("ids").contains(hash)) {
                    return i;
                }
            }
        }
        return -1;
    }

    /// The thread with more ids.
    private Document join(Document thread, Set<String> hashes) {
        if (thread.strings("ids").containsAll(hashes)) {
            return thread;
        }
        var now = clock.instant();
        documents.amendSoon(Collections.THREADS, thread, t -> joined(t, hashes, now));
        return joined(thread, hashes, now);
    }

    private static Document joined(Document thread, Set<String> hashes, Instant now) {
        var ids = new LinkedHashSet<>(thread.strings("ids"));
        ids.addAll(hashes);
        var all = new ArrayList<>(ids);
        int from = Math.max(0, all.size() - 10 * MAX_IDS);
        return thread.with("ids", List.copyOf(all.subList(from, all.size())))
                .with("updated", now)
                .with("expires", now.plus(KEPT));
    }

    private Document begin(Newcomer newcomer, Set<String> hashes) {
        var now = clock.instant();
        var thread = Document.of(
                "_id", newcomer.thread(),
                "user", newcomer.account().value(),
                "ids", List.copyOf(hashes),
                "subject", newcomer.clues().subject(),
                "updated", now,
                "expires", now.plus(KEPT));
        documents.insertSoon(Collections.THREADS, thread); // of two answers that come at the same moment to two nodes one is remembered
        return thread;
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
