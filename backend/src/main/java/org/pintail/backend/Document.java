package org.pintail.backend;

import java.time.Instant;
import java.util.AbstractMap;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.BiConsumer;
import org.jspecify.annotations.Nullable;

/// A stored document: named fields in order, with the value types of BSON that the suite uses: null, Boolean, Integer, Long, Double,
/// String, Instant, ObjectId, [Bytes], List of these, Document. Immutable. Field `_id` is an ObjectId.
public record Document(Map<String, @Nullable Object> fields) {
    public static final Document EMPTY = new Document(Map.of());

    public Document {
        fields = fields instanceof OwnFields own ? own : new OwnFields(new LinkedHashMap<>(fields));
    }

    /// Of a map that nobody changes any more.
    static Document owning(LinkedHashMap<String, @Nullable Object> fields) {
        return new Document(new OwnFields(fields));
    }

    /// Fields that belong to a document and may be shared by others: so that decoding and changing one does not copy them twice.
    private static final class OwnFields extends AbstractMap<String, @Nullable Object> {
        private final LinkedHashMap<String, @Nullable Object> fields;

        private OwnFields(LinkedHashMap<String, @Nullable Object> fields) {
            this.fields = fields;
        }

        @Override
        public Set<Map.Entry<String, @Nullable Object>> entrySet() {
            return Collections.unmodifiableMap(fields).entrySet();
        }

        @Override
        public Set<String> keySet() {
            return Collections.unmodifiableSet(fields.keySet());
        }

        @Override
        public @Nullable Object get(Object name) {
            return fields.get(name);
        }

        @Override
        public boolean containsKey(Object name) {
            return fields.containsKey(name);
        }

        @Override
        public int size() {
            return fields.size();
        }

        @Override
        public void forEach(BiConsumer<? super String, ? super @Nullable Object> action) {
            fields.forEach(action);
        }
    }

    /// A document of names and values in turn.
    public static Document of(@Nullable Object... namesAndValues) {
        var fields = new LinkedHashMap<String, @Nullable Object>();
        for (int i = 0; i < namesAndValues.length; i += 2) {
            fields.put((String) java.util.Objects.requireNonNull(namesAndValues[i]), namesAndValues[i + 1]);
        }
        return owning(fields);
    }

    public ObjectId id() {
        return (ObjectId) java.util.Objects.requireNonNull(fields.get("_id"), "document without _id");
    }

    public boolean has(String name) {
        return fields.containsKey(name);
    }

    public @Nullable Object value(String name) {
        return fields.get(name);
    }

    /// The value at a dotted path such as `metadata.c`; null where there is none. Does not step into lists.
    public @Nullable Object at(String path) {
        @Nullable Object here = this;
        for (var step : path.split("\\.", -1)) {
            if (!(here instanceof Document d)) {
                return null;
            }
            here = d.value(step);
        }
        return here;
    }

    public Optional<String> string(String name) {
        return fields.get(name) instanceof String s ? Optional.of(s) : Optional.empty();
    }

    public String string(String name, String otherwise) {
        return string(name).orElse(otherwise);
    }

    public boolean bool(String name) {
        return fields.get(name) instanceof Boolean b && b;
    }

    /// Any BSON number as a long, 0 where there is none.
    public long number(String name) {
        return fields.get(name) instanceof Number n ? n.longValue() : 0;
    }

    public Optional<Instant> instant(String name) {
        return fields.get(name) instanceof Instant t ? Optional.of(t) : Optional.empty();
    }

    public Optional<ObjectId> objectId(String name) {
        return fields.get(name) instanceof ObjectId id ? Optional.of(id) : Optional.empty();
    }

    public Optional<Document> document(String name) {
        return fields.get(name) instanceof Document d ? Optional.of(d) : Optional.empty();
    }

    /// The strings of a list field; empty where there is none.
    public List<String> strings(String name) {
        var out = new ArrayList<String>();
        for (var v : list(name)) {
            if (v instanceof String s) {
                out.add(s);
            }
        }
        return out;
    }

    public List<Document> documents(String name) {
        var out = new ArrayList<Document>();
        for (var v : list(name)) {
            if (v instanceof Document d) {
                out.add(d);
            }
        }
        return out;
    }

    public List<?> list(String name) {
        return fields.get(name) instanceof List<?> l ? l : List.of();
    }

    public Document with(String name, @Nullable Object value) {
        var copy = copy();
        copy.put(name, value);
        return owning(copy);
    }

    public Document with(Document changes) {
        var copy = copy();
        changes.fields.forEach(copy::put);
        return owning(copy);
    }

    private LinkedHashMap<String, @Nullable Object> copy() {
        return new LinkedHashMap<>(fields instanceof OwnFields own ? own.fields : fields);
    }

    public Document without(String... names) {
        if (Arrays.stream(names).noneMatch(fields::containsKey)) {
            return this;
        }
        var copy = copy();
        for (var name : names) {
            copy.remove(name);
        }
        return owning(copy);
    }
}
