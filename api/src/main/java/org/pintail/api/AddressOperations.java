package org.pintail.api;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.pintail.address.MailAddress;
import org.pintail.api.rule.EitherRule;
import org.pintail.api.rule.ObjectRule;
import org.pintail.api.rule.ObjectRule.Field;
import org.pintail.api.rule.Rule;
import org.pintail.api.rule.Rules;
import org.pintail.api.table.Access;
import org.pintail.api.table.Access.Action;
import org.pintail.api.table.Access.Reach;
import org.pintail.api.table.Answer;
import org.pintail.api.table.ApiError;
import org.pintail.api.table.Call;
import org.pintail.api.table.Json;
import org.pintail.api.table.Operation;
import org.pintail.api.table.Operation.In;
import org.pintail.api.table.Paging;
import org.pintail.api.table.Shape;
import org.pintail.api.table.Table;
import org.pintail.backend.Document;
import org.pintail.backend.Documents;
import org.pintail.backend.ObjectId;
import org.pintail.mail.Account;
import org.pintail.mail.Addresses.Resolved;
import org.pintail.mail.Collections;
import org.pintail.mail.Mail;

/// Addresses of accounts, forwarded addresses, and the register of correspondents (http-api §5).
final class AddressOperations {
    private static final int SCAN = 1000;
    private static final String GROUP = "Addresses";
    private final Mail mail;

    AddressOperations(Mail mail) {
        this.mail = mail;
    }

    void register(Table table) {
        table.add(Operation.of("GET /addresses", "getAddresses", new Access("addresslisting", Action.READ, Reach.LISTED))
                .about(GROUP, "List addresses")
                .query("query", Rules.text().trimmed().max(255).orEmpty(), "", "Part of an address")
                .query("forward", Rules.text().trimmed().max(255).orEmpty(), "Part of a forwarding target")
                .query("tags", Rules.text().trimmed().max(1024).orEmpty(), "Tags with commas between them, one of which must be there")
                .query("requiredTags", Rules.text().trimmed().max(1024).orEmpty(), "Tags that must all be there")
                .query("metaData", Rules.bool(), "Show metaData")
                .query("internalData", Rules.bool(), "Show internalData")
                .logged(In.QUERY)
                .paged()
                .run(this::list));
        registerOwn(table);
        registerForwarded(table);
        table.add(Operation.of("GET /addresses/resolve/:address", "resolveAddress", any(Action.READ))
                .about(GROUP, "Find what an address leads to")
                .path("address", idOrAddress(), "Id or address")
                .query("allowWildcard", Rules.bool(), "By patterns as well")
                .logged(In.QUERY)
                .run(this::resolve));
        table.add(Operation.of("PUT /addresses/renameDomain", "renameDomain", any(Action.UPDATE))
                .about(GROUP, "Move all addresses of a domain to another")
                .require(In.BODY, "oldDomain", Rules.text().max(255), "Domain to rename")
                .require(In.BODY, "newDomain", Rules.text().max(255), "Its new name")
                .logged(In.BODY)
                .run(this::renameDomain));
    }

    private void registerOwn(Table table) {
        table.add(Operation.of("POST /users/:user/addresses", "createUserAddress", own(Action.CREATE))
                .about(GROUP, "Give an account an address")
                .user()
                .require(In.BODY, "address", Rules.emailOrWildcard(), "Address, or a pattern with one *")
                .body("name", Rules.text().trimmed().max(128).orEmpty(), "Name of the person")
                .body("main", Rules.bool(), "Make it the main address")
                .body("allowWildcard", Rules.bool(), "The address may be a pattern")
                .body("tags", Rules.tags(), "Tags")
                .body("metaData", Rules.meta(), "Free for the caller")
                .body("internalData", Rules.meta(), "Free for the caller, not for the user")
                .logged(In.BODY)
                .run(this::create));
        table.add(Operation.of("GET /users/:user/addresses", "getUserAddresses", own(Action.READ))
                .about(GROUP, "List the addresses of an account")
                .user()
                .query("metaData", Rules.bool(), "Show metaData")
                .query("internalData", Rules.bool(), "Show internalData")
                .logged(In.QUERY)
                .run(this::listOwn));
        table.add(Operation.of("GET /users/:user/addresses/:address", "getUserAddress", own(Action.READ))
                .about(GROUP, "Show an address of an account")
                .user()
                .path("address", Rules.objectId(), "Id of the address")
                .logged(In.QUERY)
                .run(this::one));
        table.add(Operation.of("PUT /users/:user/addresses/:id", "updateUserAddress", own(Action.UPDATE))
                .about(GROUP, "Change an address of an account")
                .user()
                .path("id", Rules.objectId(), "Id of the address")
                .body("name", Rules.text().trimmed().max(128).withEmpty(), "Name of the person")
                .body("address", Rules.email(), "New address")
                .body("main", Rules.bool(), "Make it the main address")
                .body("tags", Rules.tags(), "Tags")
                .body("metaData", Rules.meta(), "Free for the caller")
                .body("internalData", Rules.meta(), "Free for the caller, not for the user")
                .logged(In.BODY)
                .run(this::update));
        table.add(Operation.of("DELETE /users/:user/addresses/:address", "deleteUserAddress", own(Action.DELETE))
                .about(GROUP, "Take an address from an account")
                .user()
                .path("address", Rules.objectId(), "Id of the address")
                .logged(In.QUERY)
                .run(this::delete));
        table.add(Operation.of("GET /users/:user/addressregister", "getUserAddressregister", own(Action.READ))
                .about(GROUP, "Complete an address from those the account has written to or heard from")
                .user()
                .require(In.QUERY, "query", Rules.text().trimmed().max(255).orEmpty(), "Part of the address, or start of the name")
                .query("limit", Rules.number(1, 250), 20L, "How many")
                .logged(In.QUERY)
                .run(this::register));
        table.add(Operation.of("PUT /users/:user/addressregister/:id", "updateAddressAddressregister", own(Action.CREATE))
                .about(GROUP, "Change an entry of the register")
                .user()
                .path("id", Rules.objectId(), "Id of the entry")
                .require(In.BODY, "disabled", Rules.bool(), "Not to be shown")
                .body("name", Rules.text().max(255), "Name of the person")
                .logged(In.QUERY)
                .run(this::updateRegister));
    }

    private void registerForwarded(Table table) {
        table.add(forwarded(Operation.of("POST /addresses/forwarded", "createForwardedAddress", any(Action.CREATE))
                        .about(GROUP, "Create an address that only forwards")
                        .require(In.BODY, "address", Rules.emailOrWildcard(), "Address, or a pattern with one *")
                        .body("allowWildcard", Rules.bool(), "The address may be a pattern"))
                .run(this::createForwarded));
        table.add(forwarded(Operation.of("PUT /addresses/forwarded/:id", "updateForwardedAddress", any(Action.UPDATE))
                        .about(GROUP, "Change a forwarded address")
                        .path("id", Rules.objectId(), "Id of the address")
                        .body("address", Rules.email(), "New address")
                        .body("forwardedDisabled", Rules.bool(), "Do not forward for now"))
                .run(this::updateForwarded));
        table.add(Operation.of("DELETE /addresses/forwarded/:address", "deleteForwardedAddress", any(Action.DELETE))
                .about(GROUP, "Delete a forwarded address")
                .path("address", Rules.objectId(), "Id of the address")
                .logged(In.QUERY)
                .run(this::deleteForwarded));
        table.add(Operation.of("GET /addresses/forwarded/:address", "getForwardedAddress", any(Action.READ))
                .about(GROUP, "Show a forwarded address")
                .path("address", Rules.objectId(), "Id of the address")
                .logged(In.QUERY)
                .run(call -> showForwarded(requireForwarded(call.required("address"))).ok()));
    }

    private static Operation forwarded(Operation operation) {
        var text = Rules.text().trimmed().max(131_072).withEmpty();
        var autoreply = ObjectRule.of(
                new Field("status", Rules.bool(), false, true),
                Field.of("start", Rules.dateOrFalse()),
                Field.of("end", Rules.dateOrFalse()),
                Field.of("name", Rules.text().trimmed().max(128).withEmpty()),
                Field.of("subject", Rules.text().trimmed().max(2048).withEmpty()),
                Field.of("text", text),
                Field.of("html", text));
        return operation
                .body("name", Rules.text().trimmed().max(128).withEmpty(), "Name")
                .body("targets", Rules.listOf(Rules.target()), "Where to: addresses, SMTP or HTTP URLs")
                .body("forwards", Rules.amount(), "Messages in 24 h, 0 for the default")
                .body("autoreply", autoreply, "What to answer")
                .body("tags", Rules.tags(), "Tags")
                .body("metaData", Rules.meta(), "Free for the caller")
                .body("internalData", Rules.meta(), "Free for the caller, not for the user")
                .logged(In.BODY);
    }

    private static Rule idOrAddress() {
        return new EitherRule(List.of(Rules.objectId(), Rules.email(), Rules.wildcard()), "must be an id or a valid email");
    }

    private static Access own(Action action) {
        return new Access("addresses", action, Reach.OWN);
    }

    private static Access any(Action action) {
        return new Access("addresses", action, Reach.ANY);
    }

    private Answer list(Call call) {
        var paging = Paging.of(call);
        var only = call.caller().onlyFor();
        var any = UserOperations.tags(call.text("tags"));
        var required = UserOperations.tags(call.text("requiredTags"));
        var all = new ArrayList<Document>();
        Documents.Place after = null;
        while (true) {
            var page = mail.store().documents().list(Collections.ADDRESSES, "address_paging", List.of(), after, true, SCAN);
            for (var d : page) {
                var tags = d.strings("tagsview");
                boolean fits = d.string("address", "").contains(call.text("query"))
                        && (call.text("forward").isEmpty() || targets(d).stream().anyMatch(t -> t.contains(call.text("forward"))))
                        && (any.isEmpty() || any.stream().anyMatch(tags::contains))
                        && tags.containsAll(required)
                        && (only.isEmpty() || only.get().equals(d.value("user")));
                if (fits) {
                    all.add(d);
                }
            }
            if (page.size() < SCAN) {
                break;
            }
            after = new Documents.Place(java.util.Arrays.asList(page.getLast().value("addrview")), page.getLast().id());
        }
        boolean meta = call.yes("metaData");
        boolean internal = call.yes("internalData") && only.isEmpty();
        var shape = Shape.success().put("query", call.text("query"));
        return paging.answer(shape, all.size(), paging.slice(all, AddressOperations::key), AddressOperations::key, d -> listed(d, meta, internal))
                .ok();
    }

    private static Paging.Key key(Document d) {
        return new Paging.Key(d.string("addrview", ""), d.id());
    }

    private static Shape listed(Document d, boolean meta, boolean internal) {
        boolean forwarded = d.objectId("user").isEmpty();
        return new Shape()
                .put("id", d.id())
                .given("name", d.string("name").filter(n -> !n.isEmpty()).orElse(null))
                .put("address", d.string("address", ""))
                .given("user", d.value("user"))
                .put("forwarded", forwarded)
                .put("forwardedDisabled", forwarded && d.bool("forwardedDisabled"))
                .when(forwarded, "targets", targets(d))
                .put("tags", d.strings("tags"))
                .when(meta, "metaData", Json.object(d.string("metaData", "")))
                .when(internal, "internalData", Json.object(d.string("internalData", "")));
    }

    private static List<String> targets(Document d) {
        return d.documents("targets").stream().map(t -> t.string("value", "")).toList();
    }

    /// What the rules do not say about patterns.
    private static void checkPattern(Call call, boolean main) {
        var address = call.text("address");
        if (address.indexOf('+') >= 0) {
            throw ApiError.input("Address can not contain +");
        }
        int star = address.indexOf('*');
        if (star < 0) {
            return;
        }
        if (!call.yes("allowWildcard")) {
            throw ApiError.input("Address can not contain *");
        }
        if (address.indexOf('*', star + 1) >= 0) {
            throw ApiError.input("Invalid wildcard address: only one * is allowed");
        }
        if (main) {
            throw ApiError.input("Main address can not contain *");
        }
    }

    private Answer create(Call call) {
        checkPattern(call, call.yes("main"));
        var account = mail.accounts().require(call.user());
        var added = mail.addresses().add(account.id(), call.text("address"), call.fields("name", "tags", "metaData", "internalData"));
        if (call.yes("main")) {
            mail.accounts().update(account.id(), Document.of("address", added.string("address", "")));
        }
        return Shape.success().put("id", added.id()).ok();
    }

    private Answer listOwn(Call call) {
        var account = mail.accounts().require(call.user());
        boolean meta = call.yes("metaData");
        boolean internal = call.yes("internalData") && call.caller().onlyFor().isEmpty();
        var results = mail.addresses().list(account.id()).stream()
                .map(d -> shown(new Shape(), d, account, meta, internal))
                .toList();
        return Shape.success().put("results", results).ok();
    }

    private static Shape shown(Shape shape, Document d, Account account, boolean meta, boolean internal) {
        return shape.put("id", d.id())
                .given("name", d.string("name").filter(n -> !n.isEmpty()).orElse(null))
                .put("address", d.string("address", ""))
                .put("main", d.string("address", "").equals(account.address()))
                .put("tags", d.strings("tags"))
                .put("created", d.value("created"))
                .when(meta, "metaData", Json.object(d.string("metaData", "")))
                .when(internal, "internalData", Json.object(d.string("internalData", "")));
    }

    private Document requireOwn(Account account, ObjectId id) {
        return mail.addresses()
                .find(id)
                .filter(d -> account.document().id().equals(d.value("user")))
                .orElseThrow(() -> new ApiError(404, "AddressNotFound", "Invalid or unknown email address identifier"));
    }

    private Answer one(Call call) {
        var account = mail.accounts().require(call.user());
        var address = requireOwn(account, call.required("address"));
        return shown(Shape.success(), address, account, true, call.caller().onlyFor().isEmpty()).ok();
    }

    private Answer update(Call call) {
        if (call.bool("main").filter(main -> !main).isPresent()) {
            throw ApiError.input("Cannot unset main status");
        }
        var account = mail.accounts().require(call.user());
        var before = requireOwn(account, call.required("id"));
        boolean pattern = before.string("address", "").indexOf('*') >= 0;
        if (pattern && call.has("address")) {
            throw new ApiError(400, "ChangeNotAllowed", "Can not change special address");
        }
        if (pattern && call.yes("main")) {
            throw new ApiError(400, "WildcardNotPermitted", "Can not set wildcard address as main");
        }
        if (call.text("address").indexOf('+') >= 0) {
            throw ApiError.input("Address can not contain +");
        }
        var after = mail.addresses().update(before.id(), call.fields("name", "address", "tags", "metaData", "internalData"));
        if (call.yes("main")) {
            mail.accounts().update(account.id(), Document.of("address", after.string("address", "")));
        }
        return Shape.success().ok();
    }

    private Answer delete(Call call) {
        var account = mail.accounts().require(call.user());
        var address = requireOwn(account, call.required("address"));
        if (address.string("address", "").equals(account.address())) {
            throw new ApiError(400, "NotPermitted", "Trying to delete main address. Set a new main address first");
        }
        mail.addresses().delete(address.id());
        return Shape.success().ok();
    }

    private Answer register(Call call) {
        var results = mail.addressRegister().find(call.user(), call.text("query"), (int) call.number("limit")).stream()
                .map(e -> new Shape()
                        .put("id", e.id())
                        .given("name", e.string("name").filter(n -> !n.isEmpty()).orElse(null))
                        .put("address", e.string("address", "")))
                .toList();
        return Shape.success().put("results", results).ok();
    }

    private Answer updateRegister(Call call) {
        mail.accounts().require(call.user());
        boolean done = mail.addressRegister().update(call.user(), call.required("id"), call.yes("disabled"), call.given("name"));
        return new Shape().put("success", done).ok();
    }

    private Answer createForwarded(Call call) {
        checkPattern(call, false);
        checkLoop(call.text("address"), call.texts("targets"));
        var fields = call.fields("name", "tags", "metaData", "internalData", "forwards")
                .with("autoreply", call.has("autoreply") ? call.object("autoreply") : Document.of("status", false));
        var added = mail.addresses().addForwarded(call.text("address"), call.texts("targets"), fields);
        return Shape.success().put("id", added.id()).ok();
    }

    private static void checkLoop(String address, List<String> targets) {
        var own = MailAddress.parse(address).map(MailAddress::view).orElse("");
        for (var target : targets) {
            if (MailAddress.parse(target).map(MailAddress::view).filter(own::equals).isPresent()) {
                throw ApiError.input("Can not forward to self \"" + target + "\"");
            }
        }
    }

    private Document requireForwarded(ObjectId id) {
        return mail.addresses()
                .find(id)
                .filter(d -> d.objectId("user").isEmpty())
                .orElseThrow(() -> new ApiError(404, "AddressNotFound", "Invalid or unknown email address identifier"));
    }

    private Answer updateForwarded(Call call) {
        var before = requireForwarded(call.required("id"));
        var old = before.string("address", "");
        if (call.has("address") && old.indexOf('*') >= 0) {
            throw new ApiError(400, "ChangeNotAllowed", "Can not change special address");
        }
        var changes = call.fields("name", "address", "tags", "metaData", "internalData", "forwards", "forwardedDisabled");
        if (call.has("targets")) {
            checkLoop(call.given("address").orElse(old), call.texts("targets"));
            changes = changes.with("targets", mail.addresses().targets(call.texts("targets")));
        }
        if (call.has("autoreply")) {
            var merged = before.document("autoreply").orElse(Document.EMPTY).with(call.object("autoreply"));
            changes = changes.with("autoreply", merged);
        }
        mail.addresses().update(before.id(), changes);
        return Shape.success().ok();
    }

    private Answer deleteForwarded(Call call) {
        mail.addresses().delete(requireForwarded(call.required("address")).id());
        return Shape.success().ok();
    }

    private Shape showForwarded(Document d) {
        var limits = new LinkedHashMap<String, Object>();
        long allowed = d.number("forwards") > 0 ? d.number("forwards") : mail.stored().number("const:max:forwards");
        limits.put("forwards", UserOperations.limit(mail, "wdf:" + d.id().hex(), allowed));
        return Shape.success()
                .put("id", d.id())
                .put("name", d.string("name", ""))
                .put("address", d.string("address", ""))
                .put("targets", targets(d))
                .put("limits", limits)
                .put("autoreply", autoreply(d.document("autoreply").orElse(Document.of("status", false))))
                .put("tags", d.strings("tags"))
                .when(d.bool("forwardedDisabled"), "forwardedDisabled", true)
                .put("created", d.value("created"))
                .put("metaData", Json.object(d.string("metaData", "")))
                .put("internalData", Json.object(d.string("internalData", "")));
    }

    private static Map<String, @Nullable Object> autoreply(Document d) {
        var out = new LinkedHashMap<String, @Nullable Object>();
        out.put("status", d.bool("status"));
        d.fields().forEach((name, value) -> {
            if (value != null && !name.equals("status")) {
                out.put(name, value);
            }
        });
        return out;
    }

    private Answer resolve(Call call) {
        var found = found(call);
        if (found.objectId("user").isEmpty()) {
            return showForwarded(found).ok();
        }
        return Shape.success()
                .put("id", found.id())
                .put("address", found.string("address", ""))
                .put("user", found.value("user"))
                .put("tags", found.strings("tags"))
                .put("created", found.value("created"))
                .put("metaData", Json.object(found.string("metaData", "")))
                .put("internalData", Json.object(found.string("internalData", "")))
                .ok();
    }

    private Document found(Call call) {
        var byId = call.id("address").flatMap(mail.addresses()::find);
        return byId.or(() -> mail.addresses().findStored(call.text("address")))
                .or(() -> MailAddress.parse(call.text("address"))
                        .flatMap(a -> mail.addresses().resolve(a, call.yes("allowWildcard")))
                        .map(Resolved::document))
                .orElseThrow(() -> new ApiError(404, "AddressNotFound", "Invalid or unknown address"));
    }

    private Answer renameDomain(Call call) {
        var renamed = mail.addresses().renameDomain(call.text("oldDomain"), call.text("newDomain"));
        return Shape.success()
                .put("modifiedAddresses", renamed.addresses())
                .put("modifiedUsers", renamed.users())
                .put("modifiedDkim", 0)
                .put("modifiedAliases", renamed.aliases())
                .ok();
    }
}
