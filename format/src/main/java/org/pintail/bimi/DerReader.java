package org.pintail.bimi;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/// Walks through DER (X.690) that a stranger wrote: every length is checked against what is there.
final class DerReader {
    static final int OCTET_STRING = 0x04;
    static final int OBJECT_ID = 0x06;
    static final int IA5_STRING = 0x16;
    static final int SEQUENCE = 0x30;
    private final byte[] bytes;
    private final int end;
    private int at;

    DerReader(byte[] bytes) {
        this(bytes, 0, bytes.length);
    }

    private DerReader(byte[] bytes, int from, int end) {
        this.bytes = bytes;
        this.at = from;
        this.end = end;
    }

    boolean more() {
        return at < end;
    }

    /// The tag that comes next, -1 at the end.
    int peek() {
        return more() ? bytes[at] & 0xff : -1;
    }

    /// What is inside the next element, which must have this tag.
    DerReader enter(int tag) {
        if (peek() != tag) {
            throw malformed();
        }
        at++;
        int length = length();
        if (length > end - at) {
            throw malformed();
        }
        var inside = new DerReader(bytes, at, at + length);
        at += length;
        return inside;
    }

    void skip() {
        enter(peek());
    }

    byte[] rest() {
        return Arrays.copyOfRange(bytes, at, end);
    }

    String text(int tag) {
        return new String(enter(tag).rest(), StandardCharsets.US_ASCII);
    }

    private int length() {
        int first = next();
        if (first < 0x80) {
            return first;
        }
        int count = first & 0x7f;
        if (count == 0 || count > 3) {
            throw malformed();
        }
        int length = 0;
        for (int i = 0; i < count; i++) {
            length = length << 8 | next();
        }
        return length;
    }

    private int next() {
        if (at >= end) {
            throw malformed();
        }
        return bytes[at++] & 0xff;
    }

    private static BimiProblem malformed() {
        return new BimiProblem("MISSING_VMC_LOGO", "the logotype extension of the certificate is malformed");
    }
}
