package org.pintail.auth;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.StringJoiner;
import org.pintail.address.IpText;
import org.pintail.arc.ArcVerdict;
import org.pintail.authres.AuthenticationResults.Property;
import org.pintail.authres.AuthenticationResults.Row;
import org.pintail.dkim.DkimResult;
import org.pintail.dkim.SignatureTags;
import org.pintail.dmarc.DmarcPolicy;
import org.pintail.dmarc.DmarcVerdict;
import org.pintail.spf.SpfClient;
import org.pintail.spf.SpfResult;
import org.pintail.spf.SpfVerdict;

/// Verdicts as rows of RFC 8601 §2.7, in the order spf, dkim, arc, dmarc.
final class ResultRows {
    private static final int MAX_REASON = 128;

    private ResultRows() {}

    static List<Row> of(
            SpfVerdict mailFrom,
            boolean nullSender,
            Optional<SpfVerdict> helo,
            SpfClient client,
            List<DkimResult> signatures,
            ArcVerdict arc,
            DmarcVerdict dmarc,
            boolean headerTooLarge) {
        var rows = new ArrayList<Row>();
        rows.add(spf(mailFrom, nullSender, client));
        helo.filter(h -> h.result() != SpfResult.NONE).ifPresent(h -> rows.add(spf(h, true, client)));
        signatures.forEach(s -> rows.add(dkim(s)));
        if (signatures.isEmpty()) {
            rows.add(headerTooLarge ? row("dkim", "permerror", "header too large") : row("dkim", "none", "message not signed"));
        }
        if (arc.status() != ArcVerdict.Status.NONE) {
            rows.add(arc(arc));
        }
        rows.add(dmarc(dmarc, arc));
        return rows;
    }

    private static Row row(String method, String result, String comment, Property... properties) {
        return new Row(method, result, comment, List.of(properties));
    }

    private static Property property(String type, String name, String value) {
        return new Property(type, name, value);
    }

    /// RFC 8601 §2.7.2. The HELO name alone when that was the identity.
    static Row spf(SpfVerdict verdict, boolean ofHelo, SpfClient client) {
        var helo = property("smtp", "helo", client.helo());
        return ofHelo
                ? row("spf", verdict.result().word(), comment(verdict, client), helo)
                : row("spf", verdict.result().word(), comment(verdict, client), property("smtp", "mailfrom", verdict.sender()), helo);
    }

    static String comment(SpfVerdict verdict, SpfClient client) {
        var ip = IpText.show(client.address());
        var sender = verdict.sender();
        return client.receiver() + ": " + switch (verdict.result()) {
            case PASS -> "domain of " + sender + " designates " + ip + " as permitted sender";
            case FAIL -> "domain of " + sender + " does not designate " + ip + " as permitted sender";
            case SOFTFAIL -> verdict.reason().isEmpty()
                    ? "domain of transitioning " + sender + " does not designate " + ip + " as permitted sender"
                    : verdict.reason();
            case NEUTRAL -> ip + " is neither permitted nor denied by domain of " + sender;
            case NONE -> verdict.reason().isEmpty() ? verdict.domain() + " does not designate permitted sender hosts" : verdict.reason();
            case PERMERROR -> "permanent error in processing during lookup of " + sender + ": " + verdict.reason();
            case TEMPERROR -> "error in processing during lookup of " + sender + ": " + verdict.reason();
        };
    }

    /// RFC 8601 §2.7.1.
    static Row dkim(DkimResult result) {
        var verdict = result.verdict();
        var undersized = "undersized signature: " + result.unsigned() + " bytes unsigned";
        var comment = result.unsigned() > 0 ? join(verdict.comment(), undersized) : verdict.comment();
        var rule = property("policy", "dkim-rules", verdict.rule() == null ? "" : verdict.rule());
        return result.tags()
                .map(tags -> row(
                        "dkim",
                        verdict.status().word(),
                        comment,
                        rule,
                        property("header", "d", tags.domain()),
                        property("header", "i", tags.identity()),
                        property("header", "s", tags.selector()),
                        property("header", "a", tags.algorithm().word()),
                        property("header", "b", start(tags))))
                .orElseGet(() -> row("dkim", verdict.status().word(), comment));
    }

    private static String join(String first, String second) {
        return first.isEmpty() ? second : first + ", " + second;
    }

    /// RFC 6008: enough of the signature to tell it from others.
    private static String start(SignatureTags tags) {
        return tags.signature().substring(0, Math.min(8, tags.signature().length()));
    }

    /// RFC 8617 §10.2.
    static Row arc(ArcVerdict verdict) {
        if (verdict.status() == ArcVerdict.Status.PASS) {
            return row("arc", "pass", "i=" + verdict.instances() + verdict.newest().map(ResultRows::found).orElse(""));
        }
        var reason = verdict.reason().toLowerCase(Locale.ROOT);
        return row(
                "arc",
                verdict.status().word(),
                reason.substring(0, Math.min(MAX_REASON, reason.length())),
                property("policy", "dkim-rules", verdict.rule() == null ? "" : verdict.rule()));
    }

    /// What the newest sealer saw, in short.
    private static String found(ArcVerdict.Link link) {
        var out = new StringBuilder();
        link.row("spf").ifPresent(r -> out.append(" spf=").append(r.result()));
        link.row("dkim").ifPresent(r -> {
            out.append(" dkim=").append(r.result());
            r.property("header", "d")
                    .or(() -> r.property("header", "i"))
                    .ifPresent(d -> out.append(" dkdomain=").append(d.substring(d.lastIndexOf('@') + 1)));
        });
        link.row("dmarc").ifPresent(r -> {
            out.append(" dmarc=").append(r.result());
            r.property("header", "from").ifPresent(d -> out.append(" fromdomain=").append(d));
        });
        return out.toString();
    }

    /// RFC 8601 §2.7.4, RFC 7489 §11.1. `policy.dmarc` says what is asked for, after all options.
    static Row dmarc(DmarcVerdict verdict, ArcVerdict arc) {
        var comment = new StringJoiner(" ");
        verdict.published().ifPresent(p -> {
            comment.add("p=" + upper(p.record().policy()));
            p.record().subdomains().ifPresent(sp -> comment.add("sp=" + upper(sp)));
        });
        if (verdict.published().isPresent() && arc.status() != ArcVerdict.Status.NONE) {
            comment.add("arc=" + arc.status().word());
        }
        if (!verdict.comment().isEmpty()) {
            comment.add(verdict.comment());
        }
        return row(
                "dmarc",
                verdict.result().word(),
                comment.toString(),
                property("policy", "dmarc", verdict.result() == DmarcVerdict.Result.FAIL ? verdict.applied().word() : ""),
                property("header", "from", verdict.from()),
                property("header", "d", verdict.published().map(DmarcVerdict.Published::domain).orElse("")));
    }

    private static String upper(DmarcPolicy policy) {
        return policy.name();
    }
}
