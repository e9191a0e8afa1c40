package org.pintail.backend;

/// [Document] as BSON bytes (bsonspec.org 1.1, the types that [Document] names) and back.
public final class DocumentCodec {
    private DocumentCodec() {}

    public static byte[] encode(Document document) {
        throw new UnsupportedOperationException();
    }

    /// Fails with [StoreException.Corrupt] on bytes that are no BSON document.
    public static Document decode(byte[] bson) {
        throw new UnsupportedOperationException();
    }
}
