package org.pintail.bench;

import com.mongodb.client.MongoClients;

/// Drops the databases of a server whose names begin with a word. A process of its own, because the driver is among the jars of the suite.
final class DropDatabases {
    private DropDatabases() {}

    public static void main(String[] args) {
        try (var client = MongoClients.create(args[0])) {
            for (var name : client.listDatabaseNames()) {
                if (name.startsWith(args[1])) {
                    client.getDatabase(name).drop();
                }
            }
        }
    }
}
