package org.pintail.mongodb;

import java.util.Arrays;
import java.util.List;
import org.bson.RawBsonDocument;
import org.pintail.backend.Document;
import org.pintail.backend.DocumentCodec;

/// Documents as the driver takes and gives them: the bytes of BSON, written and read by [DocumentCodec] alone.
final class Wire {
    private Wire() {}

    static RawBsonDocument bson(Document document) {
        return new RawBsonDocument(DocumentCodec.encode(document));
    }

    static Document document(RawBsonDocument raw) {
        var buffer = raw.getByteBuffer();
        try {
            var bytes = new byte[buffer.remaining()];
            buffer.get(bytes);
            return DocumentCodec.decode(bytes);
        } finally {
            buffer.release();
        }
    }

    static List<RawBsonDocument> bson(List<Document> documents) {
        return documents.stream().map(Wire::bson).toList();
    }

    /// A projection of these fields.
    static Document only(String... names) {
        var all = Document.EMPTY;
        for (var name : Arrays.asList(names)) {
            all = all.with(name, 1);
        }
        return all;
    }
}
