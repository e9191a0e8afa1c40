package org.pintail.mime;

/// A tree of parts as a few bytes, so that a stored message need not be parsed again to cut a part out of it.
public final class PartMap {
    private PartMap() {}

    /// Everything [#decode] gives back except header fields: offsets, types, encodings, parameters, dispositions.
    public static byte[] encode(MimePart root) {
        throw new UnsupportedOperationException();
    }

    /// The tree without its header fields ([MimePart#headers] is empty: read them from the message where needed).
    public static MimePart decode(byte[] encoded) {
        throw new UnsupportedOperationException();
    }
}
