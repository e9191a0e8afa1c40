package org.pintail.rocksdb;

import java.nio.ByteBuffer;

/// Numbers that are not negative in as many bytes as they need, seven bits in each.
final class Packed {
    static final int LONGEST = 9;
    private static final int BITS = 7;
    private static final int MORE = 1 << BITS;

    private Packed() {}

    static void write(ByteBuffer out, long number) {
        long left = number;
        while (left >= MORE) {
            out.put((byte) (left | MORE));
            left >>>= BITS;
        }
        out.put((byte) left);
    }

    static long read(ByteBuffer in) {
        long number = 0;
        int shift = 0;
        while (true) {
            long next = in.get();
            number |= (next & (MORE - 1)) << shift;
            if (next >= 0) {
                return number;
            }
            shift += BITS;
        }
    }
}
