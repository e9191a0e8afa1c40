package org.pintail.backend;

import java.util.Set;

/// [Document] as BSON bytes (bsonspec.org 1.1, the types that [Document] names) and back. Instants keep milliseconds.
public final class DocumentCodec {
    /// Documents and lists within each other. The data model stays below 10; MongoDB itself allows 100.
    static final int DEPTH = 100;

    static final int DOUBLE = 0x01;
    static final int STRING = 0x02;
    static final int DOCUMENT = 0x03;
    static final int ARRAY = 0x04;
    static final int BINARY = 0x05;
    static final int OBJECT_ID = 0x07;
    static final int BOOLEAN = 0x08;
    static final int DATE = 0x09;
    static final int NULL = 0x0a;
    static final int INT32 = 0x10;
    static final int INT64 = 0x12;

    private DocumentCodec() {}

    /// Fails with an IllegalArgumentException on a value of another type, a name with NUL in it, or more than 100 levels.
    public static byte[] encode(Document document) {
        return new BsonWriter().document(document);
    }

    /// Fails with [StoreException.Corrupt] on bytes that are no BSON document.
    public static Document decode(byte[] bson) {
        return new BsonReader(bson).whole();
    }

    /// As [#decode], only the fields named; of the others no more is read than where they end.
    public static Document decode(byte[] bson, Set<String> names) {
        return new BsonReader(bson).some(names);
    }
}
