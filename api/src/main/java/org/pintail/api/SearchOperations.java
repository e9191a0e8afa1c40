package org.pintail.api;

import java.util.ArrayList;
import java.util.List;
import java.util.function.Predicate;
import org.pintail.api.rule.DateRule;
import org.pintail.api.rule.NumberRule;
import org.pintail.api.rule.ObjectRule;
import org.pintail.api.rule.ObjectRule.Field;
import org.pintail.api.rule.Rules;
import org.pintail.api.table.Access.Action;
import org.pintail.api.table.Answer;
import org.pintail.api.table.ApiError;
import org.pintail.api.table.Call;
import org.pintail.api.table.Operation;
import org.pintail.api.table.Operation.In;
import org.pintail.api.table.Shape;
import org.pintail.api.table.Table;
import org.pintail.backend.Flags;
import org.pintail.backend.Mailbox;
import org.pintail.backend.MessageRow;
import org.pintail.mail.Mail;
import org.pintail.query.SearchQuery;

/// Searching an account by looking at its messages (http-api #39): by fields, or by a query ([QueryFilter]).
final class SearchOperations {
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

    private Answer search(Call call) {
        mail.accounts().require(call.user());
        var q = call.text("q");
        var boxes = mail.folders().list(call.user());
        var wanted = q.isEmpty() ? byFields(call) : byQuery(q, boxes, call.yes("useAndSearch"));
        var rows = new ArrayList<MessageRow>();
        boolean searchable = call.yes("searchable");
        for (var box : boxes) {
            if (searchable && ("\\Junk".equals(box.specialUse()) || "\\Trash".equals(box.specialUse()))) {
                continue;
            }
            if (q.isEmpty() && call.id("mailbox").filter(id -> !id.equals(box.id().value())).isPresent()) {
                continue;
            }
            mail.mailstore().messages().rows(box.id()).stream()
                    .filter(r -> wanted.test(new SearchCandidate(mail.mailstore().messages(), r, box)))
                    .forEach(rows::add);
        }
        var shape = Shape.success().given("query", call.given("q").or(() -> call.given("query")).orElse(null));
        return listing.answer(call, shape, rows, "asc".equals(call.value("order")), !call.has("order"), null);
    }

    private static Predicate<SearchCandidate> byQuery(String q, List<Mailbox> mailboxes, boolean allWords) {
        try {
            return SearchQuery.parse(q)
                    .map(new QueryFilter(mailboxes, allWords)::of)
                    .orElse(_ -> false);
        } catch (SearchQuery.BadQuery e) {
            throw ApiError.input("\"q\" cannot be read: " + e.getMessage());
        }
    }

    private static Predicate<SearchCandidate> byFields(Call call) {
        var all = new ArrayList<Predicate<SearchCandidate>>();
        call.given("id").map(UidSet::parse).ifPresent(uids -> all.add(c -> uids.test(c.row().uid())));
        call.id("thread").ifPresent(t -> all.add(c -> c.row().thread().equals(t)));
        call.time("datestart").ifPresent(t -> all.add(c -> !c.row().internalDate().isBefore(t)));
        call.time("dateend").ifPresent(t -> all.add(c -> !c.row().internalDate().isAfter(t)));
        if (call.has("minSize")) {
            all.add(c -> c.row().size() >= call.number("minSize"));
        }
        if (call.has("maxSize")) {
            all.add(c -> c.row().size() <= call.number("maxSize"));
        }
        if (call.yes("attachments")) {
            all.add(c -> c.row().hasAttachments());
        }
        if (call.yes("flagged")) {
            all.add(c -> c.row().flags().has(Flags.FLAGGED));
        }
        if (call.yes("unseen")) {
            all.add(c -> !c.row().flags().has(Flags.SEEN));
        } else if (call.yes("seen")) {
            all.add(c -> c.row().flags().has(Flags.SEEN));
        }
        call.given("from").ifPresent(v -> all.add(c -> c.header(v, "from")));
        call.given("to").ifPresent(v -> all.add(c -> c.header(v, "to", "cc")));
        call.given("subject").ifPresent(v -> all.add(c -> c.header(v, "subject")));
        call.given("query").ifPresent(v -> all.add(words(v, call.yes("useAndSearch"))));
        var or = call.object("or");
        if (!or.fields().isEmpty()) {
            var any = new ArrayList<Predicate<SearchCandidate>>();
            or.string("query").ifPresent(v -> any.add(words(v, call.yes("useAndSearch"))));
            or.string("from").ifPresent(v -> any.add(c -> c.header(v, "from")));
            or.string("to").ifPresent(v -> any.add(c -> c.header(v, "to", "cc")));
            or.string("subject").ifPresent(v -> any.add(c -> c.header(v, "subject")));
            all.add(c -> any.stream().anyMatch(p -> p.test(c)));
        }
        return c -> all.stream().allMatch(p -> p.test(c));
    }

    private static Predicate<SearchCandidate> words(String text, boolean allOfThem) {
        var words = List.of(text.strip().split("\\s+", -1));
        return c -> allOfThem ? words.stream().allMatch(c::word) : words.stream().anyMatch(c::word);
    }
}
