package org.pintail.bimi;

import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.pintail.dns.Dns;
import org.pintail.dns.DnsType;
import org.pintail.dns.RecordTags;
import org.pintail.header.Headers;

/// Finds the record that holds for a message that passed DMARC: the selector its header names, at the author's domain, else the default one
/// at the organisational domain. Never throws.
public final class BimiLookup {
    private static final String DEFAULT = "default";
    private static final int MAX_SELECTOR = 63;
    private final Dns dns;

    public BimiLookup(Dns dns) {
        this.dns = dns;
    }

    /// What was found. `result` is `pass`, `none`, `fail`, `temperror` or `skipped` with its `comment`; `record` only with `pass`.
    public record Found(String result, String comment, String selector, String domain, Optional<BimiRecord> record) {
        static Found without(String result, String comment) {
            return new Found(result, comment, "", "", Optional.empty());
        }

        public static Found skipped(String why) {
            return without("skipped", why);
        }
    }

    /// `from` and `organizational` in A-labels.
    public Found find(Headers headers, String from, String organizational) {
        var fields = headers.all("bimi-selector");
        if (fields.size() > 1) {
            return Found.without("fail", "multiple BIMI-Selector headers");
        }
        @Nullable String selector = DEFAULT;
        if (!fields.isEmpty()) {
            var tags = RecordTags.parse(fields.getFirst().value());
            if (tags.isEmpty() || !tags.get().value("v").orElse("").equals("BIMI1")) {
                return Found.without("fail", "missing bimi version in selector header");
            }
            selector = tags.get().value("s").orElse(DEFAULT);
            if (!valid(selector)) {
                return Found.without("fail", "invalid selector");
            }
        }
        var own = at(selector, from);
        boolean inherited = own.result().equals("none") && !(organizational.equals(from) && selector.equals(DEFAULT));
        return inherited ? at(DEFAULT, organizational) : own;
    }

    ///     selector = sub-domain *("." sub-domain)
    private static boolean valid(String selector) {
        boolean characters = selector.chars().allMatch(c -> c < 0x80 && (Character.isLetterOrDigit(c) || c == '-' || c == '_' || c == '.'));
        return characters && !selector.isEmpty() && selector.length() <= MAX_SELECTOR && !selector.startsWith(".") && !selector.endsWith(".") && !selector.contains("..");
    }

    private Found at(String selector, String domain) {
        var name = selector + "._bimi." + domain;
        var answer = dns.ask(name, DnsType.TXT);
        if (answer.failed()) {
            return Found.without("temperror", "failed to resolve " + name);
        }
        var texts = RecordTags.ofVersion(answer.records(), "v=BIMI1");
        if (texts.isEmpty()) {
            return Found.without("none", "");
        }
        if (texts.size() > 1) {
            return Found.without("fail", "several records at " + name);
        }
        try {
            var record = BimiRecord.parse(texts.getFirst());
            return record.declines()
                    ? Found.without("declined", "")
                    : new Found("pass", "", selector, domain, Optional.of(record));
        } catch (BimiProblem e) {
            return Found.without("fail", String.valueOf(e.getMessage()));
        }
    }
}
