package org.pintail.mongodb;

import com.mongodb.event.CommandListener;
import com.mongodb.event.CommandStartedEvent;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.bson.BsonDocument;
import org.bson.BsonValue;
import org.pintail.backend.DocumentsContract;

/// Every query that a store sends, and those among them that no declared index covers.
final class RecordedCommands implements CommandListener {
    private static final Set<String> COMMANDS = Set.of("find", "aggregate", "count", "update", "delete", "findAndModify", "distinct");

    /// What carries the shard key in each sharded collection.
    private static final Map<String, String> SHARD_KEYS = Map.of(
            "messages", "mailbox", "attachments.files", "_id", "attachments.chunks", "files_id", "storage.chunks", "files_id", "threads",
            "user");

    /// Asked rarely and of all shards: by id wherever it lies, by account when it goes or is counted, by content for the API.
    private static final Set<String> OF_ALL_SHARDS =
            Set.of("messages [_id, user]", "messages [user]", "messages [_id]", "attachments.files [metadata.fileContentHash, metadata.dying]",
                    "attachments.files [metadata.c, metadata.m]", "attachments.files []");

    /// Counted or listed as a whole on purpose: figures, and notes that are few.
    private static final Set<String> WHOLE = Set.of("attachments.files", "steps", "zone-queue", "things");

    private final Set<String> problems = ConcurrentHashMap.newKeySet();
    private final Set<String> queries = ConcurrentHashMap.newKeySet();

    @Override
    public void commandStarted(CommandStartedEvent event) {
        var command = event.getCommand();
        var name = event.getCommandName();
        boolean walk = command.containsKey("comment") && command.getString("comment").getValue().equals(Table.WALK);
        if (!COMMANDS.contains(name) || walk) {
            return;
        }
        var collection = command.getString(name).getValue();
        for (var filter : filters(name, command)) {
            judge(collection, filter, command.containsKey("sort") ? command.getDocument("sort") : new BsonDocument());
        }
    }

    private static List<BsonDocument> filters(String name, BsonDocument command) {
        return switch (name) {
            case "find" -> List.of(command.getDocument("filter", new BsonDocument()));
            case "findAndModify", "count", "distinct" -> List.of(command.getDocument("query", new BsonDocument()));
            case "aggregate" -> {
                var first = command.getArray("pipeline").getFirst().asDocument();
                yield List.of(first.getDocument("$match", new BsonDocument()));
            }
            default -> command.getArray(name.equals("update") ? "updates" : "deletes").stream()
                    .map(u -> u.asDocument().getDocument("q"))
                    .toList();
        };
    }

    private void judge(String collection, BsonDocument filter, BsonDocument sort) {
        var fields = new LinkedHashSet<String>();
        constrained(filter, fields);
        var query = collection + " " + new ArrayList<>(fields);
        if (!queries.add(query + " sort " + sort.keySet())) {
            return;
        }
        boolean whole = (fields.isEmpty() || fields.equals(Set.of("assigned"))) && sort.keySet().stream().allMatch("_id"::equals) && WHOLE.contains(collection);
        if (!whole && !covered(collection, fields, sort)) {
            problems.add("no index covers " + query + " sort " + sort.keySet());
        }
        var shardKey = SHARD_KEYS.get(collection);
        if (shardKey != null && !fields.contains(shardKey) && !OF_ALL_SHARDS.contains(query)) {
            problems.add("no shard key in " + query);
        }
    }

    /// Fields that narrow a query, also inside `$and` and the first branch of `$or`.
    private static void constrained(BsonDocument filter, Set<String> fields) {
        for (Map.Entry<String, BsonValue> e : filter.entrySet()) {
            if (e.getKey().equals("$and")) {
                e.getValue().asArray().forEach(part -> constrained(part.asDocument(), fields));
            } else if (e.getKey().equals("$or")) {
                constrained(e.getValue().asArray().getFirst().asDocument(), fields);
            } else if (!e.getKey().startsWith("$")) {
                fields.add(e.getKey());
            }
        }
    }

    /// The first key of some index narrows the query, or the index has the whole order that is asked for.
    private static boolean covered(String collection, Set<String> fields, BsonDocument sort) {
        if (fields.contains("_id") || fields.isEmpty() && List.copyOf(sort.keySet()).equals(List.of("_id"))) {
            return true;
        }
        for (var index : declared()) {
            if (index.collection().equals(collection)) {
                var keys = List.copyOf(index.keys().fields().keySet());
                boolean ordered = !sort.isEmpty() && keys.size() >= sort.size()
                        && keys.subList(0, sort.size()).equals(List.copyOf(sort.keySet()));
                if (fields.contains(keys.getFirst()) || ordered) {
                    return true;
                }
            }
        }
        return false;
    }

    private static List<Declared.Index> declared() {
        var all = new ArrayList<>(Declared.all());
        var things = DocumentsContract.THINGS;
        things.indexes().forEach(i -> all.add(MongoDocuments.declaration(things.name(), i)));
        return all;
    }

    Set<String> problems() {
        return Set.copyOf(problems);
    }

    Set<String> queries() {
        return Set.copyOf(queries);
    }
}
