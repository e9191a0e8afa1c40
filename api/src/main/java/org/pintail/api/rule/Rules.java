package org.pintail.api.rule;

import java.net.URI;
import java.net.URISyntaxException;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.regex.Pattern;
import org.pintail.address.MailAddress;
import org.pintail.api.rule.ObjectRule.Field;
import org.pintail.backend.ObjectId;

/// The rules that the API's parameters are made of (http-api §1.2).
public final class Rules {
    public static final int MAX_CONTENT = 64 << 20;
    private static final Pattern WILDCARD = Pattern.compile("^(?:[^@\\s]*\\*[^@\\s]*@[^@\\s]+|[^@\\s]+@\\*)$");
    private static final Pattern USERNAME =
            Pattern.compile("^[a-z0-9-]+(?:[._=:][a-z0-9-]+)*(?:@[a-z0-9-]+(?:[._=:][a-z0-9-]+)*)?$");
    private static final Pattern IP = Pattern.compile(
            "(?:(?:25[0-5]|2[0-4]\\d|1?\\d?\\d)(?:\\.(?!$)|$)){4}|(?=.*:)[0-9a-fA-F:]{2,39}(?:(?<=:)\\d+\\.\\d+\\.\\d+\\.\\d+)?");

    private Rules() {}

    public static TextRule text() {
        return TextRule.ANY;
    }

    public static NumberRule number() {
        return new NumberRule(Long.MIN_VALUE, Long.MAX_VALUE, false);
    }

    public static NumberRule number(long min, long max) {
        return new NumberRule(min, max, false);
    }

    /// 0 or more.
    public static NumberRule amount() {
        return new NumberRule(0, Long.MAX_VALUE, false);
    }

    public static BoolRule bool() {
        return new BoolRule();
    }

    public static DateRule date() {
        return new DateRule(false, false);
    }

    public static DateRule dateOrFalse() {
        return new DateRule(true, true);
    }

    public static MetaRule meta() {
        return new MetaRule();
    }

    public static AnyRule any() {
        return new AnyRule();
    }

    /// 24 hex digits, as [ObjectId].
    public static Rule objectId() {
        return objectId(TextRule.ANY);
    }

    public static Rule objectIdOrEmpty() {
        return objectId(TextRule.ANY.orEmpty());
    }

    private static Rule objectId(TextRule text) {
        return new FormRule(text.lowered().like("^[0-9a-f]+$").min(24).max(24), ObjectId::parse, "must be an id", "hex");
    }

    /// As it was given; its domain has a dot.
    public static Rule email() {
        return new FormRule(TextRule.ANY, Rules::email, "must be a valid email", "email");
    }

    public static Rule emailOrEmpty() {
        return new FormRule(TextRule.ANY.orEmpty(), Rules::email, "must be a valid email", "email");
    }

    private static Optional<String> email(String text) {
        return text.indexOf('*') >= 0 ? Optional.empty() : MailAddress.parse(text).filter(a -> a.domain().indexOf('.') > 0).map(_ -> text);
    }

    public static Rule emailOrWildcard() {
        return new EitherRule(List.of(email(), wildcard()), "must be a valid email");
    }

    public static Rule wildcard() {
        return new FormRule(
                TextRule.ANY.max(1024),
                t -> WILDCARD.matcher(t).matches() ? Optional.of(t) : Optional.empty(),
                "must be a wildcard address",
                "wildcard");
    }

    public static Rule username() {
        return new FormRule(
                TextRule.ANY.lowered().min(1).max(128),
                t -> USERNAME.matcher(t).matches() ? Optional.of(t) : Optional.empty(),
                "fails to match the required pattern: /" + USERNAME + "/",
                "username");
    }

    public static Rule usernameOrEmail() {
        return new EitherRule(List.of(username(), email()), "must be a username or a valid email");
    }

    public static Rule ip() {
        return new FormRule(
                TextRule.ANY.max(64).orEmpty(),
                t -> IP.matcher(t).matches() ? Optional.of(t) : Optional.empty(),
                "must be a valid ip address of one of the following versions [ipv4, ipv6] with a forbidden CIDR",
                "ip");
    }

    public static Rule uri(String... schemes) {
        var allowed = List.of(schemes);
        return new FormRule(
                TextRule.ANY.max(4096),
                t -> isUri(t, allowed) ? Optional.of(t) : Optional.empty(),
                "must be a valid uri" + (allowed.isEmpty() ? "" : " with a scheme matching the " + String.join("|", allowed) + " pattern"),
                "uri");
    }

    private static boolean isUri(String text, List<String> schemes) {
        try {
            var scheme = new URI(text).getScheme();
            return scheme != null && (schemes.isEmpty() || schemes.contains(scheme.toLowerCase(Locale.ROOT)));
        } catch (URISyntaxException e) {
            return false;
        }
    }

    /// Where mail is forwarded to: an address or an SMTP or HTTP URL.
    public static Rule target() {
        return new EitherRule(
                List.of(email(), uri("smtp", "smtps", "http", "https")), "must be a valid email or a uri with scheme smtp, smtps, http or https");
    }

    public static ListRule listOf(Rule item) {
        return new ListRule(item, 0, false, false, false);
    }

    public static ListRule tags() {
        return listOf(TextRule.ANY.trimmed().max(128).orEmpty());
    }

    public static Rule scopes() {
        return new ListRule(TextRule.ANY.among("imap", "pop3", "smtp"), 0, true, true, false);
    }

    /// `{name, address}`.
    public static ObjectRule person() {
        return ObjectRule.of(
                Field.of("name", TextRule.ANY.max(255).orEmpty()), Field.required("address", email()));
    }

    public static Rule mailboxPath() {
        return new MailboxPathRule(false);
    }

    /// `1,2,3`, `3:15` or `3:*`.
    public static TextRule uidSet() {
        return TextRule.ANY.like("^(?:\\d+(?:,\\d+)*|\\d+:(?:\\d+|\\*))$");
    }

    public static Rule content() {
        return new BytesRule(MAX_CONTENT);
    }
}
