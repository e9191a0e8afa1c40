package org.pintail.mongodb;

import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.pintail.backend.Bytes;
import org.pintail.backend.Document;
import org.pintail.backend.Documents.Place;
import org.pintail.backend.ObjectId;

/// Filters for "after this place in the order of an index". Comparisons of MongoDB look at values of one type only, so each also names
/// the types that come later.
final class IndexOrder {
    private static final List<String> TYPES =
            List.of("number", "string", "object", "binData", "objectId", "bool", "date");

    private IndexOrder() {}

    /// Documents beyond `place`: `keys` are those of the index after the prefix, then `_id`.
    static Document beyond(List<String> keys, Place place, boolean ascending) {
        var ways = new ArrayList<Document>();
        var same = Document.EMPTY;
        for (int i = 0; i < keys.size() && i < place.keys().size(); i++) {
            for (var way : beyond(keys.get(i), place.keys().get(i), ascending)) {
                ways.add(same.with(way));
            }
            same = same.with(keys.get(i), place.keys().get(i));
        }
        ways.add(same.with("_id", Document.of(ascending ? "$gt" : "$lt", place.id())));
        return Document.of("$or", ways);
    }

    private static List<Document> beyond(String field, @Nullable Object value, boolean ascending) {
        if (value == null) {
            return ascending ? List.of(Document.of(field, Document.of("$ne", null))) : List.of();
        }
        var ways = new ArrayList<Document>();
        ways.add(Document.of(field, Document.of(ascending ? "$gt" : "$lt", value)));
        int own = TYPES.indexOf(type(value));
        for (var type : ascending ? TYPES.subList(own + 1, TYPES.size()) : TYPES.subList(0, own)) {
            ways.add(Document.of(field, Document.of("$type", type)));
        }
        if (!ascending) {
            ways.add(Document.of(field, null));
        }
        return ways;
    }

    private static String type(Object value) {
        return switch (value) {
            case Number _ -> "number";
            case String _ -> "string";
            case Document _ -> "object";
            case Bytes _ -> "binData";
            case ObjectId _ -> "objectId";
            case Boolean _ -> "bool";
            case Instant _ -> "date";
            default -> throw new IllegalArgumentException("no value of an index key: " + value.getClass().getName());
        };
    }
}
