package org.pintail.api;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.pintail.address.MailAddress;
import org.pintail.api.rule.ObjectRule;
import org.pintail.api.rule.ObjectRule.Field;
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
import org.pintail.backend.AccountId;
import org.pintail.backend.Document;
import org.pintail.backend.ObjectId;
import org.pintail.mail.Account;
import org.pintail.mail.Accounts;
import org.pintail.mail.Collections;
import org.pintail.mail.Mail;
import org.pintail.mail.Refusal;

/// Accounts (http-api §3).
final class UserOperations {
    private static final int SCAN = 500;
    private static final List<String> AMOUNTS = List.of(
            "retention", "quota", "recipients", "forwards", "filters", "imapMaxUpload", "imapMaxDownload", "pop3MaxDownload",
            "pop3MaxMessages", "imapMaxConnections", "receivedMax");
    /// Counters that start again when their limit is set.
    private static final Map<String, String> COUNTERS = Map.of(
            "recipients", "wdr:", "forwards", "wdf:", "imapMaxUpload", "iup:", "imapMaxDownload", "idw:", "pop3MaxDownload", "pdw:",
            "receivedMax", "rl:rcpt:");
    private static final List<String> UPDATABLE = List.of(
            "language", "name", "mtaRelay", "spamLevel", "uploadSentMessages", "fromWhitelist", "metaData", "internalData", "pubKey",
            "smimeCerts", "smimeCipher", "smimeKeyTransport", "encryptMessages", "encryptForwarded", "retention", "quota", "recipients",
            "forwards", "filters", "imapMaxUpload", "imapMaxDownload", "pop3MaxDownload", "pop3MaxMessages", "imapMaxConnections",
            "receivedMax", "require2faEnabled", "tags", "disabledScopes", "disabled", "suspended", "featureFlags");
    /// Of those, what an account may not change about itself.
    private static final List<String> NOT_OWN = List.of(
            "fromWhitelist", "internalData", "quota", "recipients", "forwards", "filters", "imapMaxUpload", "imapMaxDownload",
            "pop3MaxDownload", "pop3MaxMessages", "imapMaxConnections", "receivedMax", "require2faEnabled", "tags", "disabledScopes",
            "disabled", "suspended", "featureFlags");
    private final Mail mail;
    private final UserView view;

    private final AccessTokens tokens;

    UserOperations(Mail mail, AccessTokens tokens) {
        this.mail = mail;
        this.tokens = tokens;
        this.view = new UserView(mail);
    }

    void register(Table table) {
        table.add(Operation.of("GET /users", "getUsers", new Access("userlisting", Action.READ, Reach.LISTED))
                .about("Users", "List accounts")
                .query("query", Rules.text().lowered().max(255).orEmpty(), "Part of an address or user name")
                .query("forward", Rules.text().lowered().max(255).orEmpty(), "Part of a forwarding target")
                .query("tags", Rules.text().trimmed().max(1024).orEmpty(), "Tags with commas between them, one of which must be there")
                .query("requiredTags", Rules.text().trimmed().max(1024).orEmpty(), "Tags that must all be there")
                .query("metaData", Rules.bool(), "Show metaData")
                .query("internalData", Rules.bool(), "Show internalData")
                .logged(In.QUERY)
                .paged()
                .run(this::list));
        table.add(limits(writable(Operation.of("POST /users", "createUser", new Access("users", Action.CREATE, Reach.ANY))
                        .about("Users", "Create an account")
                        .require(In.BODY, "username", Rules.username(), "Name to log in with")
                        .body("password", Rules.text().max(256).withFalse(), "Password; false or empty for none")
                        .body("address", Rules.email(), "Main address; made from the user name when absent")
                        .body("emptyAddress", Rules.bool(), false, "Make no address")
                        .body("addTagsToAddress", Rules.bool(), false, "Tag the main address as well")
                        .body("requirePasswordChange", Rules.bool(), false, "The password is temporary")
                        .body("mailboxes", mailboxNames(), "Names of the mailboxes with a special use")))
                .run(this::create));
        table.add(Operation.of("GET /users/resolve/:username", "resolveUser", new Access("users", Action.READ, Reach.ANY))
                .about("Users", "Find an account's id by its user name")
                .path("username", Rules.username(), "User name")
                .logged(In.QUERY)
                .run(this::resolve));
        table.add(Operation.of("GET /users/:user", "getUser", own(Action.READ))
                .about("Users", "Show an account")
                .user()
                .logged(In.QUERY)
                .run(call -> view.show(mail.accounts().require(call.user()), call.caller()).ok()));
        table.add(limits(writable(Operation.of("PUT /users/:user", "updateUser", own(Action.UPDATE))
                        .about("Users", "Change an account")
                        .user()
                        .body("existingPassword", Rules.text().min(1).max(256).orEmpty(), "Checked when given")
                        .body("password", Rules.text().max(256).withFalse(), "New password; false or empty removes it")
                        .body("disable2fa", Rules.bool(), "Turn second factors off")
                        .body("disabled", Rules.bool(), "No logins, no mail")
                        .body("suspended", Rules.bool(), "No logins")
                        .body("protocol", Rules.text(), "API", "For the log")))
                .run(this::update));
        table.add(Operation.of("DELETE /users/:user", "deleteUser", new Access("users", Action.DELETE, Reach.ANY))
                .about("Users", "Delete an account with all it has")
                .user()
                .query("deleteAfter", Rules.dateOrFalse(), "Kept until then")
                .logged(In.QUERY)
                .run(this::delete));
        table.add(Operation.of("PUT /users/:user/logout", "logoutUser", own(Action.READ))
                .about("Users", "End all sessions of an account")
                .user()
                .body("reason", Rules.text().max(128).orEmpty(), "Shown to the clients")
                .logged(In.BODY)
                .run(this::logout));
        table.add(Operation.of("POST /users/:user/quota/reset", "recalculateQuota", own(Action.UPDATE))
                .about("Users", "Count an account's storage again")
                .user()
                .logged(In.BODY)
                .run(this::recount));
        table.add(Operation.of("POST /quota/reset", "recalculateQuotaAllUsers", new Access("users", Action.UPDATE, Reach.ANY))
                .about("Users", "Count the storage of all accounts again")
                .logged(In.BODY)
                .run(_ -> Shape.success().put("task", ObjectId.next()).ok())); // usage is exact at any time: the task is done
        table.add(Operation.of("POST /users/:user/password/reset", "resetUserPassword", new Access("users", Action.UPDATE, Reach.ANY))
                .about("Users", "Make a temporary password, good for 24 h")
                .user()
                .body("validAfter", Rules.dateOrFalse(), "Not usable before")
                .logged(In.BODY)
                .run(this::resetPassword));
    }

    private static Access own(Action action) {
        return new Access("users", action, Reach.OWN);
    }

    private static ObjectRule mailboxNames() {
        var path = new org.pintail.api.rule.MailboxPathRule(true);
        return ObjectRule.of(
                Field.of("sent", path), Field.of("trash", path), Field.of("junk", path), Field.of("drafts", path));
    }

    private static Operation limits(Operation operation) {
        for (var name : AMOUNTS) {
            operation.body(name, Rules.amount(), "0 for the default");
        }
        return operation.logged(In.BODY);
    }

    private static Operation writable(Operation operation) {
        return operation
                .body("hashedPassword", Rules.bool(), false, "The password is a supported hash")
                .body("allowUnsafe", Rules.bool(), true, "Take passwords known from breaches")
                .body("language", Rules.text().max(20).orEmpty(), "Such as et or en_GB")
                .body("name", Rules.text().max(256).withEmpty(), "Name of the person")
                .body("targets", Rules.listOf(Rules.target()), "Where all mail is forwarded to")
                .body("mtaRelay", Rules.uri("smtp", "smtps"), "Relay for outgoing mail")
                .body("spamLevel", Rules.number(0, 100), "0: everything is spam, 100: nothing")
                .body("fromWhitelist", Rules.tags(), "Addresses to send from beside the own ones")
                .body("tags", Rules.tags(), "Tags")
                .body("uploadSentMessages", Rules.bool(), false, "Keep a copy of what is submitted by SMTP")
                .body("disabledScopes", Rules.scopes(), "Protocols that are closed to the account")
                .body("metaData", Rules.meta(), "Free for the caller")
                .body("internalData", Rules.meta(), "Free for the caller, not for the user")
                .body("pubKey", Rules.text().trimmed().like("^-----BEGIN PGP PUBLIC KEY BLOCK-----").orEmpty(), "PGP key")
                .body("smimeCerts", new org.pintail.api.rule.ListRule(Rules.text().trimmed().like("^-----BEGIN CERTIFICATE-----"), 16, false, false, false), "Certificates")
                .body("smimeCipher", Rules.text().among("AES-CBC", "AES-GCM"), "Cipher")
                .body("smimeKeyTransport", Rules.text().among("PKCS#1 v1.5", "OAEP"), "Key transport")
                .body("encryptMessages", Rules.bool(), "Encrypt what is stored")
                .body("encryptForwarded", Rules.bool(), "Encrypt what is forwarded")
                .body("require2faEnabled", Rules.bool(), "A second factor has to be set up")
                .body("featureFlags", new ObjectRule(List.of(Field.of("indexing", Rules.bool())), false), "Features");
    }

    private Answer create(Call call) {
        var fields = call.fields(UPDATABLE.toArray(String[]::new)).without("language");
        if (!call.text("pubKey").isEmpty() && !call.texts("smimeCerts").isEmpty()) {
            throw ApiError.input("PGP key and S/MIME certificates can not both be set");
        }
        if (call.has("targets")) {
            fields = fields.with("targets", targets(call.texts("targets")));
        }
        var names = call.object("mailboxes").fields().values();
        if (names.size() != names.stream().distinct().count()) {
            throw ApiError.input("Duplicate mailbox name");
        }
        var account = new Accounts.New(
                call.text("username"),
                call.text("password"),
                call.yes("hashedPassword"),
                call.yes("requirePasswordChange"),
                call.given("address").orElse(null),
                call.yes("emptyAddress"),
                call.given("language").orElse(null),
                call.yes("addTagsToAddress") ? fields.with("addTagsToAddress", true) : fields);
        try {
            var created = mail.accounts().create(account);
            rename(created.id(), call.object("mailboxes"));
            return Shape.success().put("id", created.id()).ok();
        } catch (Refusal e) {
            var code = org.pintail.api.table.Dispatcher.refusal(e).code();
            throw new ApiError(500, code, e.text(), Map.of("username", account.username()));
        }
    }

    /// Gives the mailboxes with a special use the names that were asked for.
    private void rename(AccountId account, Document names) {
        for (var use : List.of("sent", "trash", "junk", "drafts")) {
            var path = names.string(use, "");
            var special = "\\" + Character.toUpperCase(use.charAt(0)) + use.substring(1);
            var box = mail.folders().findSpecial(account, special);
            if (!path.isEmpty() && box.isPresent() && !box.get().path().equals(path)) {
                mail.folders().rename(account, box.get().id(), path, false);
            }
        }
    }

    static List<Document> targets(List<String> values) {
        return values.stream()
                .map(value -> {
                    var lower = value.toLowerCase(Locale.ROOT);
                    var type = lower.startsWith("smtp") && lower.contains("://") ? "relay" : lower.startsWith("http") && lower.contains("://") ? "http" : "mail";
                    return Document.of("id", ObjectId.next(), "type", type, "value", value);
                })
                .toList();
    }

    private Answer resolve(Call call) {
        var account = mail.accounts()
                .find(call.text("username"))
                .orElseThrow(() -> new ApiError(404, "UserNotFound", "This user does not exist"));
        return Shape.success().put("id", account.id()).ok();
    }

    private Answer list(Call call) {
        var paging = Paging.of(call);
        var only = call.caller().onlyFor();
        var filter = new UserFilter(call);
        var shape = Shape.success().given("query", call.given("query").orElse(null));
        if (only.isPresent()) {
            var own = mail.accounts().find(new AccountId(only.get())).filter(filter::matches).stream().toList();
            return answer(call, shape, paging, own.size(), paging.cut(own));
        }
        if (filter.isEmpty()) {
            var after = paging.key() == null ? null : paging.key().id();
            var rows = mail.store().documents().list(Collections.USERS, after, paging.forward(), paging.limit() + 1).stream()
                    .map(Account::new)
                    .toList();
            return answer(call, shape, paging, mail.accounts().count(), paging.cut(rows));
        }
        var all = new ArrayList<Account>();
        AccountId after = null;
        while (true) {
            var page = mail.accounts().list(after, SCAN);
            page.stream().filter(filter::matches).forEach(all::add);
            if (page.size() < SCAN) {
                break;
            }
            after = page.getLast().id();
        }
        return answer(call, shape, paging, all.size(), paging.slice(all, UserOperations::key));
    }

    private Answer answer(Call call, Shape shape, Paging paging, long total, Paging.Page<Account> page) {
        boolean meta = call.yes("metaData");
        boolean internal = call.yes("internalData") && call.caller().onlyFor().isEmpty();
        return paging.answer(shape, total, page, UserOperations::key, a -> view.listed(a, meta, internal)).ok();
    }

    private static Paging.Key key(Account account) {
        return new Paging.Key(null, account.document().id());
    }

    private Answer update(Call call) {
        var account = mail.accounts()
                .find(call.user())
                .orElseThrow(() -> new ApiError(500, "UserNotFound", "This user does not exist"));
        boolean ownOnly = call.caller().onlyFor().isPresent();
        checkPassword(call, account);
        var changes = changes(call, ownOnly);
        boolean password = call.has("password");
        if (changes.fields().isEmpty() && !password) {
            throw new ApiError(500, "NoUpdates", "Nothing was updated");
        }
        if (password) {
            changePassword(call, account, !ownOnly && call.yes("hashedPassword"));
        }
        if (call.yes("suspended") && !ownOnly) {
            changes = changes.with("authVersion", account.document().number("authVersion") + 1);
        }
        mail.accounts().update(account.id(), changes);
        for (var counter : COUNTERS.entrySet()) {
            if (changes.has(counter.getKey())) {
                mail.store().counters().clear(counter.getValue() + account.id().hex());
            }
        }
        return Shape.success().ok();
    }

    private void checkPassword(Call call, Account account) {
        var existing = call.text("existingPassword");
        var hash = account.document().string("password", "");
        if (!existing.isEmpty() && !hash.isEmpty() && !mail.accounts().hasPassword(account, existing)) {
            throw new ApiError(500, "AuthFail", "Invalid password");
        }
    }

    private static Document changes(Call call, boolean ownOnly) {
        var names = new ArrayList<>(UPDATABLE);
        if (ownOnly) {
            names.removeAll(NOT_OWN);
        }
        var changes = call.fields(names.toArray(String[]::new));
        if (call.has("targets")) {
            changes = changes.with("targets", targets(call.texts("targets")));
        }
        if (call.yes("disable2fa")) {
            changes = changes.with(Document.of(
                    "enabled2fa", List.of(), "seed", "", "pendingSeed", "", "pendingSeedChanged", false, "webauthn",
                    Document.of("credentials", List.of())));
        }
        if (!call.text("pubKey").isEmpty()) {
            changes = changes.with("smimeCerts", List.of());
        } else if (!call.texts("smimeCerts").isEmpty()) {
            changes = changes.with("pubKey", "");
        }
        return changes;
    }

    private void changePassword(Call call, Account account, boolean hashed) {
        try {
            mail.accounts().changePassword(account.id(), call.text("password"), hashed);
        } catch (Refusal e) {
            throw new ApiError(500, org.pintail.api.table.Dispatcher.refusal(e).code(), e.text());
        }
        if (call.caller().onlyFor().isPresent()) {
            tokens.keep(mail.accounts().require(account.id()), call.caller().token());
        }
    }

    private Answer delete(Call call) {
        var account = mail.accounts()
                .find(call.user())
                .orElseThrow(() -> new ApiError(404, "UserNotFound", "This user does not exist"));
        if (call.time("deleteAfter").isPresent()) {
            throw ApiError.input("\"deleteAfter\" is not supported by this installation yet: expected false");
        }
        int addresses = mail.addresses().list(account.id()).size();
        mail.accounts().delete(account.id());
        return Shape.success()
                .put("code", "TaskScheduled")
                .put("user", account.id())
                .put("addresses", Map.of("deleted", addresses))
                .put("deleteAfter", mail.clock().instant())
                .put("task", ObjectId.next())
                .ok();
    }

    private Answer logout(Call call) {
        if (mail.accounts().find(call.user()).isEmpty()) {
            throw new ApiError(500, "UserNotFound", "This user does not exist");
        }
        mail.store().events().logout(call.user(), call.given("reason").orElse("Logout requested from API"));
        return Shape.success().ok();
    }

    /// Usage is exact here, so what was and what is are the same.
    private Answer recount(Call call) {
        mail.accounts().require(call.user());
        long used = mail.accounts().usage(call.user());
        return Shape.success().put("storageUsed", used).put("previousStorageUsed", used).ok();
    }

    private Answer resetPassword(Call call) {
        var now = mail.clock().instant();
        var validAfter = call.time("validAfter").orElse(now);
        try {
            var password = mail.accounts().temporaryPassword(call.user(), validAfter);
            return Shape.success().put("password", password).put("validAfter", validAfter).ok();
        } catch (Refusal e) {
            throw new ApiError(500, "UserUpdateFail", "Could not update user: " + e.text());
        }
    }

    /// What a listing asks for.
    private static final class UserFilter {
        private final String query;
        private final String view;
        private final String forward;
        private final List<String> any;
        private final List<String> all;

        UserFilter(Call call) {
            query = call.text("query");
            view = query.isEmpty() ? "" : MailAddress.usernameView(query);
            forward = call.text("forward");
            any = tags(call.text("tags"));
            all = tags(call.text("requiredTags"));
        }

        boolean isEmpty() {
            return query.isEmpty() && forward.isEmpty() && any.isEmpty() && all.isEmpty();
        }

        boolean matches(Account account) {
            var d = account.document();
            var tags = d.strings("tagsview");
            return (query.isEmpty() || account.address().contains(query) || d.string("unameview", "").contains(view))
                    && (forward.isEmpty() || d.documents("targets").stream().anyMatch(t -> t.string("value", "").contains(forward)))
                    && (any.isEmpty() || any.stream().anyMatch(tags::contains))
                    && tags.containsAll(all);
        }
    }

    /// Tags with commas between them, in lower case.
    static List<String> tags(String text) {
        var out = new ArrayList<String>();
        for (var tag : text.split(",", -1)) {
            if (!tag.isBlank()) {
                out.add(tag.strip().toLowerCase(Locale.ROOT));
            }
        }
        return out;
    }

    static Map<String, @Nullable Object> limit(Mail mail, String counter, long allowed) {
        var count = mail.store().counters().read(counter);
        var out = new LinkedHashMap<String, @Nullable Object>();
        out.put("allowed", allowed);
        out.put("used", count.value());
        out.put("ttl", count.left().isZero() ? false : (Object) count.left().toSeconds());
        return out;
    }

}
