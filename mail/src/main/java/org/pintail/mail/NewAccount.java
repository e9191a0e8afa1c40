package org.pintail.mail;

import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.pintail.address.MailAddress;
import org.pintail.backend.Document;
import org.pintail.backend.ObjectId;

/// The fields of a document in `users` as they begin and as a password change leaves them (data-model §3).
final class NewAccount {
    /// Numbers that begin at 0, which means the default of the installation.
    private static final List<String> ZERO = List.of(
            "storageUsed",
            "quota",
            "retention",
            "recipients",
            "forwards",
            "filters",
            "imapMaxUpload",
            "imapMaxDownload",
            "pop3MaxDownload",
            "pop3MaxMessages",
            "imapMaxConnections",
            "receivedMax");
    private static final List<String> EMPTY_LISTS =
            List.of("oldPasswords", "enabled2fa", "targets", "smimeCerts", "tags", "tagsview", "fromWhitelist", "disabledScopes");
    private static final List<String> OFF = List.of(
            "requirePasswordChange",
            "require2faEnabled",
            "autoreply",
            "uploadSentMessages",
            "encryptMessages",
            "encryptForwarded",
            "activated",
            "suspended");

    private NewAccount() {}

    /// Disabled and without a password, until everything the account needs is there.
    static Document document(Accounts.New account, String username, Instant now) {
        var d = new LinkedHashMap<String, @Nullable Object>();
        d.put("_id", ObjectId.at(now));
        d.put("username", username);
        d.put("unameview", MailAddress.usernameView(username));
        d.put("name", "");
        d.put("language", account.language());
        d.put("tempPassword", false);
        d.put("passwordChange", now);
        d.put("authVersion", 1);
        d.put("seed", "");
        d.put("pendingSeed", "");
        d.put("pendingSeedChanged", false);
        d.put("webauthn", Document.of("credentials", List.of()));
        for (var name : ZERO) {
            d.put(name, 0L);
        }
        for (var name : EMPTY_LISTS) {
            d.put(name, List.of());
        }
        for (var name : OFF) {
            d.put(name, false);
        }
        d.put("pubKey", "");
        d.put("smimeCipher", "AES-CBC");
        d.put("smimeKeyTransport", "PKCS#1 v1.5");
        d.put("spamLevel", 50);
        d.put("lastLogin", Document.of("time", false, "authEvent", false, "ip", false));
        d.put("metaData", "");
        d.put("internalData", "");
        d.put("featureFlags", Document.EMPTY);
        d.putAll(Tags.applied(account.fields().without("_id", "username", "unameview", "addTagsToAddress")).fields());
        d.put("password", "");
        d.put("address", "");
        d.put("disabled", true);
        d.put("created", now);
        return new Document(d);
    }

    /// Fields of the main address.
    static Document addressFields(Accounts.New account) {
        var fields = Document.of("name", account.fields().value("name"));
        return account.fields().bool("addTagsToAddress")
                ? fields.with("tags", account.fields().strings("tags"))
                : fields;
    }

    /// `user` with another password: the old one is remembered, tokens made before are void.
    static Document withPassword(Document user, String hash, Instant now, int oldOnesKept) {
        var old = new ArrayList<Document>(user.documents("oldPasswords"));
        user.string("password")
                .filter(p -> !p.isEmpty())
                .ifPresent(p -> old.add(Document.of("date", now, "hash", p)));
        int from = Math.max(0, old.size() - oldOnesKept);
        return user.with("password", hash)
                .with("tempPassword", false)
                .with("oldPasswords", List.copyOf(old.subList(from, old.size())))
                .with("passwordChange", now)
                .with("authVersion", (int) user.number("authVersion") + 1)
                .without("passwordPwned", "lastPwnedCheck");
    }
}
