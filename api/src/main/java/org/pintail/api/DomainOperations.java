package org.pintail.api;

import java.util.List;
import org.pintail.address.MailAddress;
import org.pintail.api.rule.Rules;
import org.pintail.api.table.Access;
import org.pintail.api.table.Access.Action;
import org.pintail.api.table.Access.Reach;
import org.pintail.api.table.Answer;
import org.pintail.api.table.ApiError;
import org.pintail.api.table.Call;
import org.pintail.api.table.Operation;
import org.pintail.api.table.Operation.In;
import org.pintail.api.table.Paging;
import org.pintail.api.table.Shape;
import org.pintail.api.table.Table;
import org.pintail.backend.Document;
import org.pintail.backend.ObjectId;
import org.pintail.backend.StoreException;
import org.pintail.mail.Collections;
import org.pintail.mail.Mail;
import org.pintail.mail.Refusal;

/// Domain aliases, and which sender domains are let in (http-api §18, §12).
final class DomainOperations {
    private static final int MOST = 100_000;
    private final Mail mail;

    DomainOperations(Mail mail) {
        this.mail = mail;
    }

    void register(Table table) {
        table.add(Operation.of("GET /domainaliases", "getDomainAliases", aliases(Action.READ))
                .about("DomainAliases", "List domain aliases")
                .query("query", Rules.text().trimmed().max(255).orEmpty(), "Part of the alias or the domain")
                .logged(In.QUERY)
                .paged()
                .run(this::list));
        table.add(Operation.of("POST /domainaliases", "createDomainAlias", aliases(Action.CREATE))
                .about("DomainAliases", "Make a domain an alias of another")
                .require(In.BODY, "alias", Rules.text().max(255), "The alias")
                .require(In.BODY, "domain", Rules.text().max(255), "The domain it stands for")
                .logged(In.BODY)
                .run(this::create));
        table.add(Operation.of("GET /domainaliases/resolve/:alias", "resolveDomainAlias", aliases(Action.READ))
                .about("DomainAliases", "Find an alias by name")
                .path("alias", Rules.text().max(255), "The alias")
                .logged(In.QUERY)
                .run(this::resolve));
        table.add(Operation.of("GET /domainaliases/:alias", "getDomainAlias", aliases(Action.READ))
                .about("DomainAliases", "Show an alias")
                .path("alias", Rules.objectId(), "Id of the alias")
                .logged(In.QUERY)
                .run(this::one));
        table.add(Operation.of("DELETE /domainaliases/:alias", "deleteDomainAlias", aliases(Action.DELETE))
                .about("DomainAliases", "Delete an alias")
                .path("alias", Rules.objectId(), "Id of the alias")
                .logged(In.QUERY)
                .run(this::delete));
        for (var action : List.of("allow", "block")) {
            var word = action.equals("allow") ? "Allowed" : "Blocked";
            table.add(Operation.of("POST /domainaccess/:tag/" + action, "create" + word + "Domain", access(Action.CREATE))
                    .about("DomainAccess", "Add a sender domain for accounts with a tag: " + action)
                    .path("tag", Rules.text().trimmed().max(128), "Tag of the accounts")
                    .require(In.BODY, "domain", Rules.text().max(255), "Domain of the sender")
                    .logged(In.BODY)
                    .run(call -> addAccess(call, action)));
            table.add(Operation.of("GET /domainaccess/:tag/" + action, "get" + word + "Domains", access(Action.READ))
                    .about("DomainAccess", "List the sender domains of a tag: " + action)
                    .path("tag", Rules.text().trimmed().max(128), "Tag of the accounts")
                    .logged(In.QUERY)
                    .run(call -> listAccess(call, action)));
        }
        table.add(Operation.of("DELETE /domainaccess/:domain", "deleteDomainListing", access(Action.DELETE))
                .about("DomainAccess", "Delete an entry")
                .path("domain", Rules.objectId(), "Id of the entry")
                .logged(In.QUERY)
                .run(this::deleteAccess));
    }

    private static Access aliases(Action action) {
        return new Access("domainaliases", action, Reach.ANY);
    }

    private static Access access(Action action) {
        return new Access("domainaccess", action, Reach.ANY);
    }

    private Answer list(Call call) {
        var paging = Paging.of(call);
        var query = call.text("query");
        var all = mail.store().documents().list(Collections.DOMAIN_ALIASES, "domainalias", List.of(), null, true, MOST).stream()
                .filter(d -> d.string("alias", "").contains(query) || d.string("domain", "").contains(query))
                .toList();
        var shape = Shape.success().given("query", call.given("query").orElse(null));
        return paging.answer(shape, all.size(), paging.slice(all, DomainOperations::key), DomainOperations::key, d -> show(new Shape(), d))
                .ok();
    }

    private static Paging.Key key(Document d) {
        return new Paging.Key(d.string("alias", ""), d.id());
    }

    private static Shape show(Shape shape, Document d) {
        return shape.put("id", d.id()).put("alias", d.string("alias", "")).put("domain", d.string("domain", ""));
    }

    private Answer create(Call call) {
        try {
            var added = mail.addresses().addDomainAlias(call.text("alias"), call.text("domain"));
            return Shape.success().put("id", added.id()).ok();
        } catch (Refusal e) {
            if (e.code() == Refusal.Code.ADDRESS_EXISTS) {
                throw new ApiError(400, "AliasExists", e.text());
            }
            throw e;
        }
    }

    private static String normal(String domain) {
        return MailAddress.parse("x@" + domain.strip()).map(MailAddress::domain).orElse(domain);
    }

    private Answer resolve(Call call) {
        var found = mail.store()
                .documents()
                .find(Collections.DOMAIN_ALIASES, "domainalias", normal(call.text("alias")))
                .orElseThrow(DomainOperations::missing);
        return Shape.success().put("id", found.id()).ok();
    }

    private static ApiError missing() {
        return new ApiError(404, "AliasNotFound", "This alias does not exist");
    }

    private Answer one(Call call) {
        var found = mail.store()
                .documents()
                .find(Collections.DOMAIN_ALIASES, call.required("alias"))
                .orElseThrow(DomainOperations::missing);
        return show(Shape.success(), found).put("created", found.value("created")).ok();
    }

    private Answer delete(Call call) {
        if (!mail.store().documents().delete(Collections.DOMAIN_ALIASES, call.required("alias"))) {
            throw missing();
        }
        return Shape.success().ok();
    }

    private Answer addAccess(Call call, String action) {
        var documents = mail.store().documents();
        var tag = call.text("tag");
        var view = tag.toLowerCase(java.util.Locale.ROOT);
        var domain = normal(call.text("domain"));
        while (true) {
            var known = documents.find(Collections.DOMAIN_ACCESS, "domain_once", view, domain);
            if (known.isPresent()) {
                documents.update(Collections.DOMAIN_ACCESS, known.get().id(), d -> d.with("action", action));
                return Shape.success().put("id", known.get().id()).ok();
            }
            var added = Document.of("_id", ObjectId.next(), "tag", tag, "tagview", view, "domain", domain, "action", action);
            try {
                documents.insert(Collections.DOMAIN_ACCESS, added);
                return Shape.success().put("id", added.id()).ok();
            } catch (StoreException.Duplicate again) {
                // somebody else added it first: change theirs
            }
        }
    }

    private Answer listAccess(Call call, String action) {
        var view = call.text("tag").toLowerCase(java.util.Locale.ROOT);
        var results = mail.store()
                .documents()
                .list(Collections.DOMAIN_ACCESS, "by_tag", List.of(view, action), null, true, MOST)
                .stream()
                .map(d -> new Shape().put("id", d.id()).put("domain", d.string("domain", "")).put("action", action))
                .toList();
        return Shape.success().put("results", results).ok();
    }

    private Answer deleteAccess(Call call) {
        if (!mail.store().documents().delete(Collections.DOMAIN_ACCESS, call.required("domain"))) {
            throw new ApiError(404, "DomainNotFound", "Invalid or unknown domain identifier");
        }
        return Shape.success().put("deleted", call.required("domain")).ok();
    }
}
