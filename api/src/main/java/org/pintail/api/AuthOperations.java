package org.pintail.api;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
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
import org.pintail.backend.Documents;
import org.pintail.mail.Account;
import org.pintail.mail.Authentication;
import org.pintail.mail.Authentication.Result;
import org.pintail.mail.Collections;
import org.pintail.mail.Mail;

/// Logging in, and the log of it (http-api §15).
final class AuthOperations {
    private static final int SCAN = 1000;
    private final Mail mail;
    private final AccessTokens tokens;

    AuthOperations(Mail mail, AccessTokens tokens) {
        this.mail = mail;
        this.tokens = tokens;
    }

    void register(Table table) {
        table.add(Operation.of("POST /preauth", "preauth", new Access("authentication", Action.CREATE, Reach.ANY))
                .about("Authentication", "May this user log in at all?")
                .require(In.BODY, "username", Rules.usernameOrEmail(), "User name or address")
                .body("scope", Rules.text(), "master", "What to log in to")
                .logged(In.BODY)
                .run(this::preauth));
        table.add(Operation.of("POST /authenticate", "authenticate", new Access("authentication", Action.CREATE, Reach.ANY))
                .about("Authentication", "Check a password")
                .require(In.BODY, "username", Rules.usernameOrEmail(), "User name or address")
                .require(In.BODY, "password", Rules.text().max(256), "Password")
                .body("protocol", Rules.text(), "API", "For the log")
                .body("scope", Rules.text(), "master", "master, imap, pop3 or smtp")
                .body("appId", Rules.uri(), "Origin of the application")
                .body("token", Rules.bool(), false, "Make a token of this user")
                .logged(In.BODY)
                .run(this::authenticate));
        table.add(Operation.of("DELETE /authenticate", "invalidateAccessToken", Access.TOKEN)
                .about("Authentication", "End the token of this call")
                .run(call -> {
                    if (!call.caller().token().isEmpty()) {
                        tokens.delete(call.caller().token());
                    }
                    return Shape.success().ok();
                }));
        table.add(Operation.of("GET /authenticated", "isUserAuthenticated", new Access("authentication", Action.READ, Reach.LISTED))
                .about("Authentication", "Is the token of this call good?")
                .logged(In.QUERY)
                .run(_ -> Shape.success().ok()));
        table.add(Operation.of("GET /users/:user/authlog", "getAuthlog", new Access("authentication", Action.READ, Reach.OWN))
                .about("Authentication", "List what happened around logins")
                .user()
                .query("action", Rules.text().trimmed().lowered().max(100).orEmpty(), "Only this action")
                .query("filterip", Rules.ip(), "Only from this address")
                .query("filterIp", Rules.ip(), "Only from this address")
                .logged(In.QUERY)
                .paged()
                .run(this::log));
        table.add(Operation.of("GET /users/:user/authlog/:event", "getAuthlogEvent", new Access("authentication", Action.READ, Reach.OWN))
                .about("Authentication", "Show one entry")
                .user()
                .path("event", Rules.objectId(), "Id of the entry")
                .logged(In.QUERY)
                .run(this::event));
    }

    private Answer preauth(Call call) {
        var scope = call.text("scope");
        var account = mail.authentication()
                .account(call.text("username"))
                .filter(a -> !a.disabled() && !a.suspended())
                .orElseThrow(() -> new ApiError(403, "AuthFailed", "Authentication failed"));
        if (account.disabledScopes().contains(scope)) {
            throw new ApiError(403, "InvalidAuthScope", "Access to requested service disabled", Map.of("id", account.id()));
        }
        return Shape.success()
                .put("id", account.id())
                .put("username", account.username())
                .put("address", account.address())
                .put("scope", scope)
                .put("require2fa", secondFactors(account, scope))
                .ok();
    }

    private static Object secondFactors(Account account, String scope) {
        var all = UserView.enabled2fa(account.document());
        return scope.equals("master") && !all.isEmpty() ? all : false;
    }

    private Answer authenticate(Call call) {
        var scope = call.text("scope");
        if (call.yes("token") && !scope.equals("master")) {
            throw ApiError.input("\"scope\" must be master when a token is asked for");
        }
        var client = new Authentication.Client(
                call.text("protocol"), call.given("ip").orElse(""), call.given("sess").orElse(""));
        return switch (mail.authentication().authenticate(call.text("username"), call.text("password"), scope, client)) {
            case Result.Failure failure -> throw failed(failure, call);
            case Result.Success success -> answer(call, success, scope);
        };
    }

    private ApiError failed(Result.Failure failure, Call call) {
        var code = switch (failure.reason()) {
            case CREDENTIALS, DISABLED -> "AuthFailed";
            case RATE_LIMITED -> "RateLimitedError";
            case SCOPE -> "InvalidAuthScope";
            case UNAVAILABLE -> "InternalDatabaseError";
        };
        int status = failure.reason() == Authentication.Reason.UNAVAILABLE ? 500 : 403;
        Map<String, Object> more = mail.authentication()
                .account(call.text("username"))
                .map(a -> Map.<String, Object>of("id", a.id()))
                .orElse(Map.of());
        return new ApiError(status, code, failure.text(), more);
    }

    private Answer answer(Call call, Result.Success success, String scope) {
        var account = mail.accounts().require(success.account());
        boolean asp = success.source().equals("asp");
        var shape = Shape.success()
                .put("id", account.id())
                .put("username", account.username())
                .when(!asp, "address", account.address())
                .put("scope", scope)
                .put("require2fa", asp ? false : success.enabled2fa().isEmpty() ? false : (Object) success.enabled2fa())
                .when(!asp, "require2faEnabled", account.document().bool("require2faEnabled"))
                .when(!asp, "requirePasswordChange", success.requirePasswordChange());
        if (call.yes("token") && !asp && success.enabled2fa().isEmpty()) {
            shape.put("token", tokens.create(account));
        }
        return shape.ok();
    }

    private Answer log(Call call) {
        mail.accounts().require(call.user());
        var paging = Paging.of(call);
        var action = call.text("action");
        var ip = call.given("filterip").or(() -> call.given("filterIp")).orElse("");
        var all = new ArrayList<Document>();
        Documents.Place after = null;
        while (true) {
            var page = mail.store()
                    .documents()
                    .list(Collections.AUTH_LOG, "user", List.of(call.user().value()), after, false, SCAN);
            page.stream()
                    .filter(e -> action.isEmpty() || e.string("action", "").equals(action))
                    .filter(e -> ip.isEmpty() || e.string("ip", "").equals(ip))
                    .forEach(all::add);
            if (page.size() < SCAN) {
                break;
            }
            after = new Documents.Place(List.of(), page.getLast().id());
        }
        var shape = Shape.success().given("action", call.given("action").orElse(null));
        return paging.answer(shape, all.size(), paging.slice(all, AuthOperations::key), AuthOperations::key, e -> show(e, new Shape()))
                .ok();
    }

    private static Paging.Key key(Document entry) {
        return new Paging.Key(null, entry.id());
    }

    private static Shape show(Document entry, Shape shape) {
        shape.put("id", entry.id());
        entry.without("_id", "user").fields().forEach((name, value) -> {
            if (value != null) {
                shape.put(name, value);
            }
        });
        return shape;
    }

    private Answer event(Call call) {
        mail.accounts().require(call.user());
        Optional<Document> found = mail.store()
                .documents()
                .find(Collections.AUTH_LOG, call.required("event"))
                .filter(e -> call.user().value().equals(e.value("user")));
        var entry = found.orElseThrow(() -> new ApiError(404, "EventNotFound", "Event was not found"));
        return show(entry, Shape.success()).ok();
    }

}
