package org.pintail.rocksdb;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import org.pintail.backend.IndexKey;
import org.pintail.backend.ObjectId;

/// Keys whose bytes sort as their parts do. Numbers are big-endian and not negative.
final class Keys {
    static final int ID = IndexKey.ID_BYTES;

    private Keys() {}

    static byte[] id(ObjectId id) {
        return IndexKey.id(id);
    }

    static byte[] idAndNumber(ObjectId id, long number) {
        return ByteBuffer.allocate(ID + Long.BYTES).putLong(id.high()).putInt(id.low()).putLong(number).array();
    }

    static byte[] idAndNumbers(ObjectId id, long first, long second) {
        return ByteBuffer.allocate(ID + 2 * Long.BYTES).putLong(id.high()).putInt(id.low()).putLong(first).putLong(second).array();
    }

    static byte[] ids(ObjectId first, ObjectId second) {
        return ByteBuffer.allocate(2 * ID).putLong(first.high()).putInt(first.low()).putLong(second.high()).putInt(second.low()).array();
    }

    static byte[] idAndText(ObjectId id, String text) {
        return join(id(id), text.getBytes(StandardCharsets.UTF_8));
    }

    static byte[] text(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }

    static byte[] join(byte[] first, byte[] second) {
        var joined = Arrays.copyOf(first, first.length + second.length);
        System.arraycopy(second, 0, joined, first.length, second.length);
        return joined;
    }

    static ObjectId idAt(byte[] key, int at) {
        var in = ByteBuffer.wrap(key, at, ID);
        return new ObjectId(in.getLong(), in.getInt());
    }

    static long numberAt(byte[] key, int at) {
        return ByteBuffer.wrap(key, at, Long.BYTES).getLong();
    }

    static byte[] number(long n) {
        return ByteBuffer.allocate(Long.BYTES).putLong(n).array();
    }

    static long number(byte[] value) {
        return ByteBuffer.wrap(value).getLong();
    }

    static boolean begins(byte[] key, byte[] prefix) {
        return IndexKey.begins(key, prefix);
    }
}
