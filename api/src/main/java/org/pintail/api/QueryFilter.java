package org.pintail.api;

import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.function.Predicate;
import org.pintail.api.rule.DateRule;
import org.pintail.api.rule.Place;
import org.pintail.api.rule.Problems;
import org.pintail.backend.Flags;
import org.pintail.backend.Mailbox;
import org.pintail.backend.ObjectId;
import org.pintail.query.SearchQuery;
import org.pintail.query.SearchQuery.And;
import org.pintail.query.SearchQuery.Keyword;
import org.pintail.query.SearchQuery.Not;
import org.pintail.query.SearchQuery.Or;
import org.pintail.query.SearchQuery.Phrase;
import org.pintail.query.SearchQuery.Word;

/// What a [SearchQuery] means for messages of an account. Keywords that are not known and values that cannot be used contribute nothing;
/// a query of which nothing is left finds nothing.
final class QueryFilter {
    private static final Set<String> TRUE = Set.of("true", "1", "yes", "y", "on");
    private final List<Mailbox> mailboxes;
    private final boolean allWords;

    /// `allWords`: of plain words beside each other all must be there, not any.
    QueryFilter(List<Mailbox> mailboxes, boolean allWords) {
        this.mailboxes = List.copyOf(mailboxes);
        this.allWords = allWords;
    }

    Predicate<SearchCandidate> of(SearchQuery query) {
        return some(query).orElse(_ -> false);
    }

    /// Empty: contributes nothing.
    private Optional<Predicate<SearchCandidate>> some(SearchQuery query) {
        return switch (query) {
            case Word(var text) -> words(List.of(text));
            case Phrase(var text) -> Optional.of(c -> c.phrase(text));
            case Keyword keyword -> keyword(keyword.name(), keyword.value().strip());
            case Not(var part) -> some(part).map(Predicate::negate);
            case Or(var parts) -> parts.stream().flatMap(p -> some(p).stream()).reduce(Predicate::or);
            case And(var parts) -> and(parts);
        };
    }

    private Optional<Predicate<SearchCandidate>> and(List<SearchQuery> parts) {
        var words = new ArrayList<String>();
        var all = new ArrayList<Predicate<SearchCandidate>>();
        for (var part : parts) {
            if (part instanceof Word(var text)) {
                words.add(text);
            } else {
                some(part).ifPresent(all::add);
            }
        }
        words(words).ifPresent(all::add);
        return all.stream().reduce(Predicate::and);
    }

    private Optional<Predicate<SearchCandidate>> words(List<String> words) {
        return words.stream()
                .filter(w -> !w.isBlank())
                .map(w -> (Predicate<SearchCandidate>) c -> c.word(w))
                .reduce(allWords ? Predicate::and : Predicate::or);
    }

    private Optional<Predicate<SearchCandidate>> keyword(String name, String value) {
        if (value.isEmpty()) {
            return Optional.empty();
        }
        var lower = value.toLowerCase(Locale.ROOT);
        return switch (name) {
            case "from", "subject", "cc", "bcc" -> Optional.of(c -> c.header(value, name));
            case "to" -> Optional.of(c -> c.header(value, "to", "cc", "bcc"));
            case "in" -> Optional.of(in(value));
            case "mailbox" -> ObjectId.parse(lower).map(id -> c -> c.mailbox().id().value().equals(id));
            case "thread" -> ObjectId.parse(lower).map(id -> c -> c.row().thread().equals(id));
            case "id" -> Optional.of(value).filter(v -> v.matches("\\d+(?:,\\d+)*|\\d+:(?:\\d+|\\*)")).map(UidSet::parse).map(s -> c -> s.test(c.row().uid()));
            case "datestart", "after", "newer" -> date(value).map(t -> c -> !c.row().internalDate().isBefore(t));
            case "dateend", "before", "older" -> date(value).map(t -> c -> !c.row().internalDate().isAfter(t));
            case "minsize" -> size(value).map(n -> c -> c.row().size() >= n);
            case "maxsize" -> size(value).map(n -> c -> c.row().size() <= n);
            case "attachments" -> when(TRUE.contains(lower), c -> c.row().hasAttachments());
            case "has" -> when(lower.equals("attachment") || lower.equals("attachments"), c -> c.row().hasAttachments());
            case "flagged" -> when(TRUE.contains(lower), QueryFilter::flagged);
            case "seen" -> when(TRUE.contains(lower), QueryFilter::seen);
            case "unseen" -> when(TRUE.contains(lower), c -> !seen(c));
            case "searchable" -> when(TRUE.contains(lower), SearchCandidate::isSearchable);
            case "is" -> is(lower);
            default -> Optional.empty();
        };
    }

    private static Optional<Predicate<SearchCandidate>> is(String value) {
        return switch (value) {
            case "starred", "flagged" -> Optional.of(QueryFilter::flagged);
            case "read" -> Optional.of(QueryFilter::seen);
            case "unread" -> Optional.of(c -> !seen(c));
            default -> Optional.empty();
        };
    }

    private static Optional<Predicate<SearchCandidate>> when(boolean usable, Predicate<SearchCandidate> filter) {
        return usable ? Optional.of(filter) : Optional.empty();
    }

    private static boolean seen(SearchCandidate c) {
        return c.row().flags().has(Flags.SEEN);
    }

    private static boolean flagged(SearchCandidate c) {
        return c.row().flags().has(Flags.FLAGGED);
    }

    /// By id, by path, or by the beginning of the name of a special use; one that is not there holds nothing.
    private Predicate<SearchCandidate> in(String value) {
        var name = value.startsWith("/") ? value.substring(1) : value;
        var lower = name.toLowerCase(Locale.ROOT);
        var exact = mailboxes.stream().filter(m -> m.id().hex().equals(lower) || m.path().equals(name)).findFirst();
        var found = exact.or(() -> mailboxes.stream().filter(m -> m.path().equalsIgnoreCase(name)).findFirst())
                .or(() -> mailboxes.stream().filter(m -> specialUse(lower).equals(m.specialUse())).findFirst());
        return found.<Predicate<SearchCandidate>>map(m -> c -> c.mailbox().id().equals(m.id())).orElse(_ -> false);
    }

    private static String specialUse(String name) {
        if (name.startsWith("spam") || name.startsWith("junk")) {
            return "\\Junk";
        }
        if (name.startsWith("trash") || name.startsWith("deleted")) {
            return "\\Trash";
        }
        return name.startsWith("sent") ? "\\Sent" : name.startsWith("draft") ? "\\Drafts" : "none";
    }

    private static Optional<Instant> date(String value) {
        var problems = new Problems();
        var date = new DateRule(false, false).check(value, Place.ROOT, problems);
        return date instanceof Instant t && problems.isEmpty() ? Optional.of(t) : Optional.empty();
    }

    private static Optional<Long> size(String value) {
        return value.matches("\\d{1,18}") ? Optional.of(Long.parseLong(value)) : Optional.empty();
    }
}
