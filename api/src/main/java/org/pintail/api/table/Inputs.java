package org.pintail.api.table;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.zip.GZIPInputStream;
import org.jspecify.annotations.Nullable;
import org.pintail.backend.Bytes;
import org.pintail.mime.MimeParser;
import org.pintail.mime.Source;
import org.pintail.mime.TransferEncoding;
import tools.jackson.core.JacksonException;

/// The parameters of a request from path, query and body, merged in that order; a later source fills a name where the earlier one has
/// nothing (http-api §1.2).
final class Inputs {
    /// A body of base64 content of the largest size, and some.
    static final int MAX_BODY = 96 << 20;

    private static final int MAX_QUERY_DEPTH = 5;
    private final Map<String, @Nullable Object> values = new LinkedHashMap<>();
    private Bytes raw = Bytes.EMPTY;

    Inputs(Map<String, String> path) {
        values.putAll(path);
    }

    Map<String, @Nullable Object> values() {
        return values;
    }

    Bytes raw() {
        return raw;
    }

    private void merge(Map<String, @Nullable Object> lower) {
        lower.forEach((name, value) -> {
            var here = values.get(name);
            if (here == null || here.equals("") || here.equals(false)) {
                values.put(name, value);
            }
        });
    }

    /// `a=1&b[]=2&b[]=3&c[d]=4&c.e=5`; repeated names become lists.
    void addQuery(String query) {
        merge(form(query));
    }

    private static Map<String, @Nullable Object> form(String text) {
        var out = new LinkedHashMap<String, @Nullable Object>();
        if (text.isEmpty()) {
            return out;
        }
        for (var pair : text.split("&", 10_000)) {
            int equals = pair.indexOf('=');
            var name = decoded(equals < 0 ? pair : pair.substring(0, equals));
            if (!name.isEmpty()) {
                put(out, steps(name), equals < 0 ? "" : decoded(pair.substring(equals + 1)));
            }
        }
        return out;
    }

    private static String decoded(String text) {
        try {
            return URLDecoder.decode(text, StandardCharsets.UTF_8);
        } catch (IllegalArgumentException e) {
            throw new ApiError(400, "InvalidContent", "Invalid percent-encoding: " + text);
        }
    }

    /// `a[b][]` and `a.b` as `a`, `b`, "" (for a list).
    private static List<String> steps(String name) {
        var steps = new ArrayList<String>();
        for (var step : name.replace("]", "").replace('[', '.').split("\\.", MAX_QUERY_DEPTH)) {
            steps.add(step);
        }
        return steps;
    }

    @SuppressWarnings("unchecked")
    private static void put(Map<String, @Nullable Object> into, List<String> steps, String value) {
        var name = steps.getFirst();
        if (steps.size() > 1 && !steps.get(1).isEmpty()) {
            var inner = into.get(name) instanceof Map<?, ?> map ? (Map<String, @Nullable Object>) map : new LinkedHashMap<String, @Nullable Object>();
            into.put(name, inner);
            put(inner, steps.subList(1, steps.size()), value);
            return;
        }
        var before = into.get(name);
        if (before instanceof List<?> list) {
            ((List<Object>) list).add(value);
        } else if (before != null || steps.size() > 1) {
            var list = new ArrayList<@Nullable Object>();
            if (before != null) {
                list.add(before);
            }
            list.add(value);
            into.put(name, list);
        } else {
            into.put(name, value);
        }
    }

    /// Reads the body by its type; blocks as long as the client sends.
    void addBody(InputStream body, String contentType, String contentEncoding) throws IOException {
        var type = contentType.split(";", 2)[0].strip().toLowerCase(Locale.ROOT);
        var bytes = read(body, contentEncoding);
        if (type.isEmpty() || type.equals("application/octet-stream") || bytes.length == 0) {
            raw = Bytes.wrap(bytes);
        } else if (type.equals("application/json") || type.endsWith("+json")) {
            merge(json(bytes));
        } else if (type.equals("application/x-www-form-urlencoded")) {
            merge(form(new String(bytes, StandardCharsets.UTF_8)));
        } else if (type.equals("multipart/form-data")) {
            merge(multipart(bytes, contentType));
        } else {
            raw = Bytes.wrap(bytes);
        }
    }

    private static byte[] read(InputStream body, String encoding) throws IOException {
        var in = switch (encoding.strip().toLowerCase(Locale.ROOT)) {
            case "", "identity" -> body;
            case "gzip", "x-gzip" -> new GZIPInputStream(body);
            default -> throw new ApiError(415, "UnsupportedMediaType", "Content-Encoding " + encoding + " is not supported, expected gzip");
        };
        var out = new ByteArrayOutputStream();
        var buffer = new byte[16 * 1024];
        for (int n = in.read(buffer); n >= 0; n = in.read(buffer)) {
            if (out.size() + n > MAX_BODY) {
                throw new ApiError(413, "RequestEntityTooLarge", "Body is larger than " + MAX_BODY + " bytes");
            }
            out.write(buffer, 0, n);
        }
        return out.toByteArray();
    }

    @SuppressWarnings("unchecked")
    private static Map<String, @Nullable Object> json(byte[] bytes) {
        Object value;
        try {
            value = Json.parse(bytes);
        } catch (JacksonException e) {
            throw new ApiError(400, "InvalidContent", "Invalid JSON: " + e.getOriginalMessage());
        }
        if (!(value instanceof Map<?, ?> map)) {
            throw new ApiError(400, "InvalidContent", "Expected a JSON object");
        }
        return (Map<String, @Nullable Object>) map;
    }

    /// RFC 7578, read as the MIME multipart it is.
    private static Map<String, @Nullable Object> multipart(byte[] bytes, String contentType) throws IOException {
        var out = new LinkedHashMap<String, @Nullable Object>();
        var head = ("Content-Type: " + contentType + "\r\n\r\n").getBytes(StandardCharsets.ISO_8859_1);
        var message = Source.concat(Source.of(head), Source.of(bytes));
        for (var part : MimeParser.parse(message).root().children()) {
            var name = part.dispositionParameters().value("name").orElse("");
            if (name.isEmpty()) {
                continue;
            }
            byte[] content;
            try (var in = TransferEncoding.decode(message.open(part.bodyStart(), part.bodySize()), part.encoding())) {
                content = in.readAllBytes();
            }
            boolean file = part.dispositionParameters().value("filename").isPresent();
            out.put(name, file ? Bytes.wrap(content) : new String(content, StandardCharsets.UTF_8));
            if (file && !out.containsKey("filename")) {
                part.filename().ifPresent(f -> out.put("filename", f));
            }
        }
        return out;
    }
}
