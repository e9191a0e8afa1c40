package org.pintail.api;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.pintail.api.table.Caller;
import org.pintail.api.table.Json;
import org.pintail.api.table.Shape;
import org.pintail.backend.Document;
import org.pintail.mail.Account;
import org.pintail.mail.Mail;

/// Accounts as answers show them (http-api §3, #1 and #4).
final class UserView {
    private static final long RECEIVED = 60;
    private static final long CONNECTIONS = 15;
    private static final long POP3_MESSAGES = 250;
    private final Mail mail;

    UserView(Mail mail) {
        this.mail = mail;
    }

    Shape listed(Account account, boolean metaData, boolean internalData) {
        var d = account.document();
        return new Shape()
                .put("id", account.id())
                .put("username", account.username())
                .put("name", account.name())
                .put("address", account.address())
                .put("tags", d.strings("tags"))
                .put("targets", targets(d))
                .put("enabled2fa", enabled2fa(d))
                .put("autoreply", d.bool("autoreply"))
                .put("encryptMessages", d.bool("encryptMessages"))
                .put("encryptForwarded", d.bool("encryptForwarded"))
                .put("quota", quota(account))
                .when(metaData, "metaData", Json.object(d.string("metaData", "")))
                .when(internalData, "internalData", Json.object(d.string("internalData", "")))
                .put("hasPasswordSet", hasPassword(d))
                .put("activated", d.bool("activated"))
                .put("disabled", d.bool("disabled"))
                .put("suspended", d.bool("suspended"));
    }

    Shape show(Account account, Caller caller) {
        var d = account.document();
        boolean all = caller.onlyFor().isEmpty();
        return Shape.success()
                .put("id", account.id())
                .put("username", account.username())
                .put("name", account.name())
                .put("address", account.address())
                .given("language", d.value("language"))
                .when(d.number("retention") > 0, "retention", d.number("retention"))
                .put("enabled2fa", enabled2fa(d))
                .put("autoreply", d.bool("autoreply"))
                .put("encryptMessages", d.bool("encryptMessages"))
                .put("encryptForwarded", d.bool("encryptForwarded"))
                .put("pubKey", d.string("pubKey", ""))
                .when(d.string("pubKey", "").isEmpty(), "keyInfo", false)
                .put("smimeCerts", d.strings("smimeCerts"))
                .put("smimeCertInfo", List.of())
                .put("smimeCipher", d.string("smimeCipher", "AES-CBC"))
                .put("smimeKeyTransport", d.string("smimeKeyTransport", "PKCS#1 v1.5"))
                .put("spamLevel", d.number("spamLevel"))
                .put("metaData", Json.object(d.string("metaData", "")))
                .when(all, "internalData", Json.object(d.string("internalData", "")))
                .put("targets", targets(d))
                .given("mtaRelay", d.string("mtaRelay").orElse(null))
                .put("limits", limits(account))
                .when(all, "tags", d.strings("tags"))
                .put("fromWhitelist", d.strings("fromWhitelist"))
                .when(all, "disabledScopes", d.strings("disabledScopes"))
                .put("featureFlags", d.document("featureFlags").orElse(Document.EMPTY))
                .put("hasPasswordSet", hasPassword(d))
                .put("activated", d.bool("activated"))
                .put("disabled", d.bool("disabled"))
                .put("suspended", d.bool("suspended"))
                .given("lastPwnedCheck", d.instant("lastPwnedCheck").orElse(null))
                .put("passwordPwned", d.bool("passwordPwned"))
                .put("require2faEnabled", d.bool("require2faEnabled"))
                .put("requirePasswordChange", d.bool("requirePasswordChange"));
    }

    private Map<String, Object> limits(Account account) {
        var d = account.document();
        var id = account.id().hex();
        var out = new LinkedHashMap<String, Object>();
        out.put("quota", quota(account));
        out.put("recipients", UserOperations.limit(mail, "wdr:" + id, or(d, "recipients", mail.settings().maxRecipients())));
        out.put("forwards", UserOperations.limit(mail, "wdf:" + id, or(d, "forwards", stored("const:max:forwards"))));
        out.put("received", UserOperations.limit(mail, "rl:rcpt:" + id, or(d, "receivedMax", RECEIVED)));
        out.put("imapUpload", UserOperations.limit(mail, "iup:" + id, or(d, "imapMaxUpload", stored("const:max:imap:upload"))));
        out.put("imapDownload", UserOperations.limit(mail, "idw:" + id, or(d, "imapMaxDownload", stored("const:max:imap:download"))));
        out.put("pop3Download", UserOperations.limit(mail, "pdw:" + id, or(d, "pop3MaxDownload", stored("const:max:pop3:download"))));
        out.put("filters", Map.of("allowed", or(d, "filters", stored("const:max:filters")), "used", mail.filters().list(account.id()).size()));
        out.put("pop3MaxMessages", Map.of("allowed", or(d, "pop3MaxMessages", POP3_MESSAGES)));
        out.put("imapMaxConnections", Map.of("allowed", or(d, "imapMaxConnections", CONNECTIONS), "used", mail.store().cluster().seats().taken("imap:" + id)));
        return out;
    }

    private long stored(String key) {
        return mail.stored().number(key);
    }

    private static long or(Document d, String name, long otherwise) {
        return d.number(name) > 0 ? d.number(name) : otherwise;
    }

    private Map<String, Object> quota(Account account) {
        var out = new LinkedHashMap<String, Object>();
        out.put("allowed", mail.accounts().quota(account));
        out.put("used", Math.max(0, mail.accounts().usage(account.id())));
        return out;
    }

    private static List<String> targets(Document d) {
        return d.documents("targets").stream().map(t -> t.string("value", "")).toList();
    }

    private static boolean hasPassword(Document d) {
        return !d.string("password", "").isEmpty() || d.document("tempPassword").isPresent();
    }

    /// Older documents say `true` for totp and `u2f` for webauthn.
    static List<String> enabled2fa(Document d) {
        if (d.bool("enabled2fa")) {
            return List.of("totp");
        }
        var out = new ArrayList<String>();
        for (var name : d.strings("enabled2fa")) {
            out.add(name.equals("u2f") ? "webauthn" : name);
        }
        return out;
    }
}
