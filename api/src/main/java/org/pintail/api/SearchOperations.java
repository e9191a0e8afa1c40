package org.pintail.api;

import java.time.DateTimeException;
import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.function.Predicate;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.pintail.api.rule.DateRule;
import org.pintail.api.rule.NumberRule;
import org.pintail.api.rule.ObjectRule;
import org.pintail.api.rule.ObjectRule.Field;
import org.pintail.api.rule.Rules;
import org.pintail.api.table.Access.Action;
import org.pintail.api.table.Answer;
import org.pintail.api.table.Call;
import org.pintail.api.table.Operation;
import org.pintail.api.table.Operation.In;
import org.pintail.api.table.Shape;
import org.pintail.api.table.Table;
import org.pintail.backend.Document;
import org.pintail.backend.Flags;
import org.pintail.backend.Mailbox;
import org.pintail.backend.MessageRow;
import org.pintail.backend.ObjectId;
import org.pintail.mail.Mail;

/// Searching an account by looking at its messages (http-api #39): by fields, or by words and `name:value` terms that must all hold.
final class SearchOperations {
    /// A term of the query language: an optional minus, an optional name with a colon, then a word or a quoted phrase.
    private static final Pattern TERM = Pattern.compile("(-?)(?:([A-Za-z]+):\\s*)?(?:\"([^\"]*)\"?|(\\S+))");

    private final Mail mail;
    private final MessageOperations listing;

    SearchOperations(Mail mail, MessageOperations listing) {
        this.mail = mail;
        this.listing = listing;
    }

    void register(Table table) {
        var words = Rules.text().trimmed().orEmpty();
        var either = ObjectRule.of(
                Field.of("query", words.max(255)), Field.of("from", words), Field.of("to", words), Field.of("subject", words));
        var date = new DateRule(false, true);
        var size = new NumberRule(Long.MIN_VALUE, Long.MAX_VALUE, true);
        table.add(MessageOperations.shown(Operation.of("GET /users/:user/search", "searchMessages", MessageOperations.own(Action.READ))
                        .about("Messages", "Search the messages of an account")
                        .user()
                        .query("q", words.max(1024), "Words, phrases in quotes, and name:value terms; other filters do not count then")
                        .query("mailbox", Rules.objectIdOrEmpty(), "Only in this mailbox")
                        .query("id", Rules.uidSet().orEmpty(), "Only these UIDs")
                        .query("thread", Rules.objectIdOrEmpty(), "Only this thread")
                        .query("or", either, "Any of these")
                        .query("query", words.max(255), "Words, any of which must be there")
                        .query("datestart", date, "Not before")
                        .query("dateend", date, "Not after")
                        .query("from", words, "Part of From")
                        .query("to", words, "Part of To or Cc")
                        .query("subject", words, "Part of the subject")
                        .query("minSize", size, "At least as large, in bytes")
                        .query("maxSize", size, "At most as large, in bytes")
                        .query("attachments", Rules.bool(), "Only with attachments")
                        .query("flagged", Rules.bool(), "Only flagged ones")
                        .query("unseen", Rules.bool(), "Only unseen ones")
                        .query("seen", Rules.bool(), "Only seen ones")
                        .query("useAndSearch", Rules.bool(), false, "All words must be there")
                        .query("searchable", Rules.bool(), "Not in Junk and Trash"))
                .query("order", Rules.any(), "asc or desc by internal date; by id when absent")
                .logged(In.QUERY)
                .paged()
                .run(this::search));
    }

    /// A message while it is looked at; its details are read when something asks for them.
    private final class Candidate {
        private final MessageRow row;
        private final Mailbox mailbox;
        private Optional<Document> details = Optional.empty();

        Candidate(MessageRow row, Mailbox mailbox) {
            this.row = row;
            this.mailbox = mailbox;
        }

        private Document details() {
            if (details.isEmpty()) {
                details = Optional.of(mail.mailstore().messages().content(row).details());
            }
            return details.get();
        }

        boolean header(String part, String... names) {
            var wanted = part.toLowerCase(Locale.ROOT);
            var keys = List.of(names);
            return details().documents("headers").stream()
                    .filter(h -> keys.contains(h.string("key", "")))
                    .anyMatch(h -> h.string("value", "").toLowerCase(Locale.ROOT).contains(wanted));
        }

        boolean word(String word) {
            return details().string("text", "").toLowerCase(Locale.ROOT).contains(word.toLowerCase(Locale.ROOT))
                    || header(word, "subject", "from", "to", "cc");
        }
    }

    private Answer search(Call call) {
        mail.accounts().require(call.user());
        var q = call.text("q");
        var wanted = q.isEmpty() ? byFields(call) : byQuery(q);
        var rows = new ArrayList<MessageRow>();
        boolean searchable = call.yes("searchable");
        for (var box : mail.folders().list(call.user())) {
            if (searchable && ("\\Junk".equals(box.specialUse()) || "\\Trash".equals(box.specialUse()))) {
                continue;
            }
            if (q.isEmpty() && call.id("mailbox").filter(id -> !id.equals(box.id().value())).isPresent()) {
                continue;
            }
            mail.mailstore().messages().rows(box.id()).stream()
                    .filter(r -> wanted.test(new Candidate(r, box)))
                    .forEach(rows::add);
        }
        var shape = Shape.success().given("query", call.given("q").or(() -> call.given("query")).orElse(null));
        return listing.answer(call, shape, rows, "asc".equals(call.value("order")), !call.has("order"), null);
    }

    private Predicate<Candidate> byFields(Call call) {
        var all = new ArrayList<Predicate<Candidate>>();
        call.given("id").map(UidSet::parse).ifPresent(uids -> all.add(c -> uids.test(c.row.uid())));
        call.id("thread").ifPresent(t -> all.add(c -> c.row.thread().equals(t)));
        call.time("datestart").ifPresent(t -> all.add(c -> !c.row.internalDate().isBefore(t)));
        call.time("dateend").ifPresent(t -> all.add(c -> !c.row.internalDate().isAfter(t)));
        if (call.has("minSize")) {
            all.add(c -> c.row.size() >= call.number("minSize"));
        }
        if (call.has("maxSize")) {
            all.add(c -> c.row.size() <= call.number("maxSize"));
        }
        if (call.yes("attachments")) {
            all.add(c -> c.row.hasAttachments());
        }
        if (call.yes("flagged")) {
            all.add(c -> c.row.flags().has(Flags.FLAGGED));
        }
        if (call.yes("unseen")) {
            all.add(c -> !c.row.flags().has(Flags.SEEN));
        } else if (call.yes("seen")) {
            all.add(c -> c.row.flags().has(Flags.SEEN));
        }
        call.given("from").ifPresent(v -> all.add(c -> c.header(v, "from")));
        call.given("to").ifPresent(v -> all.add(c -> c.header(v, "to", "cc")));
        call.given("subject").ifPresent(v -> all.add(c -> c.header(v, "subject")));
        call.given("query").ifPresent(v -> all.add(words(v, call.yes("useAndSearch"))));
        var or = call.object("or");
        if (!or.fields().isEmpty()) {
            var any = new ArrayList<Predicate<Candidate>>();
            or.string("query").ifPresent(v -> any.add(words(v, call.yes("useAndSearch"))));
            or.string("from").ifPresent(v -> any.add(c -> c.header(v, "from")));
            or.string("to").ifPresent(v -> any.add(c -> c.header(v, "to", "cc")));
            or.string("subject").ifPresent(v -> any.add(c -> c.header(v, "subject")));
            all.add(c -> any.stream().anyMatch(p -> p.test(c)));
        }
        return c -> all.stream().allMatch(p -> p.test(c));
    }

    private static Predicate<Candidate> words(String text, boolean allOfThem) {
        var words = List.of(text.strip().split("\\s+", -1));
        return c -> allOfThem ? words.stream().allMatch(c::word) : words.stream().anyMatch(c::word);
    }

    private Predicate<Candidate> byQuery(String q) {
        var all = new ArrayList<Predicate<Candidate>>();
        Matcher term = TERM.matcher(q);
        while (term.find()) {
            var quoted = term.group(3);
            var value = quoted == null ? term.group(4) : quoted;
            if (value == null || value.isEmpty()) {
                continue;
            }
            var name = term.group(2);
            Predicate<Candidate> one = name == null ? c -> c.word(value) : named(name.toLowerCase(Locale.ROOT), value);
            all.add(term.group(1).isEmpty() ? one : one.negate());
        }
        return all.isEmpty() ? _ -> false : c -> all.stream().allMatch(p -> p.test(c));
    }

    /// A term with a name; one that is unknown matches nothing.
    private static Predicate<Candidate> named(String name, String value) {
        return switch (name) {
            case "from", "subject", "cc", "bcc" -> c -> c.header(value, name);
            case "to" -> c -> c.header(value, "to", "cc", "bcc");
            case "in", "mailbox" -> c -> in(c.mailbox, value);
            case "thread" -> c -> ObjectId.parse(value).filter(c.row.thread()::equals).isPresent();
            case "has" -> value.startsWith("attachment") ? c -> c.row.hasAttachments() : _ -> false;
            case "is" -> switch (value) {
                case "starred", "flagged" -> c -> c.row.flags().has(Flags.FLAGGED);
                case "read" -> c -> c.row.flags().has(Flags.SEEN);
                case "unread" -> c -> !c.row.flags().has(Flags.SEEN);
                default -> _ -> false;
            };
            case "after", "newer", "datestart" -> date(value).map(t -> (Predicate<Candidate>) c -> !c.row.internalDate().isBefore(t)).orElse(_ -> false);
            case "before", "older", "dateend" -> date(value).map(t -> (Predicate<Candidate>) c -> !c.row.internalDate().isAfter(t)).orElse(_ -> false);
            case "minsize" -> size(value).map(n -> (Predicate<Candidate>) c -> c.row.size() >= n).orElse(_ -> false);
            case "maxsize" -> size(value).map(n -> (Predicate<Candidate>) c -> c.row.size() <= n).orElse(_ -> false);
            default -> _ -> false;
        };
    }

    private static boolean in(Mailbox mailbox, String value) {
        var name = value.startsWith("/") ? value.substring(1) : value;
        var lower = name.toLowerCase(Locale.ROOT);
        var use = switch (lower) {
            case "spam", "junk" -> "\\Junk";
            case "sent" -> "\\Sent";
            case "trash", "deleted" -> "\\Trash";
            case "drafts", "draft" -> "\\Drafts";
            default -> "";
        };
        return mailbox.id().hex().equals(lower)
                || mailbox.path().equalsIgnoreCase(name)
                || !use.isEmpty() && use.equals(mailbox.specialUse());
    }

    private static Optional<Instant> date(String value) {
        try {
            return Optional.of(value.length() > 10
                    ? Instant.parse(value.toUpperCase(Locale.ROOT))
                    : LocalDate.parse(value).atStartOfDay().toInstant(ZoneOffset.UTC));
        } catch (DateTimeException e) {
            return Optional.empty();
        }
    }

    private static Optional<Long> size(String value) {
        return value.matches("\\d{1,18}") ? Optional.of(Long.parseLong(value)) : Optional.empty();
    }
}
