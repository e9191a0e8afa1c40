package org.pintail.backend;

import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/// Keys of document indexes as bytes that compare (unsigned, from the left) as their values do: null, number, string, ObjectId, boolean,
/// instant. Int, long and double compare by value. Each value ends by itself, so the bytes of some first values are a prefix of exactly
/// the keys that begin with these values. An index entry is the bytes of its key followed by the 12 bytes of the document's id.
///
/// (Documents and [Bytes], which no index of the suite uses, stand between strings and ObjectIds.)
public final class IndexKey {
    /// Bytes of an id.
    public static final int ID_BYTES = 12;

    /// Entries that one document may have in one index: beyond it the document is refused.
    public static final int MOST_ENTRIES = 10_000;

    private static final int NULL = 1;
    private static final int NUMBER = 2;
    private static final int STRING = 3;
    private static final int DOCUMENT = 4;
    private static final int BINARY = 5;
    private static final int OBJECT_ID = 6;
    private static final int BOOLEAN = 7;
    private static final int INSTANT = 8;
    private static final int END = 0x01;
    private static final int ESCAPED_ZERO = 0xff;
    private static final int NOTHING_GREATER = 0xff;
    private static final double TWO_TO_63 = 0x1p63;

    private IndexKey() {}

    /// The bytes of these values, one after the other. A list is no value here.
    public static byte[] encode(List<? extends @Nullable Object> values) {
        var out = new ByteArrayOutputStream(32);
        for (@Nullable Object v : values) {
            value(v, out);
        }
        return out.toByteArray();
    }

    /// The bytes of an id, comparing as the ids do.
    public static byte[] id(ObjectId id) {
        return ByteBuffer.allocate(ID_BYTES).putLong(id.high()).putInt(id.low()).array();
    }

    /// The id at the end of an entry.
    public static ObjectId idOf(byte[] entry) {
        var in = ByteBuffer.wrap(entry, entry.length - ID_BYTES, ID_BYTES);
        return new ObjectId(in.getLong(), in.getInt());
    }

    /// A key and the id of its document.
    public static byte[] entry(byte[] key, ObjectId id) {
        var out = Arrays.copyOf(key, key.length + ID_BYTES);
        ByteBuffer.wrap(out, key.length, ID_BYTES).putLong(id.high()).putInt(id.low());
        return out;
    }

    /// The key of an entry, without its id.
    public static byte[] keyOf(byte[] entry) {
        return Arrays.copyOf(entry, entry.length - ID_BYTES);
    }

    /// The entry of a place in an index, after the values of `prefix`.
    public static byte[] entry(List<? extends @Nullable Object> prefix, Documents.Place place) {
        var values = new ArrayList<@Nullable Object>(prefix);
        values.addAll(place.keys());
        return entry(encode(values), place.id());
    }

    /// The smallest bytes greater than everything that begins with `prefix`; null when there are none (the prefix is empty).
    public static byte @Nullable [] endOf(byte[] prefix) {
        int last = prefix.length - 1;
        while (last >= 0 && (prefix[last] & 0xff) == NOTHING_GREATER) {
            last--;
        }
        if (last < 0) {
            return null;
        }
        var end = Arrays.copyOf(prefix, last + 1);
        end[last]++;
        return end;
    }

    public static boolean begins(byte[] bytes, byte[] prefix) {
        return bytes.length >= prefix.length && Arrays.equals(bytes, 0, prefix.length, prefix, 0, prefix.length);
    }

    /// The keys of a document in an index, ascending, each once. A list at a key gives a key per item (an empty one counts as null), several
    /// lists every combination. None in a unique index when all its keys are null or missing; none in an expiry index without an Instant.
    public static List<byte[]> of(Collection.Index index, Document document) {
        List<List<@Nullable Object>> rows = new ArrayList<>();
        rows.add(List.of());
        for (var path : index.keys()) {
            var found = values(document.at(path));
            if ((long) rows.size() * found.size() > MOST_ENTRIES) {
                throw new IllegalArgumentException("more than " + MOST_ENTRIES + " keys in index " + index.name());
            }
            rows = extended(rows, found);
        }
        var keys = new TreeSet<byte[]>(Arrays::compareUnsigned);
        for (var row : rows) {
            boolean wanted = !(index.unique() && row.stream().allMatch(v -> v == null))
                    && !(index.expires() && !(row.getFirst() instanceof Instant));
            if (wanted) {
                keys.add(encode(row));
            }
        }
        return List.copyOf(keys);
    }

    /// Whether `key` is the one by which a listing of the keys that begin with `prefix` meets this document first: a document with
    /// several keys there is listed once.
    public static boolean leads(
            Collection.Index index, Document document, byte[] prefix, byte[] key, boolean ascending) {
        var keys = of(index, document);
        for (var k : ascending ? keys : keys.reversed()) {
            if (begins(k, prefix)) {
                return Arrays.equals(k, key);
            }
        }
        return false;
    }

    private static List<@Nullable Object> values(@Nullable Object found) {
        if (!(found instanceof List<?> list)) {
            var one = new ArrayList<@Nullable Object>(1);
            one.add(found);
            return one;
        }
        var items = new ArrayList<@Nullable Object>(list);
        if (items.isEmpty()) {
            items.add(null);
        }
        return items;
    }

    private static List<List<@Nullable Object>> extended(
            List<List<@Nullable Object>> rows, List<@Nullable Object> values) {
        var out = new ArrayList<List<@Nullable Object>>();
        for (var row : rows) {
            for (@Nullable Object v : values) {
                var longer = new ArrayList<@Nullable Object>(row);
                longer.add(v);
                out.add(longer);
            }
        }
        return out;
    }

    private static void value(@Nullable Object v, ByteArrayOutputStream out) {
        switch (v) {
            case null -> out.write(NULL);
            case Integer n -> number(n.longValue(), out);
            case Long n -> number(n, out);
            case Double n -> number(n, 0, out);
            case String s -> text(STRING, s.getBytes(StandardCharsets.UTF_8), out);
            case Document d -> text(DOCUMENT, DocumentCodec.encode(d), out);
            case Bytes b -> text(BINARY, b.unsafeArray(), out);
            case ObjectId id -> {
                out.write(OBJECT_ID);
                out.writeBytes(id(id));
            }
            case Boolean b -> {
                out.write(BOOLEAN);
                out.write(b ? 1 : 0);
            }
            case Instant t -> {
                out.write(INSTANT);
                out.writeBytes(bigEndian(t.toEpochMilli() ^ Long.MIN_VALUE));
            }
            default -> throw new IllegalArgumentException("no value of an index key: " + v.getClass().getName());
        }
    }

    /// A long as the double nearest to it and the (small) rest, so that it compares exactly with other longs and with doubles.
    private static void number(long n, ByteArrayOutputStream out) {
        double nearest = (double) n;
        long rest = nearest == TWO_TO_63 ? n - Long.MAX_VALUE - 1 : n - (long) nearest;
        number(nearest, (int) rest, out);
    }

    private static void number(double d, int rest, ByteArrayOutputStream out) {
        out.write(NUMBER);
        if (Double.isNaN(d)) {
            out.writeBytes(new byte[Long.BYTES + Short.BYTES]); // before every other number, as MongoDB has it
            return;
        }
        long bits = Double.doubleToLongBits(d + 0.0); // one zero only
        out.writeBytes(bigEndian(bits < 0 ? ~bits : bits ^ Long.MIN_VALUE));
        int biased = rest - Short.MIN_VALUE;
        out.write(biased >>> 8);
        out.write(biased);
    }

    private static void text(int type, byte[] bytes, ByteArrayOutputStream out) {
        out.write(type);
        for (byte b : bytes) {
            out.write(b);
            if (b == 0) {
                out.write(ESCAPED_ZERO);
            }
        }
        out.write(0);
        out.write(END);
    }

    private static byte[] bigEndian(long n) {
        return ByteBuffer.allocate(Long.BYTES).putLong(n).array();
    }
}
