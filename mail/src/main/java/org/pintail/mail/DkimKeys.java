package org.pintail.mail;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import java.time.Clock;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.pintail.address.DomainName;
import org.pintail.address.MailAddress;
import org.pintail.backend.Document;
import org.pintail.backend.Documents;
import org.pintail.backend.ObjectId;
import org.pintail.backend.StoreException;
import org.pintail.dkim.SigningKey;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Keys to sign mail with: documents of `dkim`, one per domain. `*.example.com` stands for all below example.com, `*` for all that have
/// no other. Beside the key that WildDuck knows a document may have more, in `additional`, for signatures of a second kind.
public final class DkimKeys {
    private static final Logger LOG = LoggerFactory.getLogger(DkimKeys.class);
    private final Documents documents;
    private final String secret;
    private final Clock clock;
    private final Cache<String, SigningKey> parsed = Caffeine.newBuilder().maximumSize(1000).build();

    /// `secret`: what private keys are encrypted with, where they are.
    public DkimKeys(Documents documents, String secret, Clock clock) {
        this.documents = documents;
        this.secret = secret;
        this.clock = clock;
    }

    /// A key for mail of `domain` (ASCII form, `d=`).
    public record Key(String domain, String selector, SigningKey key) {}

    /// What mail of that domain is signed with, best known kind first; empty without a key. A key that cannot be read is logged and left out.
    public List<Key> of(String domain) {
        var ascii = DomainName.ascii(domain);
        var document = exact(ascii).or(() -> wildcard(ascii)).or(() -> documents.find(Collections.DKIM, "dkim_primary", "*"));
        if (document.isEmpty()) {
            return List.of();
        }
        var keys = new ArrayList<Key>();
        add(keys, ascii, document.get());
        document.get().documents("additional").forEach(more -> add(keys, ascii, more));
        return keys;
    }

    private Optional<Document> exact(String ascii) {
        return documents.find(Collections.DKIM, "dkim_primary", ascii)
                .or(() -> ascii.contains("xn--") ? documents.find(Collections.DKIM, "dkim_primary", MailAddress.unicode(ascii)) : Optional.empty());
    }

    private Optional<Document> wildcard(String ascii) {
        for (int dot = ascii.indexOf('.'); dot >= 0; dot = ascii.indexOf('.', dot + 1)) {
            var found = documents.find(Collections.DKIM, "dkim_primary", "*" + ascii.substring(dot));
            if (found.isPresent()) {
                return found;
            }
        }
        return Optional.empty();
    }

    private void add(List<Key> keys, String domain, Document from) {
        try {
            var stored = from.string("privateKey", "");
            var key = parsed.getIfPresent(stored);
            if (key == null) {
                key = SigningKey.parse(StoredSecret.open(stored, secret));
                parsed.put(stored, key);
            }
            keys.add(new Key(domain, from.string("selector", ""), key));
        } catch (IllegalArgumentException e) {
            LOG.error("DKIM key cannot be used domain={} selector={} error={}", domain, from.string("selector", ""), e.toString());
        }
    }

    /// Keeps the keys of a domain, in place of those it had; the first is the one WildDuck knows too. All get selectors that differ.
    public Document put(String domain, List<Key> keys, String description) {
        var normal = domain.startsWith("*") ? domain : DomainName.ascii(domain);
        if (keys.isEmpty() || !normal.equals("*") && !DomainName.isValid(normal.startsWith("*.") ? normal.substring(2) : normal)) {
            throw new Refusal(Refusal.Code.INVALID, "Expected a domain, *.domain or *, found " + domain);
        }
        var old = documents.find(Collections.DKIM, "dkim_primary", normal);
        var document = Document.of(
                        "_id", old.map(Document::id).orElseGet(() -> ObjectId.at(clock.instant())),
                        "domain", normal,
                        "description", description,
                        "created", clock.instant(),
                        "latest", true)
                .with(fields(keys.getFirst()))
                .with(Document.of("additional", keys.subList(1, keys.size()).stream().map(DkimKeys::fields).toList()));
        if (old.isPresent()) {
            documents.update(Collections.DKIM, old.get().id(), _ -> document);
        } else {
            insert(document, normal);
        }
        return document;
    }

    private void insert(Document document, String domain) {
        try {
            documents.insert(Collections.DKIM, document);
        } catch (StoreException.Duplicate e) {
            throw new Refusal(Refusal.Code.TEMPORARY, "Somebody else made a key for " + domain + " just now", e);
        }
    }

    private static Document fields(Key key) {
        return Document.of(
                "selector", key.selector(),
                "privateKey", key.key().pem(),
                "publicKey", key.key().publicPem(),
                "publicKeyDer", key.key().publicDer(),
                "fingerprint", key.key().fingerprint());
    }

    public Optional<Document> find(String domain) {
        return documents.find(Collections.DKIM, "dkim_primary", domain.startsWith("*") ? domain : DomainName.ascii(domain));
    }

    /// By domain, those after `after` (null: from the first).
    public List<Document> list(Documents.@Nullable Place after, int limit) {
        return documents.list(Collections.DKIM, "dkim_paging", List.of(), after, true, limit);
    }

    public boolean delete(String domain) {
        return find(domain).map(d -> documents.delete(Collections.DKIM, d.id())).orElse(false);
    }
}
