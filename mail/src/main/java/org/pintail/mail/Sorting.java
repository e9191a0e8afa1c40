package org.pintail.mail;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.pintail.backend.AccountId;
import org.pintail.backend.Document;
import org.pintail.backend.Documents;
import org.pintail.backend.Flags;
import org.pintail.backend.MailboxId;
import org.pintail.header.HeaderAddress;
import org.pintail.mail.Delivery.Outcome;

/// Decides what happens to a message on its way into one account: the domain lists of its tags, its filters, then its spam level
/// (background §9.2, §9.3).
final class Sorting {
    private static final String INBOX = "INBOX";
    private static final String JUNK = "\\Junk";
    private static final Map<String, Integer> SCORES =
            Map.of("reject", 75, "rewrite subject", 50, "soft reject", 50, "greylist", 50, "add header", 25);
    private static final int NEVER = 100;
    private final Documents documents;
    private final Lookups lookups;
    private final Folders folders;

    Sorting(Documents documents, Lookups lookups, Folders folders) {
        this.documents = documents;
        this.lookups = lookups;
        this.folders = folders;
    }

    /// What is decided so far. Of what says the folder, the later one decides.
    private static final class Verdict {
        private final Map<String, @Nullable Object> actions = new LinkedHashMap<>();
        private final LinkedHashSet<String> targets = new LinkedHashSet<>();
        private final List<Object> matched = new ArrayList<>();

        boolean is(String action) {
            return Boolean.TRUE.equals(actions.get(action));
        }
    }

    Outcome sort(Delivery.Recipient recipient, Mailstore.Prepared message, Delivery.Envelope envelope) {
        var account = recipient.account();
        var verdict = new Verdict();
        domainLists(account, message, verdict);
        filter(account.id(), new FilterQuery(message, recipient.address()), verdict);
        if (!verdict.actions.containsKey("spam") && (envelope.junk() || isSpam(account, envelope.meta().string("spamAction", "")))) {
            verdict.actions.put("spam", true);
        }
        var flags = new ArrayList<String>();
        flags.addAll(verdict.is("seen") ? List.of("\\Seen") : List.of());
        flags.addAll(verdict.is("flag") ? List.of("\\Flagged") : List.of());
        if (!verdict.is("delete")) {
            account.document().documents("targets").forEach(t -> verdict.targets.add(t.string("value", "")));
        }
        var forwards = verdict.is("spam") ? List.<String>of() : List.copyOf(verdict.targets);
        return new Outcome(folder(account.id(), verdict), Flags.of(flags), verdict.is("delete"), forwards, verdict.matched);
    }

    private void domainLists(Account account, Mailstore.Prepared message, Verdict verdict) {
        var tags = account.document().strings("tagsview");
        if (tags.isEmpty()) {
            return;
        }
        var domain = domain(message.header("from")).or(() -> domain(message.header("sender"))).orElse("");
        for (var tag : tags) {
            var entry = documents.find(Collections.DOMAIN_ACCESS, "domain_once", tag, domain);
            if (entry.isPresent()) {
                var action = entry.get().string("action", "");
                verdict.actions.put("spam", action.equals("block"));
                verdict.matched.add(action + ":" + tag + ":" + entry.get().id().hex());
                return;
            }
        }
    }

    private static Optional<String> domain(String field) {
        for (var entry : HeaderAddress.parseList(field)) {
            if (entry instanceof HeaderAddress.Mailbox one && !one.domain().isEmpty()) {
                return Optional.of(org.pintail.address.MailAddress.unicode(one.domain()).toLowerCase(Locale.ROOT));
            }
        }
        return Optional.empty();
    }

    /// The first filter that says something about an action decides it; targets come from all.
    private void filter(AccountId account, FilterQuery query, Verdict verdict) {
        var said = new LinkedHashMap<String, @Nullable Object>();
        for (var filter : lookups.filters(account)) {
            if (filter.bool("disabled") || !query.fits(filter.document("query").orElse(Document.EMPTY))) {
                continue;
            }
            verdict.matched.add(filter.id());
            var action = filter.document("action").orElse(Document.EMPTY);
            action.documents("targets").forEach(t -> verdict.targets.add(t.string("value", "")));
            action.without("targets").fields().forEach(said::putIfAbsent);
        }
        said.forEach((name, value) -> {
            verdict.actions.remove(name); // so that it counts as said now
            verdict.actions.put(name, value);
        });
    }

    private static boolean isSpam(Account account, String spamAction) {
        var level = account.document().value("spamLevel") instanceof Number n ? n.intValue() : 50;
        return level < NEVER && SCORES.getOrDefault(spamAction.toLowerCase(Locale.ROOT), 0) >= level;
    }

    private String folder(AccountId account, Verdict verdict) {
        var target = INBOX;
        for (var action : verdict.actions.entrySet()) {
            if (action.getKey().equals("spam")) {
                target = Boolean.TRUE.equals(action.getValue()) ? JUNK : target.equals(JUNK) ? INBOX : target;
            } else if (action.getKey().equals("mailbox") && action.getValue() instanceof org.pintail.backend.ObjectId id) {
                target = folders.find(account, new MailboxId(id)).map(m -> m.path()).orElse(INBOX);
            }
        }
        return target;
    }
}
