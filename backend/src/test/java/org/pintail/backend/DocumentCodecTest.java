package org.pintail.backend;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Random;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class DocumentCodecTest {
    @ParameterizedTest(name = "{1}")
    @CsvSource({
        "'', nothing",
        "05000000, no end",
        "0400000000, length below the smallest",
        "0600000000, length beyond the bytes",
        "ffffffff00, negative length",
        "050000000000, bytes after the end",
        "0500000001, another byte where the end should be",
        "08000000106100, name and no value",
        "0c0000001061616161616161, name without end",
        "0e0000000261000000000000000000, string of length 0",
        "0f00000002610003000000616200ff, string that ends late",
        "0e00000002610002000000616200, string without zero",
        "0d00000002610000ffffff7f0000, string beyond the document",
        "090000000861000200, boolean 2",
        "080000001361000000, unknown type",
        "0c0000000361000400000000, inner document too short",
        "0d000000036100ff0000000000, inner document too long",
        "1000000005610000ffffff0001020300, binary too long"
    })
    void bytesThatAreNoDocumentAreCorrupt(String hex, String why) {
        assertThatThrownBy(() -> DocumentCodec.decode(HexFormat.of().parseHex(hex)))
                .as(why)
                .isInstanceOf(StoreException.Corrupt.class);
    }

    @Test
    void fieldsThatAreNotNamedAreSteppedOver() {
        var inner = Document.of("a", "inner", "list", List.of(1, "two"));
        var whole = Document.of(
                "string", "x", "number", 7, "long", 1L << 40, "double", 1.5, "yes", true, "null", null, "when", Instant.EPOCH,
                "id", ObjectId.next(), "bytes", Bytes.wrap(new byte[] {1, 2, 3}), "inner", inner, "list", List.of(inner), "a", "outer");
        var bytes = DocumentCodec.encode(whole);
        assertThat(DocumentCodec.decode(bytes, Set.of("a", "missing"))).isEqualTo(Document.of("a", "outer"));
        assertThat(DocumentCodec.decode(bytes, Set.of("inner"))).isEqualTo(Document.of("inner", inner));
        assertThat(DocumentCodec.decode(bytes, Set.of())).isEqualTo(Document.EMPTY);
        for (int length = 0; length < bytes.length; length++) {
            var cut = Arrays.copyOf(bytes, length);
            assertThatThrownBy(() -> DocumentCodec.decode(cut, Set.of("a"))).isInstanceOf(StoreException.Corrupt.class);
        }
    }

    /// The examples of bsonspec.org.
    @Test
    void theBytesAreThoseOfTheSpecification() {
        assertThat(HexFormat.of().formatHex(DocumentCodec.encode(Document.of("hello", "world"))))
                .isEqualTo("160000000268656c6c6f0006000000776f726c640000");
        assertThat(HexFormat.of()
                        .formatHex(DocumentCodec.encode(Document.of("BSON", List.of("awesome", 5.05, 1986)))))
                .isEqualTo("310000000442534f4e002600000002300008000000617765736f6d65000131003333333333331440"
                        + "103200c20700000000");
    }

    @Test
    void whatBsonCannotSayIsRefused() {
        assertThatThrownBy(() -> DocumentCodec.encode(Document.of("a\0b", 1)))
                .isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> DocumentCodec.encode(Document.of("a", new byte[1])))
                .isInstanceOf(IllegalArgumentException.class);
        var deep = Document.EMPTY;
        for (int i = 0; i < DocumentCodec.DEPTH; i++) {
            deep = Document.of("d", deep);
        }
        var tooDeep = deep;
        assertThatThrownBy(() -> DocumentCodec.encode(tooDeep)).isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    void manyLevelsOfForeignBytesAreCorruptAndNotAStackOverflow() {
        int levels = 100_000;
        var bytes = new byte[levels * 7 + 4];
        for (int i = 0; i < levels; i++) {
            int at = i * 7;
            int size = bytes.length - at;
            for (int b = 0; b < 4; b++) {
                bytes[at + b] = (byte) (size >>> 8 * b);
            }
            bytes[at + 4] = 3;
            bytes[at + 5] = 'd';
        }
        assertThatThrownBy(() -> DocumentCodec.decode(bytes)).isInstanceOf(StoreException.Corrupt.class);
    }

    @Test
    void whatIsWrittenIsReadAndDamageIsNeverAnotherError() {
        long seed = 20260301;
        var random = new Random(seed);
        for (int i = 0; i < 2000; i++) {
            var document = document(random, 0);
            var bytes = DocumentCodec.encode(document);
            var back = DocumentCodec.decode(bytes);
            assertThat(back).as("seed %d, run %d", seed, i).isEqualTo(document);
            assertThat(back.fields().keySet()).containsExactlyElementsOf(document.fields().keySet());
            bytes[random.nextInt(bytes.length)] ^= (byte) (1 << random.nextInt(8));
            readOrCorrupt(bytes);
            readOrCorrupt(Arrays.copyOf(bytes, random.nextInt(bytes.length)));
        }
    }

    private static void readOrCorrupt(byte[] bytes) {
        try {
            assertThat(DocumentCodec.decode(bytes)).isNotNull();
        } catch (StoreException.Corrupt expected) {
            assertThat(expected).hasMessageContaining("BSON");
        }
    }

    private static Document document(Random random, int depth) {
        var fields = new LinkedHashMap<String, @Nullable Object>();
        int count = random.nextInt(8);
        for (int i = 0; i < count; i++) {
            fields.put("f" + random.nextInt(100) + "é".repeat(random.nextInt(2)), value(random, depth));
        }
        return new Document(fields);
    }

    private static @Nullable Object value(Random random, int depth) {
        return switch (random.nextInt(depth < 4 ? 11 : 9)) {
            case 0 -> null;
            case 1 -> random.nextBoolean();
            case 2 -> random.nextInt();
            case 3 -> random.nextLong();
            case 4 -> random.nextGaussian();
            case 5 -> "x\u0000ü😀".repeat(random.nextInt(4));
            case 6 -> Instant.ofEpochMilli(random.nextLong() >> 12);
            case 7 -> ObjectId.next();
            case 8 -> {
                var bytes = new byte[random.nextInt(400)];
                random.nextBytes(bytes);
                yield Bytes.wrap(bytes);
            }
            case 9 -> document(random, depth + 1);
            default -> {
                var list = new ArrayList<@Nullable Object>();
                for (int i = random.nextInt(4); i > 0; i--) {
                    list.add(value(random, depth + 1));
                }
                yield list;
            }
        };
    }
}
