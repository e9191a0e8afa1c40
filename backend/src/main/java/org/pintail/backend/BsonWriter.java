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

    /// The kinds in a row, most frequent first: a switch over them was a quarter of the time in here.
    private void element(String name, @Nullable Object value, int depth) {
        if (value instanceof String s) {
            name(DocumentCodec.STRING, name);
            var bytes = s.getBytes(StandardCharsets.UTF_8);
            int32(bytes.length + 1);
            bytes(bytes);
            int8(0);
        } else if (value instanceof Document d) {
            name(DocumentCodec.DOCUMENT, name);
            fields(d, depth + 1);
        } else if (value instanceof List<?> list) {
            name(DocumentCodec.ARRAY, name);
            items(list, depth + 1);
        } else if (value == null) {
            name(DocumentCodec.NULL, name);
        } else if (value instanceof Bytes b) {
            name(DocumentCodec.BINARY, name);
            int32(b.size());
            int8(0);
            bytes(b.unsafeArray());
        } else if (value instanceof ObjectId id) {
            name(DocumentCodec.OBJECT_ID, name);
            room(Long.BYTES + Integer.BYTES);
            BIG_LONG.set(out, at, id.high());
            BIG_INT.set(out, at + Long.BYTES, id.low());
            at += Long.BYTES + Integer.BYTES;
        } else {
            plain(name, value);
        }
    }

    private void plain(String name, Object value) {
        switch (value) {
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
            case Instant t -> {
                name(DocumentCodec.DATE, name);
                int64(t.toEpochMilli());
            }
            case Double n -> {
                name(DocumentCodec.DOUBLE, name);
                int64(Double.doubleToRawLongBits(n));
            }
            default ->
                throw new IllegalArgumentException(
                        "field " + name + " is no value of a document: " + value.getClass().getName());
        }
    }

    /// Names are short, and nearly all of them ASCII.
    private void name(int type, String name) {
        if (name.indexOf('\0') >= 0) {
            throw new IllegalArgumentException("field name with NUL");
        }
        int8(type);
        room(name.length());
        int next = at;
        for (int i = 0; i < name.length(); i++) {
            char c = name.charAt(i);
            if (c >= 0x80) {
                bytes(name.getBytes(StandardCharsets.UTF_8));
                int8(0);
                return;
            }
            out[next++] = (byte) c;
        }
        at = next;
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
