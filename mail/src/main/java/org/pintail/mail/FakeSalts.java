package org.pintail.mail;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;
import org.pintail.address.MailAddress;
import org.pintail.backend.Bytes;
import org.pintail.backend.Document;
import org.pintail.backend.Documents;
import org.pintail.backend.ObjectId;
import org.pintail.backend.StoreException;

/// Salts for names that have none (RFC 5802 §9 asks that unknown users be not told from known ones): a keyed hash of the name, always the
/// same for it. The key is kept in the store, for all nodes and restarts.
final class FakeSalts {
    private static final String KEY = "sasl:salt-key";
    private final Documents documents;
    private final Hashing hashing;
    private volatile @Nullable Bytes key;

    FakeSalts(Documents documents, Hashing hashing) {
        this.documents = documents;
        this.hashing = hashing;
    }

    Scram.Keys keys(String username, Scram scram) {
        var address = MailAddress.parse(username.strip());
        var view = address.isPresent() ? address.get().view() : MailAddress.usernameView(username.strip());
        var secret = secret().toArray();
        var salt = Arrays.copyOf(Scram.SHA_256.hmac(secret, (scram.mechanism() + "\0" + view).getBytes(StandardCharsets.UTF_8)), Scram.SALT);
        var nobodys = Bytes.wrap(hashing.randomKey(scram.hash(salt).length));
        return new Scram.Keys(Bytes.wrap(salt), Scram.ROUNDS, nobodys, nobodys);
    }

    private Bytes secret() {
        var known = key;
        if (known == null) {
            known = load();
            key = known;
        }
        return known;
    }

    private Bytes load() {
        while (true) {
            var stored = documents.find(Collections.SETTINGS, "key_unique", KEY).map(d -> d.value("value"));
            if (stored.isPresent() && stored.get() instanceof Bytes bytes) {
                return bytes;
            }
            var fresh = Bytes.wrap(hashing.randomKey(32));
            try {
                documents.insert(
                        Collections.SETTINGS,
                        Document.of("_id", ObjectId.next(), "key", KEY, "value", fresh, "encrypted", false, "enumerable", false));
                return fresh;
            } catch (StoreException.Duplicate again) {
                // another node made one at the same moment: read that
            }
        }
    }
}
