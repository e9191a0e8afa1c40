package org.pintail.mail;

import java.time.Clock;
import java.util.List;
import java.util.Optional;
import org.pintail.address.MailAddress;
import org.pintail.backend.AccountId;
import org.pintail.backend.Document;
import org.pintail.backend.Documents;
import org.pintail.backend.ObjectId;

/// Addresses of accounts, forwarded addresses, wildcards and domain aliases.
public final class Addresses {
    Addresses(Documents documents, Clock clock) {}

    /// What an address leads to.
    public sealed interface Resolved {
        /// The document in `addresses` that matched.
        Document document();

        /// `wildcard`: the match was by pattern.
        record OfAccount(AccountId account, Document document, boolean wildcard) implements Resolved {}

        record Forwarded(Document document, boolean wildcard) implements Resolved {}
    }

    /// Resolution by the reference (inbound-mx §3.4): exact, domain alias, then (if `wildcards`) patterns, the longest first.
    public Optional<Resolved> resolve(MailAddress address, boolean wildcards) {
        throw new UnsupportedOperationException();
    }

    /// Adds an address to an account. `fields`: name, tags, metaData … Refuses ADDRESS_EXISTS, INVALID.
    public Document add(AccountId account, String address, Document fields) {
        throw new UnsupportedOperationException();
    }

    /// Adds an address that only forwards. `targets`: mail addresses or URLs.
    public Document addForwarded(String address, List<String> targets, Document fields) {
        throw new UnsupportedOperationException();
    }

    public Optional<Document> find(ObjectId id) {
        throw new UnsupportedOperationException();
    }

    /// Addresses of an account by `addrview`.
    public List<Document> list(AccountId account) {
        throw new UnsupportedOperationException();
    }

    /// Changes fields; a new `address` also changes `addrview`. Refuses ADDRESS_EXISTS, NO_SUCH_ADDRESS.
    public Document update(ObjectId id, Document changes) {
        throw new UnsupportedOperationException();
    }

    public boolean delete(ObjectId id) {
        throw new UnsupportedOperationException();
    }

    public void addDomainAlias(String alias, String domain) {
        throw new UnsupportedOperationException();
    }

    /// May this account send as `address`? Its addresses, aliases, wildcards and `fromWhitelist` (outbound-mta §12).
    public boolean maySendAs(Account account, MailAddress address) {
        throw new UnsupportedOperationException();
    }
}
