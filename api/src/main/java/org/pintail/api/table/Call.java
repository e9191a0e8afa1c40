package org.pintail.api.table;

import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.pintail.backend.AccountId;
import org.pintail.backend.Bytes;
import org.pintail.backend.Document;
import org.pintail.backend.MailboxId;
import org.pintail.backend.ObjectId;

/// A call whose parameters are checked: values have the types of their rules, those not given are absent.
///
/// @param body the raw body where it was neither JSON nor a form
/// @param lastEventId of that header, "" without one
public record Call(Caller caller, Map<String, Object> values, Bytes body, String lastEventId) {
    public boolean has(String name) {
        return values.containsKey(name);
    }

    public @Nullable Object value(String name) {
        return values.get(name);
    }

    /// "" when absent.
    public String text(String name) {
        return values.get(name) instanceof String s ? s : "";
    }

    public Optional<String> given(String name) {
        return values.get(name) instanceof String s ? Optional.of(s) : Optional.empty();
    }

    /// 0 when absent.
    public long number(String name) {
        return values.get(name) instanceof Number n ? n.longValue() : 0;
    }

    /// False when absent.
    public boolean yes(String name) {
        return values.get(name) instanceof Boolean b && b;
    }

    public Optional<Boolean> bool(String name) {
        return values.get(name) instanceof Boolean b ? Optional.of(b) : Optional.empty();
    }

    public Optional<Instant> time(String name) {
        return values.get(name) instanceof Instant t ? Optional.of(t) : Optional.empty();
    }

    public Optional<ObjectId> id(String name) {
        return values.get(name) instanceof ObjectId id ? Optional.of(id) : Optional.empty();
    }

    public ObjectId required(String name) {
        return id(name).orElseThrow(() -> new IllegalStateException(name + " is not a required id"));
    }

    public AccountId user() {
        return new AccountId(required("user"));
    }

    public MailboxId mailbox() {
        return new MailboxId(required("mailbox"));
    }

    public List<?> list(String name) {
        return values.get(name) instanceof List<?> list ? list : List.of();
    }

    public List<String> texts(String name) {
        return list(name).stream().filter(String.class::isInstance).map(String.class::cast).toList();
    }

    /// A nested object; empty when absent.
    public Document object(String name) {
        return values.get(name) instanceof Map<?, ?> map ? document(map) : Document.EMPTY;
    }

    public List<Document> objects(String name) {
        return list(name).stream()
                .filter(Map.class::isInstance)
                .map(m -> document((Map<?, ?>) m))
                .toList();
    }

    private static Document document(Map<?, ?> map) {
        var out = new java.util.LinkedHashMap<String, @Nullable Object>();
        map.forEach((name, value) -> out.put(String.valueOf(name), nested(value)));
        return new Document(out);
    }

    private static @Nullable Object nested(@Nullable Object value) {
        return switch (value) {
            case Map<?, ?> map -> document(map);
            case List<?> list -> list.stream().map(Call::nested).toList();
            case null, default -> value;
        };
    }

    /// Those of the named values that are given, as a document.
    public Document fields(String... names) {
        var out = new java.util.LinkedHashMap<String, @Nullable Object>();
        for (var name : names) {
            if (has(name)) {
                out.put(name, nested(values.get(name)));
            }
        }
        return new Document(out);
    }
}
