package org.pintail.backend;

import java.util.List;
import org.pintail.backend.Collection.Index;

/// Remembers in the store the newest holder of each lock that came by, and lets no older one pass: a holder that was stopped while its
/// lease ended finds out here, however late it wakes up.
public final class Fences {
    private static final Collection FENCES = new Collection("fences", List.of(Index.unique("fence_name", "name")));
    private final Documents documents;

    public Fences(Documents documents) {
        this.documents = documents;
    }

    /// False when a holder with a larger token has passed before.
    public boolean pass(String name, long token) {
        while (true) {
            var known = documents.find(FENCES, "fence_name", name);
            if (known.isPresent()) {
                var after = documents.update(
                        FENCES, known.get().id(), f -> f.number("token") < token ? f.with("token", token) : f);
                if (after.isPresent()) {
                    return after.get().number("token") == token;
                }
                continue;
            }
            try {
                documents.insert(FENCES, Document.of("_id", ObjectId.next(), "name", name, "token", token));
                return true;
            } catch (StoreException.Duplicate another) {
                // somebody else came first: look at theirs
            }
        }
    }
}
