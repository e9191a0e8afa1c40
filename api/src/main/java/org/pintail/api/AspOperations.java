package org.pintail.api;

import java.util.Base64;
import java.util.List;
import org.pintail.address.MailAddress;
import org.pintail.api.rule.ListRule;
import org.pintail.api.rule.Rules;
import org.pintail.api.table.Access;
import org.pintail.api.table.Access.Action;
import org.pintail.api.table.Access.Reach;
import org.pintail.api.table.Answer;
import org.pintail.api.table.ApiError;
import org.pintail.api.table.Call;
import org.pintail.api.table.Operation;
import org.pintail.api.table.Operation.In;
import org.pintail.api.table.Shape;
import org.pintail.api.table.Table;
import org.pintail.backend.Document;
import org.pintail.mail.Account;
import org.pintail.mail.ApplicationPasswords;
import org.pintail.mail.Mail;
import org.pintail.mail.Refusal;
import org.pintail.mail.Settings;

/// Application passwords (http-api §13).
final class AspOperations {
    private static final List<String> ALL = List.of("imap", "pop3", "smtp");
    private final Mail mail;
    private final MailServers servers;

    AspOperations(Mail mail, MailServers servers) {
        this.mail = mail;
        this.servers = servers;
    }

    void register(Table table) {
        table.add(Operation.of("GET /users/:user/asps", "getASPs", own(Action.READ))
                .about("ApplicationPasswords", "List application passwords")
                .user()
                .query("showAll", Rules.bool(), false, "Those that expire as well")
                .logged(In.QUERY)
                .run(this::list));
        table.add(Operation.of("GET /users/:user/asps/:asp", "getASP", own(Action.READ))
                .about("ApplicationPasswords", "Show one")
                .user()
                .path("asp", Rules.objectId(), "Id of the application password")
                .logged(In.QUERY)
                .run(this::one));
        table.add(Operation.of("POST /users/:user/asps", "createASP", own(Action.CREATE))
                .about("ApplicationPasswords", "Make an application password")
                .user()
                .require(In.BODY, "description", Rules.text().trimmed().max(255), "What it is for")
                .body("scopes", new ListRule(Rules.text().among("imap", "pop3", "smtp", "*"), 0, true, true, true), List.of("*"), "What it is good for")
                .body("address", Rules.emailOrEmpty(), "Address for the profile")
                .body("password", Rules.text().like("^[a-z]{16}$").orEmpty(), "16 lower-case letters; random when absent")
                .body("generateMobileconfig", Rules.bool(), false, "Make an Apple profile")
                .body("ttl", new org.pintail.api.rule.NumberRule(0, Long.MAX_VALUE, true), "Seconds it stays good after its last use")
                .body("protocol", Rules.text(), "API", "For the log")
                .logged(In.BODY)
                .run(this::create));
        table.add(Operation.of("DELETE /users/:user/asps/:asp", "deleteASP", own(Action.DELETE))
                .about("ApplicationPasswords", "Delete an application password")
                .user()
                .path("asp", Rules.objectId(), "Id of the application password")
                .query("protocol", Rules.text(), "API", "For the log")
                .logged(In.QUERY)
                .run(this::delete));
    }

    private static Access own(Action action) {
        return new Access("asps", action, Reach.OWN);
    }

    private ApplicationPasswords passwords() {
        return mail.authentication().applicationPasswords();
    }

    private Answer list(Call call) {
        mail.accounts().require(call.user());
        var shown = passwords().list(call.user()).stream()
                .filter(a -> call.yes("showAll") || a.instant("expires").isEmpty())
                .map(a -> show(new Shape(), a))
                .toList();
        return Shape.success().put("results", shown).ok();
    }

    private Answer one(Call call) {
        var asp = passwords().find(call.user(), call.required("asp")).orElseThrow(AspOperations::missing);
        return show(Shape.success(), asp).ok();
    }

    private static ApiError missing() {
        return new ApiError(404, "AspNotFound", "Invalid or unknown ASP key");
    }

    private static Shape show(Shape shape, Document asp) {
        var use = new Shape()
                .put("time", asp.instant("used").isPresent() ? asp.value("used") : false)
                .put("event", asp.objectId("authEvent").isPresent() ? asp.value("authEvent") : false);
        return shape.put("id", asp.id())
                .put("description", asp.string("description", ""))
                .put("scopes", asp.strings("scopes").contains("*") ? ALL : asp.strings("scopes"))
                .put("lastUse", use)
                .given("expires", asp.instant("expires").orElse(null))
                .put("created", asp.value("created"));
    }

    private Answer create(Call call) {
        var account = mail.accounts().require(call.user());
        var address = address(call, account);
        int limit = (int) Math.min(Integer.MAX_VALUE, mail.stored().number(Settings.MAX_APPLICATION_PASSWORDS));
        var asked = new ApplicationPasswords.New(
                call.text("description"), call.texts("scopes"), call.given("password").orElse(null), call.number("ttl"));
        try {
            var created = passwords().create(account.id(), asked, limit);
            var shape = Shape.success().put("id", created.document().id()).put("password", created.password());
            return (call.yes("generateMobileconfig") ? profile(shape, account, address, created) : shape).ok();
        } catch (Refusal e) {
            if (e.code() == Refusal.Code.NOT_ALLOWED) {
                throw new ApiError(403, "TooMany", e.text(), java.util.Map.of("allowed", limit));
            }
            throw e;
        }
    }

    /// The address a profile is for. Refuses [ApiError] 404 where the account has no such address, 400 where the scopes are not enough.
    private String address(Call call, Account account) {
        if (!call.yes("generateMobileconfig")) {
            return account.address();
        }
        var scopes = call.texts("scopes");
        boolean reads = scopes.contains("imap") || scopes.contains("pop3");
        if (!scopes.contains("*") && !(reads && scopes.contains("smtp"))) {
            throw new ApiError(400, "InvalidAuthScope", "Profile needs scopes imap or pop3, and smtp");
        }
        var wanted = MailAddress.parse(call.given("address").orElse(account.address())).map(MailAddress::view).orElse("");
        return mail.addresses().list(account.id()).stream()
                .filter(a -> a.string("addrview", "").equals(wanted))
                .map(a -> a.string("address", ""))
                .findFirst()
                .orElseThrow(() -> new ApiError(404, "AddressNotFound", "Invalid or unknown address"));
    }

    private Shape profile(Shape shape, Account account, String address, ApplicationPasswords.Created created) {
        var name = account.name().isEmpty() ? address : account.name();
        var login = new AppleProfile.Login(
                name, address, account.username(), created.password(), created.document().string("description", ""));
        var scopes = created.document().strings("scopes");
        var profile = AppleProfile.of(servers, login, scopes.contains("*") ? ALL : scopes);
        return shape.put("name", name).put("address", address).put("mobileconfig", Base64.getEncoder().encodeToString(profile));
    }

    private Answer delete(Call call) {
        if (!passwords().delete(call.user(), call.required("asp"))) {
            throw missing();
        }
        return Shape.success().ok();
    }
}
