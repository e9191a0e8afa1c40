package org.pintail.api.table;

import java.nio.charset.StandardCharsets;
import java.time.DateTimeException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import org.pintail.api.rule.Rule;
import org.pintail.api.rule.Rules;
import org.pintail.backend.ObjectId;
import tools.jackson.core.JacksonException;

/// A page of a listing and the cursors around it (http-api §1.6).
///
/// @param limit rows of a page
/// @param forward towards the end of the listing; else towards its start
/// @param key place where the page begins (exclusive): the sort value if there is one, and an id; null at the start
/// @param page number of the page, from 1
public record Paging(int limit, boolean forward, @Nullable Key key, long page) {
    static final Rule CURSOR = Rules.text().max(1024).like("^[A-Za-z0-9_-]*$").orEmpty();

    /// A place in a listing: `value` null where it is sorted by id alone.
    public record Key(@Nullable Object value, ObjectId id) {}

    /// One page: rows in the order of the listing, and whether there are more on either side.
    public record Page<T>(List<T> rows, boolean before, boolean after) {
        public Page {
            rows = List.copyOf(rows);
        }
    }

    /// As [#of], but a cursor that cannot be read is refused.
    public static Paging insisting(Call call) {
        var cursor = call.text("next").isEmpty() ? call.text("previous") : call.text("next");
        if (!cursor.isEmpty() && decode(cursor) == null) {
            throw new ApiError(500, "InternalDatabaseError", "Invalid paging cursor");
        }
        return of(call);
    }

    /// What is asked for. `next` wins over `previous`; a cursor that cannot be read is none.
    public static Paging of(Call call) {
        int limit = (int) call.number("limit");
        var next = call.text("next");
        var cursor = next.isEmpty() ? call.text("previous") : next;
        var decoded = decode(cursor);
        if (decoded == null) {
            return new Paging(limit, true, null, 1);
        }
        return new Paging(limit, !next.isEmpty(), decoded.key(), Math.max(1, decoded.page()));
    }

    private record Decoded(Key key, long page) {}

    private static @Nullable Decoded decode(String cursor) {
        if (cursor.isEmpty()) {
            return null;
        }
        try {
            var outer = Json.parse(Base64.getUrlDecoder().decode(cursor));
            if (!(outer instanceof List<?> pair)
                    || pair.size() != 2
                    || !(pair.getFirst() instanceof String inner)
                    || !(pair.getLast() instanceof Number page)) {
                return null;
            }
            var key = key(Json.parse(inner.getBytes(StandardCharsets.UTF_8)));
            return key == null ? null : new Decoded(key, page.longValue());
        } catch (IllegalArgumentException | JacksonException e) {
            return null;
        }
    }

    private static @Nullable Key key(@Nullable Object inner) {
        if (inner instanceof List<?> list && list.size() == 2) {
            var id = id(list.getLast());
            return id == null ? null : new Key(value(list.getFirst()), id);
        }
        var id = id(inner);
        return id == null ? null : new Key(null, id);
    }

    private static @Nullable ObjectId id(@Nullable Object json) {
        var text = json instanceof Map<?, ?> map ? map.get("$oid") : json;
        return text instanceof String hex ? ObjectId.parse(hex).orElse(null) : null;
    }

    private static @Nullable Object value(@Nullable Object json) {
        if (json instanceof Map<?, ?> map && map.get("$date") instanceof String time) {
            try {
                return Instant.parse(time);
            } catch (DateTimeException e) {
                return null;
            }
        }
        return json;
    }

    private static String encode(Key key, long page) {
        var id = Map.of("$oid", key.id().hex());
        Object inner = id;
        if (key.value() != null) {
            Object value = key.value() instanceof Instant t ? Map.of("$date", Json.time(t)) : key.value();
            inner = List.of(value, id);
        }
        var json = Json.compact(List.of(Json.compact(inner), page));
        return Base64.getUrlEncoder().withoutPadding().encodeToString(json.getBytes(StandardCharsets.UTF_8));
    }

    /// Cuts a page out of `rows`, which were read from the key on in the direction of the paging, one more than the limit.
    public <T> Page<T> cut(List<T> rows) {
        boolean more = rows.size() > limit;
        var page = new ArrayList<>(more ? rows.subList(0, limit) : rows);
        if (forward) {
            return new Page<>(page, key != null, more);
        }
        return new Page<>(page.reversed(), more, true);
    }

    /// The page of a listing that is all in memory, in its order.
    public <T> Page<T> slice(List<T> all, Function<T, Key> keys) {
        if (key == null) {
            return cut(all.subList(0, Math.min(all.size(), limit + 1)));
        }
        int at = 0;
        while (at < all.size() && !keys.apply(all.get(at)).id().equals(key.id())) {
            at++;
        }
        if (forward) {
            int from = Math.min(all.size(), at + 1);
            return cut(all.subList(from, Math.min(all.size(), from + limit + 1)));
        }
        return cut(all.subList(Math.max(0, at - limit - 1), at).reversed());
    }

    /// Adds `total`, `page`, the cursors and the results.
    public <T> Shape answer(Shape shape, long total, Page<T> page, Function<T, Key> keys, Function<T, ?> show) {
        var rows = page.rows();
        long number = key == null || !page.before() ? 1 : this.page;
        boolean before = page.before() && !rows.isEmpty();
        boolean after = page.after() && !rows.isEmpty();
        return shape.put("total", total)
                .put("page", number)
                .put("previousCursor", before ? encode(keys.apply(rows.getFirst()), Math.max(number - 1, 0)) : false)
                .put("nextCursor", after ? encode(keys.apply(rows.getLast()), number + 1) : false)
                .put("results", rows.stream().map(show).toList());
    }
}
