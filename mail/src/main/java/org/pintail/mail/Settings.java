package org.pintail.mail;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import org.pintail.backend.Document;
import org.pintail.backend.Documents;
import org.pintail.backend.ObjectId;
import org.pintail.backend.Signals;
import org.pintail.backend.Store;
import org.pintail.backend.StoreException;

/// What operators change while the suite runs (data-model "settings"): a stored value, or the default. Values are remembered; every node hears
/// when one is set, and looks again after a while in case it did not.
public final class Settings {
    public static final String MAX_RECIPIENTS = "const:max:rcpt_to";
    public static final String MAX_APPLICATION_PASSWORDS = "const:asp:limit";
    public static final String IMAP_ADMINS = "const:imap:admins";
    private static final String TOPIC = "settings";
    private static final Duration REMEMBERED = Duration.ofMinutes(1);
    private static final int MOST = 1000;
    private final Documents documents;
    private final Signals signals;
    private final List<Known> known;
    private final Clock clock;
    private final Cache<String, Optional<Object>> remembered;

    /// How a value is written.
    public enum Type {
        NUMBER,
        SIZE,
        DURATION,
        BOOLEAN,
        STRING
    }

    /// A setting there is. `otherwise`: Long, Boolean or String.
    public record Known(String key, String name, String description, Type type, Object otherwise) {}

    Settings(Store store, MailSettings configured, Clock clock) {
        this.documents = store.documents();
        this.signals = store.cluster().signals();
        this.clock = clock;
        this.remembered = Caffeine.newBuilder()
                .maximumSize(MOST)
                .expireAfterWrite(REMEMBERED)
                .ticker(() -> TimeUnit.MILLISECONDS.toNanos(clock.millis()))
                .build();
        signals.watch(TOPIC, this::forget);
        this.known = List.of(
                known("const:archive:time", "Archive time", "How long deleted messages are kept", Type.DURATION, 2_160_000_000L),
                known("const:asp:limit", "Application passwords", "How many one account may have", Type.NUMBER, 50L),
                known("const:authlog:time", "Authentication log", "How long its entries are kept", Type.DURATION, configured.authLogTime().toMillis()),
                known("const:autoreply:interval", "Autoreply interval", "Time between replies to one sender", Type.DURATION, 14_400_000L),
                known("const:domaincache:enabled", "Domain cache", "Use the list of local domains", Type.BOOLEAN, false),
                known(IMAP_ADMINS, "IMAP administrators", "User names with commas between them, who may set quotas over IMAP", Type.STRING, ""),
                known("const:imap:use_wd_worker_channels", "Worker channels", "Kept for compatibility, without effect", Type.BOOLEAN, false),
                known("const:max:bulk_batch_size", "Batch size", "Messages changed in one step", Type.NUMBER, 150L),
                known("const:max:filters", "Filters", "How many one account may have", Type.NUMBER, 400L),
                known("const:max:forwards", "Forwards", "Messages an account may forward in 24 h", Type.NUMBER, 2000L),
                known("const:max:imap:download", "IMAP download", "Bytes an account may read in 24 h", Type.SIZE, 10_737_418_240L),
                known("const:max:imap:upload", "IMAP upload", "Bytes an account may append in 24 h", Type.SIZE, 10_737_418_240L),
                known("const:max:mailboxes", "Mailboxes", "How many one account may have", Type.NUMBER, (long) configured.maxMailboxes()),
                known("const:max:pop3:download", "POP3 download", "Bytes an account may read in 24 h", Type.SIZE, 10_737_418_240L),
                known(MAX_RECIPIENTS, "Recipients of a message", "How many one message may have", Type.NUMBER, 400L),
                known("const:max:recipients", "Recipients", "How many an account may send to in 24 h", Type.NUMBER, (long) configured.maxRecipients()),
                known("const:max:storage", "Storage", "Quota of an account without its own", Type.SIZE, configured.maxStorage()),
                known("const:sender:defer_times", "Retries", "Waits between attempts to deliver", Type.STRING, "5m, 7m, 8m, 25m, 75m, 2h, 4h, 4h, 4h, 4h, 4h, 4h, 4h, 4h, 4h, 4h, 4h"));
    }

    private static Known known(String key, String name, String description, Type type, Object otherwise) {
        return new Known(key, name, description, type, otherwise);
    }

    public List<Known> known() {
        return known;
    }

    public Optional<Known> known(String key) {
        return known.stream().filter(k -> k.key().equals(key)).findFirst();
    }

    private void forget(String key) {
        if (key.equals(Signals.ANYTHING)) {
            remembered.invalidateAll();
        } else {
            remembered.invalidate(key);
        }
    }

    /// What was stored, if anything.
    public Optional<Object> stored(String key) {
        return remembered.get(key, k -> documents.find(Collections.SETTINGS, "key_unique", k).map(d -> d.value("value")));
    }

    /// The number that holds. `key` must be known and a number.
    public long number(String key) {
        var value = stored(key).orElseGet(() -> known(key).orElseThrow().otherwise());
        return value instanceof Number n ? n.longValue() : 0;
    }

    /// The text that holds. `key` must be known and a text.
    public String text(String key) {
        var value = stored(key).orElseGet(() -> known(key).orElseThrow().otherwise());
        return value instanceof String text ? text : "";
    }

    /// `value`: Long, Boolean or String, as the type says. Refuses INVALID.
    public void set(Known setting, Object value) {
        boolean fits = switch (setting.type()) {
            case NUMBER, SIZE, DURATION -> value instanceof Long n && n >= 0;
            case BOOLEAN -> value instanceof Boolean;
            case STRING -> value instanceof String;
        };
        if (!fits) {
            throw new Refusal(Refusal.Code.INVALID, "Invalid value for " + setting.key() + ": expected a " + setting.type().name().toLowerCase(java.util.Locale.ROOT));
        }
        store(setting.key(), value);
        forget(setting.key());
        signals.send(TOPIC, setting.key());
    }

    private void store(String key, Object value) {
        while (true) {
            var before = documents.find(Collections.SETTINGS, "key_unique", key);
            if (before.isPresent()) {
                if (documents.update(Collections.SETTINGS, before.get().id(), d -> d.with("value", value)).isPresent()) {
                    return;
                }
                continue;
            }
            try {
                documents.insert(
                        Collections.SETTINGS,
                        Document.of("_id", ObjectId.next(), "key", key, "value", value, "encrypted", false, "enumerable", true, "created", clock.instant()));
                return;
            } catch (StoreException.Duplicate again) {
                // somebody else stored it first: change theirs
            }
        }
    }
}
