package org.pintail.api.table;

import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.Base64;
import org.jspecify.annotations.Nullable;
import org.pintail.backend.AccountId;
import org.pintail.backend.Bytes;
import org.pintail.backend.Document;
import org.pintail.backend.MailboxId;
import org.pintail.backend.MessageId;
import org.pintail.backend.ObjectId;
import tools.jackson.core.JsonGenerator;
import tools.jackson.core.util.DefaultIndenter;
import tools.jackson.core.util.DefaultPrettyPrinter;
import tools.jackson.core.util.Separators;
import tools.jackson.core.util.Separators.Spacing;
import tools.jackson.databind.ObjectMapper;
import tools.jackson.databind.SerializationContext;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.module.SimpleModule;
import tools.jackson.databind.ser.std.StdSerializer;

/// JSON as the API speaks it: two spaces of indentation, ids as 24 hex digits, times as ISO 8601 in UTC with milliseconds.
public final class Json {
    private static final DateTimeFormatter TIME =
            DateTimeFormatter.ofPattern("uuuu-MM-dd'T'HH:mm:ss.SSS'Z'").withZone(ZoneOffset.UTC);
    private static final Separators SEPARATORS = Separators.createDefaultInstance()
            .withObjectNameValueSpacing(Spacing.AFTER)
            .withObjectEmptySeparator("")
            .withArrayEmptySeparator("");
    private static final DefaultIndenter INDENT = new DefaultIndenter("  ", "\n");
    private static final ObjectMapper MAPPER = JsonMapper.builder()
            .addModule(new SimpleModule()
                    .addSerializer(text(ObjectId.class))
                    .addSerializer(text(AccountId.class))
                    .addSerializer(text(MailboxId.class))
                    .addSerializer(text(MessageId.class))
                    .addSerializer(text(Instant.class))
                    .addSerializer(text(Bytes.class))
                    .addSerializer(new OfDocument())
                    .addSerializer(new OfShape()))
            .build();
    private static final tools.jackson.databind.ObjectWriter PRETTY = MAPPER.writer()
            .with(new DefaultPrettyPrinter(SEPARATORS).withArrayIndenter(INDENT).withObjectIndenter(INDENT))
            .with(tools.jackson.databind.SerializationFeature.INDENT_OUTPUT);

    private Json() {}

    /// As answers are: indented, with a line break at the end.
    public static byte[] pretty(Object value) {
        var json = PRETTY.writeValueAsBytes(value);
        var out = java.util.Arrays.copyOf(json, json.length + 1);
        out[json.length] = '\n';
        return out;
    }

    public static String compact(Object value) {
        return MAPPER.writeValueAsString(value);
    }

    /// Maps, lists, text, numbers, booleans, null. Throws Jackson's `JacksonException` for what is no JSON.
    public static @Nullable Object parse(byte[] json) {
        return MAPPER.readValue(json, Object.class);
    }

    /// The object in `json`; an empty one where there is none.
    public static Object object(String json) {
        if (json.isEmpty()) {
            return java.util.Map.of();
        }
        try {
            return MAPPER.readValue(json, Object.class) instanceof java.util.Map<?, ?> map ? map : java.util.Map.of();
        } catch (tools.jackson.core.JacksonException e) {
            return java.util.Map.of();
        }
    }

    public static String time(Instant time) {
        return TIME.format(time);
    }

    private static String show(Object value) {
        return switch (value) {
            case Instant time -> time(time);
            case Bytes bytes -> Base64.getEncoder().encodeToString(bytes.unsafeArray());
            case ObjectId id -> id.hex();
            default -> value.toString();
        };
    }

    private static <T> StdSerializer<T> text(Class<T> type) {
        return new StdSerializer<>(type) {
            @Override
            public void serialize(T value, JsonGenerator out, SerializationContext context) {
                out.writeString(show(value));
            }
        };
    }

    private static final class OfDocument extends StdSerializer<Document> {
        OfDocument() {
            super(Document.class);
        }

        @Override
        public void serialize(Document value, JsonGenerator out, SerializationContext context) {
            context.writeValue(out, value.fields());
        }
    }

    private static final class OfShape extends StdSerializer<Shape> {
        OfShape() {
            super(Shape.class);
        }

        @Override
        public void serialize(Shape value, JsonGenerator out, SerializationContext context) {
            context.writeValue(out, value.fields());
        }
    }
}
