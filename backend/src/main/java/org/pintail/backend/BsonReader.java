package org.pintail.backend;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/// Reads one document from BSON. Whatever the bytes are, it ends with a document or with [StoreException.Corrupt].
final class BsonReader {
    private static final VarHandle INT = MethodHandles.byteArrayViewVarHandle(int[].class, ByteOrder.LITTLE_ENDIAN);
    private static final VarHandle LONG = MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.LITTLE_ENDIAN);
    private static final VarHandle BIG_INT = MethodHandles.byteArrayViewVarHandle(int[].class, ByteOrder.BIG_ENDIAN);
    private static final VarHandle BIG_LONG = MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.BIG_ENDIAN);

    /// Length and the closing zero.
    private static final int SMALLEST = 5;

    private final byte[] in;
    private int at;

    BsonReader(byte[] in) {
        this.in = in;
    }

    Document whole() {
        var d = document(in.length, 1);
        if (at != in.length) {
            throw corrupt("bytes after the document");
        }
        return d;
    }

    /// The fields named, of the document itself; values of others are stepped over and not looked at.
    Document some(Set<String> names) {
        int end = begin(in.length, 1);
        var fields = new LinkedHashMap<String, @Nullable Object>();
        for (int type = int8(end); type != 0; type = int8(end)) {
            var name = name(end);
            if (names.contains(name)) {
                fields.put(name, value(type, end, 1));
            } else {
                skip(type, end);
            }
        }
        finish(end);
        return new Document(fields);
    }

    private void skip(int type, int end) {
        switch (type) {
            case DocumentCodec.STRING -> take(int32(end), end);
            case DocumentCodec.BINARY -> {
                int size = int32(end);
                take(1, end);
                take(size, end);
            }
            case DocumentCodec.DOCUMENT, DocumentCodec.ARRAY -> take(int32(end) - Integer.BYTES, end);
            case DocumentCodec.INT32 -> take(Integer.BYTES, end);
            case DocumentCodec.INT64, DocumentCodec.DATE, DocumentCodec.DOUBLE -> take(Long.BYTES, end);
            case DocumentCodec.OBJECT_ID -> take(Long.BYTES + Integer.BYTES, end);
            case DocumentCodec.BOOLEAN -> take(1, end);
            case DocumentCodec.NULL -> take(0, end);
            default -> throw corrupt("value of type 0x" + Integer.toHexString(type));
        }
    }

    private Document document(int limit, int depth) {
        int end = begin(limit, depth);
        var fields = new LinkedHashMap<String, @Nullable Object>();
        for (int type = int8(end); type != 0; type = int8(end)) {
            var name = name(end);
            fields.put(name, value(type, end, depth));
        }
        finish(end);
        return Document.owning(fields);
    }

    private List<@Nullable Object> list(int limit, int depth) {
        int end = begin(limit, depth);
        var items = new ArrayList<@Nullable Object>();
        for (int type = int8(end); type != 0; type = int8(end)) {
            at = zero(end) + 1;
            items.add(value(type, end, depth));
        }
        finish(end);
        return Collections.unmodifiableList(items);
    }

    private int begin(int limit, int depth) {
        if (depth > DocumentCodec.DEPTH) {
            throw corrupt("more than " + DocumentCodec.DEPTH + " levels");
        }
        int start = at;
        int size = int32(limit);
        if (size < SMALLEST || size > limit - start) {
            throw corrupt("length " + size);
        }
        return start + size;
    }

    private void finish(int end) {
        if (at != end) {
            throw corrupt("document ends before its length");
        }
    }

    private @Nullable Object value(int type, int end, int depth) {
        return switch (type) {
            case DocumentCodec.STRING -> string(end);
            case DocumentCodec.INT32 -> int32(end);
            case DocumentCodec.INT64 -> int64(end);
            case DocumentCodec.BOOLEAN -> bool(end);
            case DocumentCodec.OBJECT_ID -> objectId(end);
            case DocumentCodec.DATE -> Instant.ofEpochMilli(int64(end));
            case DocumentCodec.NULL -> null;
            case DocumentCodec.DOCUMENT -> document(end, depth + 1);
            case DocumentCodec.ARRAY -> list(end, depth + 1);
            case DocumentCodec.BINARY -> binary(end);
            case DocumentCodec.DOUBLE -> Double.longBitsToDouble(int64(end));
            default -> throw corrupt("value of type 0x" + Integer.toHexString(type));
        };
    }

    private String string(int end) {
        int size = int32(end);
        if (size < 1) {
            throw corrupt("string of length " + size);
        }
        int start = take(size, end);
        if (in[start + size - 1] != 0) {
            throw corrupt("string without its end");
        }
        return new String(in, start, size - 1, StandardCharsets.UTF_8);
    }

    private Bytes binary(int end) {
        int size = int32(end);
        int8(end); // the subtype says nothing we would keep
        int start = take(size, end);
        return Bytes.wrap(Arrays.copyOfRange(in, start, start + size));
    }

    private boolean bool(int end) {
        int b = int8(end);
        if (b > 1) {
            throw corrupt("boolean " + b);
        }
        return b == 1;
    }

    private ObjectId objectId(int end) {
        int start = take(Long.BYTES + Integer.BYTES, end);
        return new ObjectId((long) BIG_LONG.get(in, start), (int) BIG_INT.get(in, start + Long.BYTES));
    }

    private String name(int end) {
        int start = at;
        int zero = zero(end);
        at = zero + 1;
        return new String(in, start, zero - start, StandardCharsets.UTF_8);
    }

    private int zero(int end) {
        int i = at;
        while (i < end && in[i] != 0) {
            i++;
        }
        if (i == end) {
            throw corrupt("field name without its end");
        }
        return i;
    }

    private int int8(int end) {
        return in[take(1, end)] & 0xff;
    }

    private int int32(int end) {
        return (int) INT.get(in, take(Integer.BYTES, end));
    }

    private long int64(int end) {
        return (long) LONG.get(in, take(Long.BYTES, end));
    }

    /// Steps over `size` bytes and says where they begin.
    private int take(int size, int end) {
        if (size < 0 || size > end - at) {
            throw corrupt("value runs over its document");
        }
        int start = at;
        at += size;
        return start;
    }

    private StoreException.Corrupt corrupt(String what) {
        return new StoreException.Corrupt("BSON at byte " + at + ": " + what);
    }
}
