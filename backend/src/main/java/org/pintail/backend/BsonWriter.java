package org.pintail.backend;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// Writes one document as BSON.
final class BsonWriter {
    private static final VarHandle INT = MethodHandles.byteArrayViewVarHandle(int[].class, ByteOrder.LITTLE_ENDIAN);
    private static final VarHandle LONG = MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.LITTLE_ENDIAN);
    private static final VarHandle BIG_INT = MethodHandles.byteArrayViewVarHandle(int[].class, ByteOrder.BIG_ENDIAN);
    private static final VarHandle BIG_LONG = MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.BIG_ENDIAN);
    private static final int START = 256;
    private byte[] out = new byte[START];
    private int at;

    byte[] document(Document d) {
        fields(d, 1);
        return Arrays.copyOf(out, at);
    }

    private void fields(Document d, int depth) {
        int start = begin(depth);
        d.fields().forEach((name, value) -> element(name, value, depth));
        end(start);
    }

    private void items(List<?> list, int depth) {
        int start = begin(depth);
        int i = 0;
        for (@Nullable Object item : list) {
            element(Integer.toString(i++), item, depth);
        }
        end(start);
    }

    private int begin(int depth) {
        if (depth > DocumentCodec.DEPTH) {
            throw new IllegalArgumentException("more than " + DocumentCodec.DEPTH + " levels in a document");
        }
        int start = at;
        int32(0);
        return start;
    }

    private void end(int start) {
        int8(0);
        INT.set(out, start, at - start);
    }

    private void element(String name, @Nullable Object value, int depth) {
        switch (value) {
            case null -> name(DocumentCodec.NULL, name);
            case String s -> {
                name(DocumentCodec.STRING, name);
                var bytes = s.getBytes(StandardCharsets.UTF_8);
                int32(bytes.length + 1);
                bytes(bytes);
                int8(0);
            }
            case Integer n -> {
                name(DocumentCodec.INT32, name);
                int32(n);
            }
            case Long n -> {
                name(DocumentCodec.INT64, name);
                int64(n);
            }
            case Boolean b -> {
                name(DocumentCodec.BOOLEAN, name);
                int8(b ? 1 : 0);
            }
            case ObjectId id -> {
                name(DocumentCodec.OBJECT_ID, name);
                room(Long.BYTES + Integer.BYTES);
                BIG_LONG.set(out, at, id.high());
                BIG_INT.set(out, at + Long.BYTES, id.low());
                at += Long.BYTES + Integer.BYTES;
            }
            case Instant t -> {
                name(DocumentCodec.DATE, name);
                int64(t.toEpochMilli());
            }
            case Document d -> {
                name(DocumentCodec.DOCUMENT, name);
                fields(d, depth + 1);
            }
            case List<?> list -> {
                name(DocumentCodec.ARRAY, name);
                items(list, depth + 1);
            }
            case Double n -> {
                name(DocumentCodec.DOUBLE, name);
                int64(Double.doubleToRawLongBits(n));
            }
            case Bytes b -> {
                name(DocumentCodec.BINARY, name);
                int32(b.size());
                int8(0);
                bytes(b.unsafeArray());
            }
            default ->
                throw new IllegalArgumentException(
                        "field " + name + " is no value of a document: " + value.getClass().getName());
        }
    }

    private void name(int type, String name) {
        if (name.indexOf('\0') >= 0) {
            throw new IllegalArgumentException("field name with NUL");
        }
        int8(type);
        bytes(name.getBytes(StandardCharsets.UTF_8));
        int8(0);
    }

    private void int8(int n) {
        room(1);
        out[at++] = (byte) n;
    }

    private void int32(int n) {
        room(Integer.BYTES);
        INT.set(out, at, n);
        at += Integer.BYTES;
    }

    private void int64(long n) {
        room(Long.BYTES);
        LONG.set(out, at, n);
        at += Long.BYTES;
    }

    private void bytes(byte[] bytes) {
        room(bytes.length);
        System.arraycopy(bytes, 0, out, at, bytes.length);
        at += bytes.length;
    }

    private void room(int more) {
        if (out.length - at < more) {
            out = Arrays.copyOf(out, Math.max(Math.addExact(at, more), (int) Math.min(Integer.MAX_VALUE - 8, out.length * 2L)));
        }
    }
}
