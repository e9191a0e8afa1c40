package org.pintail.mail;

import java.security.SecureRandom;
import java.time.Clock;
import java.util.HexFormat;
import org.pintail.backend.Document;
import org.pintail.backend.Documents;
import org.pintail.backend.ObjectId;
import org.pintail.backend.StoreException;

/// A secret that nobody configured: made when it is first needed, kept in the store, so that every node has the same.
public final class SharedSecret {
    private static final int BYTES = 32;

    private SharedSecret() {}

    /// The secret of this name, such as `srs`. It is no setting: listings of settings do not show it.
    public static String of(Documents documents, String name, Clock clock) {
        var key = "secret:" + name;
        while (true) {
            var kept = documents.find(Collections.SETTINGS, "key_unique", key).flatMap(d -> d.string("value"));
            if (kept.isPresent()) {
                return kept.get();
            }
            var bytes = new byte[BYTES];
            new SecureRandom().nextBytes(bytes);
            var made = Document.of(
                    "_id", ObjectId.next(), "key", key, "value", HexFormat.of().formatHex(bytes), "encrypted", false, "enumerable", false, "created", clock.instant());
            try {
                documents.insert(Collections.SETTINGS, made);
            } catch (StoreException.Duplicate e) {
                continue; // another node made it first
            }
        }
    }
}
