package org.pintail.api;

import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.pintail.api.rule.ListRule;
import org.pintail.api.rule.NumberRule;
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
import org.pintail.backend.AccountId;
import org.pintail.backend.Document;
import org.pintail.backend.MailboxId;
import org.pintail.backend.ObjectId;
import org.pintail.mail.Collections;
import org.pintail.mail.Mail;
import org.pintail.mail.Refusal;

/// What accounts want done with mail as it comes in (http-api §11).
final class FilterOperations {
    private static final int MOST = 10_000;
    private static final List<String> HEADERS = List.of("from", "to", "subject", "listId");
    private final Mail mail;

    FilterOperations(Mail mail) {
        this.mail = mail;
    }

    void register(Table table) {
        table.add(Operation.of("GET /filters", "getAllFilters", new Access("filters", Action.READ, Reach.LISTED))
                .about("Filters", "List the filters of all accounts")
                .query("forward", Rules.text().trimmed().max(255).orEmpty(), "Part of a forwarding target")
                .query("metaData", Rules.bool(), "Show metaData")
                .logged(In.QUERY)
                .paged()
                .run(this::listAll));
        table.add(Operation.of("GET /users/:user/filters", "getFilters", own(Action.READ))
                .about("Filters", "List the filters of an account")
                .user()
                .query("metaData", Rules.bool(), "Show metaData")
                .logged(In.QUERY)
                .run(this::list));
        table.add(written(Operation.of("POST /users/:user/filters", "createFilter", own(Action.CREATE))
                        .about("Filters", "Create a filter")
                        .user()
                        .require(In.BODY, "query", query(), "What a message has to be")
                        .require(In.BODY, "action", action(), "What happens to it")
                        .body("disabled", Rules.bool(), false, "Not for now"))
                .run(this::create));
        table.add(Operation.of("GET /users/:user/filters/:filter", "getFilter", own(Action.READ))
                .about("Filters", "Show a filter")
                .user()
                .path("filter", Rules.objectId(), "Id of the filter")
                .logged(In.QUERY)
                .run(this::one));
        table.add(written(Operation.of("PUT /users/:user/filters/:filter", "updateFilter", own(Action.UPDATE))
                        .about("Filters", "Change a filter")
                        .user()
                        .path("filter", Rules.objectId(), "Id of the filter")
                        .body("query", query(), "What to change of the query; an empty value removes")
                        .body("action", action(), "What to change of the action; null or an empty value removes")
                        .body("disabled", Rules.bool(), "Not for now"))
                .run(this::update));
        table.add(Operation.of("DELETE /users/:user/filters/:filter", "deleteFilter", own(Action.DELETE))
                .about("Filters", "Delete a filter")
                .user()
                .path("filter", Rules.objectId(), "Id of the filter")
                .logged(In.QUERY)
                .run(this::delete));
    }

    private static Access own(Action action) {
        return new Access("filters", action, Reach.OWN);
    }

    private static Operation written(Operation operation) {
        return operation
                .body("name", Rules.text().trimmed().max(255).withEmpty(), "Name")
                .body("metaData", Rules.meta(), "Free for the caller")
                .logged(In.BODY);
    }

    private static ObjectRule query() {
        var text = Rules.text().trimmed().max(255).withEmpty();
        return ObjectRule.of(
                Field.of("from", text),
                Field.of("to", text),
                Field.of("subject", text),
                Field.of("listId", text),
                Field.of("text", text),
                Field.of("ha", new Cleared(Rules.bool())),
                Field.of("size", new Cleared(new NumberRule(Long.MIN_VALUE, Long.MAX_VALUE, true))));
    }

    private static ObjectRule action() {
        return ObjectRule.of(
                Field.of("seen", new Cleared(Rules.bool())),
                Field.of("flag", new Cleared(Rules.bool())),
                Field.of("delete", new Cleared(Rules.bool())),
                Field.of("spam", new Cleared(Rules.bool())),
                Field.of("mailbox", new Cleared(Rules.objectIdOrEmpty())),
                Field.of("targets", new Cleared(new ListRule(Rules.target(), 0, false, false, false))));
    }

    /// A value, or null or "" as "", which takes away what was there.
    private record Cleared(Rule rule) implements Rule {
        @Override
        public @Nullable Object check(@Nullable Object input, org.pintail.api.rule.Place place, org.pintail.api.rule.Problems problems) {
            return input == null || "".equals(input) ? "" : rule.check(input, place, problems);
        }

        @Override
        public Map<String, Object> schema() {
            return rule.schema();
        }
    }

    private Answer create(Call call) {
        var account = mail.accounts().require(call.user());
        var now = mail.clock().instant();
        var filter = Document.of(
                        "_id", ObjectId.at(now),
                        "query", changedQuery(Document.EMPTY, call.object("query")),
                        "action", changedAction(account.id(), Document.EMPTY, call.object("action")),
                        "disabled", call.yes("disabled"),
                        "created", now.truncatedTo(ChronoUnit.MILLIS))
                .with(call.fields("name", "metaData"));
        long limit = limit(account.document());
        try {
            return Shape.success().put("id", mail.filters().add(account.id(), filter, limit).id()).ok();
        } catch (Refusal e) {
            if (e.code() == Refusal.Code.NOT_ALLOWED) {
                throw new ApiError(403, "TooMany", e.text(), Map.of("allowed", limit));
            }
            throw e;
        }
    }

    private long limit(Document account) {
        return account.number("filters") > 0 ? account.number("filters") : mail.stored().number("const:max:filters");
    }

    private static Document changedQuery(Document before, Document changes) {
        var headers = new LinkedHashMap<>(before.document("headers").orElse(Document.EMPTY).fields());
        var query = new LinkedHashMap<>(before.fields());
        changes.fields().forEach((name, value) -> change(HEADERS.contains(name) ? headers : query, name, value));
        query.remove("headers");
        if (!headers.isEmpty()) {
            query.put("headers", new Document(headers));
        }
        return new Document(query);
    }

    /// Refuses [ApiError] 404 for a mailbox that the account does not have.
    private Document changedAction(AccountId account, Document before, Document changes) {
        changes.objectId("mailbox").ifPresent(m -> MailboxOperations.require(mail, account, new MailboxId(m)));
        var action = new LinkedHashMap<>(before.fields());
        changes.fields().forEach((name, value) ->
                change(action, name, name.equals("targets") && value instanceof List<?> ? UserOperations.targets(changes.strings(name)) : value));
        return new Document(action);
    }

    private static void change(Map<String, @Nullable Object> fields, String name, @Nullable Object value) {
        if (value == null || value.equals("") || value.equals(List.of()) || name.equals("size") && value.equals(0L)) {
            fields.remove(name);
        } else {
            fields.put(name, value instanceof String text ? text.replaceAll("\\s+", " ") : value);
        }
    }

    private static ApiError missing() {
        return new ApiError(404, "FilterNotFound", "This filter does not exist");
    }

    private Answer update(Call call) {
        var account = call.user();
        var before = mail.filters().find(account, call.required("filter")).orElseThrow(FilterOperations::missing);
        var action = changedAction(account, before.document("action").orElse(Document.EMPTY), call.object("action"));
        var query = changedQuery(before.document("query").orElse(Document.EMPTY), call.object("query"));
        var fields = call.fields("name", "disabled", "metaData");
        mail.filters().update(account, before.id(), f -> f.with(fields).with("query", query).with("action", action));
        return Shape.success().ok();
    }

    private Answer one(Call call) {
        var filter = mail.filters().find(call.user(), call.required("filter")).orElseThrow(FilterOperations::missing);
        var meta = filter.string("metaData", "");
        return named(Shape.success().put("id", filter.id()), filter)
                .put("query", plainQuery(filter))
                .put("action", plainAction(filter))
                .put("disabled", filter.bool("disabled"))
                .put("created", filter.value("created"))
                .when(!meta.isEmpty(), "metaData", Json.object(meta))
                .ok();
    }

    private static Shape named(Shape shape, Document filter) {
        return shape.given("name", filter.string("name").filter(n -> !n.isEmpty()).orElse(null));
    }

    private static Document plainQuery(Document filter) {
        var query = filter.document("query").orElse(Document.EMPTY);
        return query.document("headers").orElse(Document.EMPTY).with(query.without("headers"));
    }

    private static Document plainAction(Document filter) {
        var action = filter.document("action").orElse(Document.EMPTY);
        return action.has("targets") ? action.with("targets", targets(action)) : action;
    }

    private static List<String> targets(Document action) {
        return action.documents("targets").stream().map(t -> t.string("value", "")).toList();
    }

    private Answer delete(Call call) {
        if (!mail.filters().delete(call.user(), call.required("filter"))) {
            throw missing();
        }
        return Shape.success().ok();
    }

    private Answer list(Call call) {
        var account = mail.accounts().require(call.user());
        var filters = mail.filters().list(account.id());
        return Shape.success()
                .put("limits", Map.of("allowed", limit(account.document()), "used", filters.size()))
                .put("results", filters.stream().map(f -> listed(f, account.id(), call.yes("metaData"))).toList())
                .ok();
    }

    private Answer listAll(Call call) {
        var paging = Paging.of(call);
        var only = call.caller().onlyFor().map(AccountId::new);
        var forward = call.text("forward");
        var all = only.isPresent() ? mail.filters().list(only.get()) : mail.store().documents().list(Collections.FILTERS, null, true, MOST);
        var wanted = all.stream()
                .filter(f -> forward.isEmpty() || targets(f.document("action").orElse(Document.EMPTY)).stream().anyMatch(t -> t.contains(forward)))
                .toList();
        return paging.answer(Shape.success(), wanted.size(), paging.slice(wanted, FilterOperations::key), FilterOperations::key, f -> {
                    var account = new AccountId(f.objectId("user").orElseThrow());
                    var targets = targets(f.document("action").orElse(Document.EMPTY));
                    return listed(f, account, call.yes("metaData")).put("user", account).when(!targets.isEmpty(), "targets", targets);
                })
                .ok();
    }

    private static Paging.Key key(Document filter) {
        return new Paging.Key(null, filter.id());
    }

    private Shape listed(Document filter, AccountId account, boolean metaData) {
        return named(new Shape().put("id", filter.id()), filter)
                .put("query", told(plainQuery(filter)))
                .put("action", toldAction(plainAction(filter), account))
                .put("originalQuery", plainQuery(filter))
                .put("originalAction", plainAction(filter))
                .put("disabled", filter.bool("disabled"))
                .put("created", filter.value("created"))
                .when(metaData, "metaData", Json.object(filter.string("metaData", "")));
    }

    /// As people read it: `["from", "(text)"]`.
    private static List<List<Object>> told(Document query) {
        var out = new ArrayList<List<Object>>();
        HEADERS.forEach(h -> query.string(h).ifPresent(v -> out.add(List.of(h, "(" + v + ")"))));
        if (query.bool("ha")) {
            out.add(List.of("has attachment"));
        }
        query.string("text").ifPresent(v -> out.add(List.of("text", "\"" + v + "\"")));
        if (query.number("size") != 0) {
            out.add(List.of(query.number("size") > 0 ? "larger" : "smaller", Math.abs(query.number("size"))));
        }
        return out;
    }

    private List<List<String>> toldAction(Document action, AccountId account) {
        var out = new ArrayList<List<String>>();
        told(out, action, "seen", "mark as read");
        told(out, action, "flag", "flag it");
        told(out, action, "spam", "mark it as spam");
        told(out, action, "delete", "delete it");
        action.objectId("mailbox")
                .map(id -> mail.folders().find(account, new MailboxId(id)))
                .ifPresent(m -> out.add(m.isPresent() ? List.of("move to folder", "\"" + m.get().path() + "\"") : List.of("keep in INBOX")));
        if (action.has("targets")) {
            out.add(List.of("forward to", String.join(", ", action.strings("targets"))));
        }
        return out;
    }

    private static void told(List<List<String>> out, Document action, String name, String text) {
        if (action.has(name)) {
            out.add(List.of(action.bool(name) ? text : "do not " + text));
        }
    }
}
