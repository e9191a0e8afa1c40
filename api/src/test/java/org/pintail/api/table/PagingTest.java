package org.pintail.api.table;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.pintail.api.table.Paging.Key;
import org.pintail.backend.Bytes;
import org.pintail.backend.ObjectId;

/// Cursors there and back (http-api §1.6).
class PagingTest {
    private static final List<Key> ROWS = rows();

    private static List<Key> rows() {
        var rows = new ArrayList<Key>();
        for (int i = 0; i < 7; i++) {
            rows.add(new Key(Instant.ofEpochSecond(1000 + i / 2), ObjectId.parse("%024x".formatted(i)).orElseThrow()));
        }
        return rows;
    }

    private static Paging asked(String name, @Nullable Object cursor) {
        var values = new LinkedHashMap<String, Object>(Map.of("limit", 3L));
        values.put(name, cursor);
        return Paging.of(new Call(Caller.ROOT, values, Bytes.EMPTY, ""));
    }

    private static Map<String, Object> page(Paging paging) {
        var shape = paging.answer(new Shape(), ROWS.size(), paging.slice(ROWS, k -> k), k -> k, k -> k.id().hex());
        return new LinkedHashMap<>(shape.fields());
    }

    @Test
    void pagesGoThereAndBack() {
        var first = page(asked("next", ""));
        assertThat(first).containsEntry("total", 7L).containsEntry("page", 1L).containsEntry("previousCursor", false);
        assertThat(first.get("results")).isEqualTo(ids(0, 3));
        var second = page(asked("next", first.get("nextCursor")));
        assertThat(second).containsEntry("page", 2L).containsEntry("results", ids(3, 6));
        var third = page(asked("next", second.get("nextCursor")));
        assertThat(third).containsEntry("page", 3L).containsEntry("results", ids(6, 7)).containsEntry("nextCursor", false);
        var back = page(asked("previous", third.get("previousCursor")));
        assertThat(back).containsEntry("page", 2L).containsEntry("results", ids(3, 6));
        var start = page(asked("previous", back.get("previousCursor")));
        assertThat(start).containsEntry("page", 1L).containsEntry("results", ids(0, 3)).containsEntry("previousCursor", false);
    }

    private static List<String> ids(int from, int to) {
        return ROWS.subList(from, to).stream().map(k -> k.id().hex()).toList();
    }

    @Test
    void cursorsAreWrittenAsClientsKnowThem() {
        var cursor = String.valueOf(page(asked("next", "")).get("nextCursor"));
        assertThat(new String(Base64.getUrlDecoder().decode(cursor), StandardCharsets.UTF_8))
                .isEqualTo("[\"[{\\\"$date\\\":\\\"1970-01-01T00:16:41.000Z\\\"},{\\\"$oid\\\":\\\"000000000000000000000002\\\"}]\",2]");
    }

    @Test
    void anIdMayStandWithoutItsType() {
        var cursor = Base64.getUrlEncoder()
                .encodeToString("[\"[{\\\"$date\\\":\\\"1970-01-01T00:16:41Z\\\"},\\\"000000000000000000000002\\\"]\",2]".getBytes(StandardCharsets.UTF_8));
        assertThat(page(asked("next", cursor.replace("=", "")))).containsEntry("results", ids(3, 6));
    }

    @ParameterizedTest
    @ValueSource(strings = {"x", "bnVsbA", "WzEsMl0", "WyJ7fSIsMV0", "W10"})
    void aCursorThatCannotBeReadIsNone(String cursor) {
        assertThat(page(asked("next", cursor))).containsEntry("results", ids(0, 3)).containsEntry("page", 1L);
        var call = new Call(Caller.ROOT, Map.of("limit", 3L, "next", cursor), Bytes.EMPTY, "");
        assertThatThrownBy(() -> Paging.insisting(call)).isInstanceOf(ApiError.class).hasMessage("Invalid paging cursor");
    }
}
