package org.pintail.mail;

import java.time.Clock;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.TreeMap;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import org.pintail.address.MailAddress;
import org.pintail.backend.AccountId;
import org.pintail.backend.Document;
import org.pintail.backend.Documents;
import org.pintail.backend.ObjectId;
import org.pintail.backend.StoreException;

/// Addresses of accounts, forwarded addresses, wildcards and domain aliases.
public final class Addresses {
    private static final String BY_VIEW = "address_dotless";
    private static final String ANY_DOMAIN = "*";
    private static final int PAGE = 1000;
    private static final int MAX_PER_ACCOUNT = 10_000;
    private final Documents documents;
    private final Clock clock;

    Addresses(Documents documents, Clock clock) {
        this.documents = documents;
        this.clock = clock;
    }

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
        return resolve(address, wildcards, this::byView);
    }

    /// `exactly` looks up what is written like the address itself.
    Optional<Resolved> resolve(MailAddress address, boolean wildcards, Function<String, Optional<Document>> exactly) {
        var view = address.view();
        if (view.indexOf('*') >= 0) {
            return Optional.empty(); // nobody's own address, but it would equal a stored pattern
        }
        int at = view.lastIndexOf('@');
        var local = view.substring(0, at);
        var domain = view.substring(at + 1);
        var exact = exactly.apply(view);
        if (exact.isPresent()) {
            return resolved(exact.get(), false);
        }
        var target = documents
                .find(Collections.DOMAIN_ALIASES, "domainalias", domain)
                .flatMap(d -> d.string("domain"));
        if (target.isPresent()) {
            var aliased = byView(local + "@" + target.get());
            if (aliased.isPresent()) {
                return resolved(aliased.get(), false);
            }
        }
        if (!wildcards) {
            return Optional.empty();
        }
        var found = pattern(local, domain)
                .or(() -> target.flatMap(t -> pattern(local, t)))
                .or(() -> byView(local + "@" + ANY_DOMAIN));
        return found.flatMap(d -> resolved(d, true));
    }

    /// The stored address or pattern that is written like this, labels and dots aside.
    public Optional<Document> findStored(String address) {
        try {
            return byView(StoredAddress.view(StoredAddress.normal(address)));
        } catch (Refusal notAnAddress) {
            return Optional.empty();
        }
    }

    /// How many of each were renamed.
    public record Renamed(int addresses, int users, int aliases) {}

    /// Moves every address of a domain to another one, with the accounts whose main address it is and the aliases that lead to it. Not one
    /// step: a rename that was cut short can be asked for again. Refuses INVALID, and ADDRESS_EXISTS before anything is changed.
    public Renamed renameDomain(String from, String to) {
        var old = StoredAddress.domain(from);
        var now = StoredAddress.domain(to);
        var ending = "@" + old;
        var found = new ArrayList<Document>();
        Documents.Place after = null;
        while (true) {
            var page = documents.list(Collections.ADDRESSES, "address_paging", List.of(), after, true, PAGE);
            page.stream().filter(d -> d.string("address", "").endsWith(ending)).forEach(found::add);
            if (page.size() < PAGE) {
                break;
            }
            after = new Documents.Place(java.util.Arrays.asList(page.getLast().value("addrview")), page.getLast().id());
        }
        for (var d : found) {
            if (byView(StoredAddress.view(renamed(d, ending, now))).isPresent()) {
                throw new Refusal(Refusal.Code.ADDRESS_EXISTS, renamed(d, ending, now) + " already exists");
            }
        }
        int users = 0;
        for (var d : found) {
            var before = d.string("address", "");
            users += d.objectId("user")
                    .flatMap(u -> documents.find(Collections.USERS, u))
                    .filter(u -> u.string("address", "").equals(before))
                    .isPresent() ? 1 : 0;
            update(d.id(), Document.of("address", renamed(d, ending, now)));
        }
        int aliases = 0;
        for (var alias : documents.list(Collections.DOMAIN_ALIASES, "domainlist", List.of(old), null, true, PAGE)) {
            documents.update(Collections.DOMAIN_ALIASES, alias.id(), a -> a.with("domain", now));
            aliases++;
        }
        return new Renamed(found.size(), users, aliases);
    }

    private static String renamed(Document address, String ending, String domain) {
        var text = address.string("address", "");
        return text.substring(0, text.length() - ending.length()) + "@" + domain;
    }

    Optional<Document> byView(String view) {
        return documents.find(Collections.ADDRESSES, BY_VIEW, view);
    }

    /// `*suffix@d` and `prefix*@d`, longest fixed part first, then `*@d`.
    private Optional<Document> pattern(String local, String domain) {
        for (int n = Math.min(StoredAddress.MAX_WILDCARD, local.length()); n > 0; n--) {
            var suffix = byView("*" + local.substring(local.length() - n) + "@" + domain);
            if (suffix.isPresent()) {
                return suffix;
            }
            var prefix = byView(local.substring(0, n) + "*@" + domain);
            if (prefix.isPresent()) {
                return prefix;
            }
        }
        return byView("*@" + domain);
    }

    private static Optional<Resolved> resolved(Document d, boolean wildcard) {
        var user = d.objectId("user");
        if (user.isPresent()) {
            return Optional.of(new Resolved.OfAccount(new AccountId(user.get()), d, wildcard));
        }
        return d.list("targets").isEmpty() ? Optional.empty() : Optional.of(new Resolved.Forwarded(d, wildcard));
    }

    /// Adds an address to an account. `fields`: name, tags, metaData … Refuses ADDRESS_EXISTS, INVALID.
    /// The first plain address of an account without a main address becomes its main address.
    public Document add(AccountId account, String address, Document fields) {
        var added = insert(Document.of("user", account.value()), address, fields);
        if (address.indexOf('*') < 0) {
            var text = added.string("address", "");
            documents.update(
                    Collections.USERS,
                    account.value(),
                    u -> u.string("address", "").isEmpty() ? u.with("address", text) : u);
        }
        return added;
    }

    /// Adds an address that only forwards. `targets`: mail addresses or URLs.
    public Document addForwarded(String address, List<String> targets, Document fields) {
        return insert(Document.of("targets", targets(targets)), address, fields);
    }

    /// Targets as stored: a mail target that is an address of an account carries its id as `user`. Refuses INVALID.
    public List<Document> targets(List<String> targets) {
        var out = new ArrayList<Document>();
        for (var target : targets) {
            var type = targetType(target);
            var d = Document.of("id", ObjectId.next(), "type", type, "value", target);
            if (type.equals("mail")
                    && MailAddress.parse(target).flatMap(a -> resolve(a, false)).orElse(null)
                            instanceof Resolved.OfAccount local) {
                d = d.with("user", local.account().value());
            }
            out.add(d);
        }
        return out;
    }

    private static String targetType(String target) {
        var lower = target.toLowerCase(Locale.ROOT);
        if (lower.startsWith("smtp:") || lower.startsWith("smtps:")) {
            return "relay";
        }
        if (lower.startsWith("http:") || lower.startsWith("https:")) {
            return "http";
        }
        if (MailAddress.parse(target).isEmpty()) {
            throw new Refusal(Refusal.Code.INVALID, "Not a mail address, SMTP or HTTP URL: " + target);
        }
        return "mail";
    }

    private Document insert(Document owner, String address, Document fields) {
        var normal = StoredAddress.normal(address);
        var all = new LinkedHashMap<String, @Nullable Object>();
        all.put("_id", ObjectId.next());
        all.putAll(owner.fields());
        all.put("name", null);
        all.put("address", normal);
        all.put("addrview", StoredAddress.view(normal));
        all.put("tags", List.of());
        all.put("tagsview", List.of());
        all.putAll(Tags.applied(fields).fields());
        all.put("created", clock.instant());
        var document = new Document(all);
        try {
            documents.insert(Collections.ADDRESSES, document);
        } catch (StoreException.Duplicate e) {
            throw exists(e);
        }
        return document;
    }

    private static Refusal exists(StoreException.Duplicate e) {
        return new Refusal(Refusal.Code.ADDRESS_EXISTS, "This email address already exists", e);
    }

    public Optional<Document> find(ObjectId id) {
        return documents.find(Collections.ADDRESSES, id);
    }

    /// Addresses of an account by `addrview`.
    public List<Document> list(AccountId account) {
        var sorted = new TreeMap<String, Document>();
        for (var d : documents.list(
                Collections.ADDRESSES, "user", List.of(account.value()), null, true, MAX_PER_ACCOUNT)) {
            sorted.put(d.string("addrview", d.id().hex()), d);
        }
        return List.copyOf(sorted.values());
    }

    /// Changes fields; a new `address` also changes `addrview`. Refuses ADDRESS_EXISTS, NO_SUCH_ADDRESS.
    public Document update(ObjectId id, Document changes) {
        var before = find(id).orElseThrow(Addresses::missing);
        var applied = Tags.applied(changes);
        var text = changes.string("address");
        if (text.isPresent()) {
            var normal = StoredAddress.normal(text.get());
            applied = applied.with("address", normal).with("addrview", StoredAddress.view(normal));
        }
        var change = applied;
        Document after;
        try {
            after = documents
                    .update(Collections.ADDRESSES, id, d -> d.with(change))
                    .orElseThrow(Addresses::missing);
        } catch (StoreException.Duplicate e) {
            throw exists(e);
        }
        var old = before.string("address", "");
        var now = after.string("address", "");
        var user = after.objectId("user");
        if (user.isPresent() && !old.equals(now)) {
            documents.update(
                    Collections.USERS,
                    user.get(),
                    u -> u.string("address", "").equals(old) ? u.with("address", now) : u);
        }
        return after;
    }

    private static Refusal missing() {
        return new Refusal(Refusal.Code.NO_SUCH_ADDRESS, "Invalid or unknown email address identifier");
    }

    public boolean delete(ObjectId id) {
        return documents.delete(Collections.ADDRESSES, id);
    }

    /// Refuses INVALID, ADDRESS_EXISTS.
    public Document addDomainAlias(String alias, String domain) {
        var from = StoredAddress.domain(alias);
        var to = StoredAddress.domain(domain);
        if (from.equals(to)) {
            throw new Refusal(Refusal.Code.INVALID, "A domain can not be its own alias");
        }
        var added = Document.of("_id", ObjectId.next(), "alias", from, "domain", to, "created", clock.instant());
        try {
            documents.insert(Collections.DOMAIN_ALIASES, added);
            return added;
        } catch (StoreException.Duplicate e) {
            throw new Refusal(Refusal.Code.ADDRESS_EXISTS, "This domain alias already exists", e);
        }
    }

    /// May this account send as `address`? Its addresses, aliases, wildcards and `fromWhitelist` (outbound-mta §12).
    public boolean maySendAs(Account account, MailAddress address) {
        var view = address.view();
        for (var allowed : account.document().strings("fromWhitelist")) {
            if (whitelisted(allowed.strip().toLowerCase(Locale.ROOT), view)) {
                return true;
            }
        }
        return switch (resolve(address, true).orElse(null)) {
            case null -> false;
            case Resolved.OfAccount own -> own.account().equals(account.id());
            case Resolved.Forwarded forwarded ->
                forwarded.document().documents("targets").stream()
                        .anyMatch(t -> account.document().id().equals(t.value("user")));
        };
    }

    /// `*x`: ends with x; `x*`: begins with x; else the same address.
    private static boolean whitelisted(String allowed, String view) {
        if (allowed.length() > 1 && allowed.startsWith("*")) {
            var end = allowed.substring(1);
            return view.endsWith(end.indexOf('@') > 0 ? MailAddress.usernameView(end) : end);
        }
        if (allowed.length() > 1 && allowed.endsWith("*")) {
            return view.startsWith(MailAddress.usernameView(allowed.substring(0, allowed.length() - 1)));
        }
        return MailAddress.parse(allowed).map(MailAddress::view).orElse("").equals(view);
    }
}
