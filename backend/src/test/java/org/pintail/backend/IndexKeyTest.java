package org.pintail.backend;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Instant;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.pintail.backend.Collection.Index;

class IndexKeyTest {
    private static final List<@Nullable Object> ASCENDING = Arrays.<@Nullable Object>asList(
            null,
            Double.NaN,
            Double.NEGATIVE_INFINITY,
            -1e300,
            Long.MIN_VALUE,
            Long.MIN_VALUE + 1,
            Integer.MIN_VALUE,
            -1.5,
            -1,
            -Double.MIN_VALUE,
            0,
            Double.MIN_VALUE,
            1L,
            1.5,
            2,
            (1L << 53) - 1,
            1L << 53,
            (1L << 53) + 1,
            (1L << 53) + 2.0,
            Long.MAX_VALUE - 600,
            Long.MAX_VALUE - 1,
            Long.MAX_VALUE,
            0x1p63,
            Double.POSITIVE_INFINITY,
            "",
            "\0",
            "\0\0",
            "\0a",
            "\u0001",
            "a",
            "a\0",
            "a\0b",
            "a\u0001",
            "ab",
            "é",
            "\uffff",
            "😀",
            new ObjectId(0, 1),
            new ObjectId(1, 0),
            new ObjectId(-1, -1),
            false,
            true,
            Instant.ofEpochMilli(-1),
            Instant.EPOCH,
            Instant.parse("2026-03-01T12:00:00.001Z"));

    private static byte[] key(@Nullable Object... values) {
        return IndexKey.encode(Arrays.asList(values));
    }

    @Test
    void bytesCompareAsValuesDo() {
        for (int i = 0; i < ASCENDING.size(); i++) {
            for (int j = 0; j < ASCENDING.size(); j++) {
                int order = Arrays.compareUnsigned(key(ASCENDING.get(i), "x"), key(ASCENDING.get(j), "a"));
                int expected = i == j ? 1 : Integer.compare(i, j);
                assertThat(Integer.signum(order)).as("%s and %s", ASCENDING.get(i), ASCENDING.get(j)).isEqualTo(expected);
            }
        }
    }

    @Test
    void equalNumbersHaveEqualKeys() {
        assertThat(key(7)).isEqualTo(key(7L)).isEqualTo(key(7.0));
        assertThat(key(0)).isEqualTo(key(-0.0));
        assertThat(key(1L << 53)).isEqualTo(key(0x1p53));
        assertThat(key(Long.MIN_VALUE)).isEqualTo(key(-0x1p63));
        assertThat(key(Long.MAX_VALUE)).isNotEqualTo(key(0x1p63));
    }

    @Test
    void aValueIsAPrefixOfNoOtherValue() {
        for (var a : ASCENDING) {
            for (var b : ASCENDING) {
                assertThat(IndexKey.begins(key(b, 1), key(a))).isEqualTo(Objects.equals(a, b));
            }
        }
    }

    @Test
    void theEndOfAPrefixIsJustBeyondIt() {
        assertThat(IndexKey.endOf(new byte[] {1, 2})).isEqualTo(new byte[] {1, 3});
        assertThat(IndexKey.endOf(new byte[] {1, -1, -1})).isEqualTo(new byte[] {2});
        assertThat(IndexKey.endOf(new byte[0])).isNull();
        assertThat(IndexKey.endOf(new byte[] {-1})).isNull();
    }

    @Test
    void anEntryGivesBackKeyAndId() {
        var id = ObjectId.next();
        var entry = IndexKey.entry(key("a", 1), id);
        assertThat(IndexKey.idOf(entry)).isEqualTo(id);
        assertThat(IndexKey.keyOf(entry)).isEqualTo(key("a", 1));
    }

    @Test
    void tooManyCombinationsOfListsAreRefused() {
        var index = Index.on("i", "a", "b");
        var document = Document.of("a", Collections.nCopies(1000, 1), "b", Collections.nCopies(1000, 1));
        assertThatThrownBy(() -> IndexKey.of(index, document)).isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    void listsGiveAKeyPerItemAndCombination() {
        var document = Document.of("a", List.of("x", "y"), "b", List.of(2, 1));
        assertThat(IndexKey.of(Index.on("i", "a", "b"), document))
                .containsExactly(key("x", 1), key("x", 2), key("y", 1), key("y", 2));
    }
}
