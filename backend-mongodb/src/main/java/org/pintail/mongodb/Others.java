package org.pintail.mongodb;

import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import org.pintail.backend.Document;
import org.pintail.backend.ObjectId;

/// What somebody else left in the databases: collections that no role here speaks of, and mailboxes of accounts that are no more.
final class Others {
    /// Of the roles, and what one can make again: the journal, which is kept for hours, remembered domains, signs of life.
    private static final Set<String> OWN = Set.of(
            "mailboxes", "messages", "journal", "expunged", "steps", "uidvalidities", "fences", "storecopies", "attachments.files", "zone-queue",
            "mail.files", "health", "domaincache");

    private static final String FILES = ".files";
    private static final String CHUNKS = ".chunks";
    private final Databases databases;

    Others(Databases databases) {
        this.databases = databases;
    }

    /// How many documents there are of each kind that is not in `known`.
    Map<String, Long> count(Set<String> known) {
        var counts = new TreeMap<String, Long>();
        databases.collections().forEach((name, count) -> {
            var kind = name.endsWith(FILES) ? name.substring(0, name.length() - FILES.length()) : name;
            boolean ours = OWN.contains(name) || known.contains(kind) || name.endsWith(CHUNKS) || name.startsWith("system.");
            if (!ours && count > 0) {
                counts.put(name, count);
            }
        });
        orphans(counts);
        return counts;
    }

    /// Accounts that WildDuck keeps for a while after their deletion, in `deletedusers`.
    private void orphans(Map<String, Long> counts) {
        var accounts = new HashSet<ObjectId>();
        databases.table("users").each(Table.Query.of(Document.EMPTY).fields("_id"), d -> accounts.add(d.id()));
        databases.table("mailboxes").each(Table.Query.of(Document.EMPTY).fields("user"), d -> {
            if (d.objectId("user").filter(accounts::contains).isEmpty()) {
                counts.merge("mailboxes of no account", 1L, Long::sum);
                counts.merge("messages of no account", databases.table("messages").count(Document.of("mailbox", d.id())), Long::sum);
            }
        });
        counts.values().removeIf(n -> n == 0);
    }
}
