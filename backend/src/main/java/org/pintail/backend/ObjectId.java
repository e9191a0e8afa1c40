package org.pintail.backend;

import java.time.Instant;
import java.util.HexFormat;
import java.util.Optional;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.atomic.AtomicInteger;

/// A 12-byte document id as MongoDB makes them: 4 bytes of seconds, 5 random bytes, a 3-byte counter. Sorts by time of creation.
public record ObjectId(long high, int low) implements Comparable<ObjectId> {
    private static final int BYTES = 12;
    private static final long PROCESS = ThreadLocalRandom.current().nextLong() & 0xff_ffff_ffffL;
    private static final AtomicInteger COUNTER = new AtomicInteger(ThreadLocalRandom.current().nextInt());

    /// A new id, unique in this process and, by its random part, among others.
    public static ObjectId next() {
        return at(Instant.now());
    }

    public static ObjectId at(Instant when) {
        long high = (when.getEpochSecond() & 0xffff_ffffL) << 32 | PROCESS >>> 8;
        int low = (int) (PROCESS & 0xff) << 24 | COUNTER.getAndIncrement() & 0xff_ffff;
        return new ObjectId(high, low);
    }

    /// Empty unless `hex` is 24 hexadecimal digits.
    public static Optional<ObjectId> parse(String hex) {
        if (hex.length() != 2 * BYTES || !hex.chars().allMatch(HexFormat::isHexDigit)) {
            return Optional.empty();
        }
        return Optional.of(of(hex));
    }

    /// As [#parse], for text that is known to be an id.
    public static ObjectId of(String hex) {
        return new ObjectId(Long.parseUnsignedLong(hex, 0, 16, 16), Integer.parseUnsignedInt(hex, 16, 24, 16));
    }

    public Instant created() {
        return Instant.ofEpochSecond(high >>> 32);
    }

    /// 24 lower-case hexadecimal digits.
    public String hex() {
        var digits = HexFormat.of();
        return digits.toHexDigits(high) + digits.toHexDigits(low);
    }

    @Override
    public int compareTo(ObjectId other) {
        int byHigh = Long.compareUnsigned(high, other.high);
        return byHigh != 0 ? byHigh : Integer.compareUnsigned(low, other.low);
    }

    @Override
    public String toString() {
        return hex();
    }
}
