package org.pintail.api;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.LongPredicate;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.pintail.api.rule.EitherRule;
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
import org.pintail.backend.Flags;
import org.pintail.backend.Mailbox;
import org.pintail.backend.MailboxId;
import org.pintail.backend.MessageRow;
import org.pintail.backend.ObjectId;
import org.pintail.header.Charsets;
import org.pintail.header.Headers;
import org.pintail.mail.Mail;
import org.pintail.mime.MimePart;
import org.pintail.mime.PartMap;
import org.pintail.mime.Source;
import org.pintail.mime.TransferEncoding;
import org.pintail.mta.Outbox;

/// Messages of a mailbox: list, show, change, move, delete (http-api §7).
final class MessageOperations {
    private static final String GROUP = "Messages";
    private final Mail mail;
    private final MessageView view;

    MessageOperations(Mail mail, Outbox outbox) {
        this.mail = mail;
        this.view = new MessageView(mail, outbox);
    }

    void register(Table table) {
        table.add(shown(Operation.of("GET /users/:user/mailboxes/:mailbox/messages", "getMessages", own(Action.READ))
                        .about(GROUP, "List the messages of a mailbox")
                        .user()
                        .mailbox()
                        .query("unseen", Rules.bool(), "Only unseen, or only seen ones"))
                .query("order", Rules.any(), "desc", "asc or desc, by internal date")
                .logged(In.QUERY)
                .paged()
                .run(this::list));
        table.add(changes(Operation.of("PUT /users/:user/mailboxes/:mailbox/messages", "updateMessage", own(Action.UPDATE))
                        .about(GROUP, "Change or move messages")
                        .user()
                        .mailbox()
                        .require(In.BODY, "message", Rules.uidSet(), "UIDs: 1,2,3 or 3:15 or 3:*"))
                .run(this::update));
        table.add(Operation.of("DELETE /users/:user/mailboxes/:mailbox/messages", "deleteMessagesInMailbox", own(Action.DELETE))
                .about(GROUP, "Delete all messages of a mailbox")
                .user()
                .mailbox()
                .query("async", Rules.bool(), false, "Answer before it is done")
                .query("skipArchive", Rules.bool(), false, "Do not keep them for a while")
                .logged(In.QUERY)
                .run(this::deleteAll));
        table.add(Operation.of("GET /users/:user/mailboxes/:mailbox/messages/:message", "getMessage", own(Action.READ))
                .about(GROUP, "Show a message")
                .user()
                .mailbox()
                .path("message", Rules.number(1, Long.MAX_VALUE), "UID")
                .query("replaceCidLinks", Rules.bool(), false, "Without effect, for compatibility")
                .query("markAsSeen", Rules.bool(), false, "Mark it as seen first")
                .logged(In.QUERY)
                .run(this::one));
        table.add(changes(Operation.of("PUT /users/:user/mailboxes/:mailbox/messages/:message", "updateMessagePathParams", own(Action.UPDATE))
                        .about(GROUP, "Change or move messages")
                        .user()
                        .mailbox()
                        .path("message", Rules.uidSet(), "UIDs: 1,2,3 or 3:15 or 3:*"))
                .run(this::update));
        table.add(Operation.of("DELETE /users/:user/mailboxes/:mailbox/messages/:message", "deleteMessage", own(Action.DELETE))
                .about(GROUP, "Delete a message")
                .user()
                .mailbox()
                .path("message", Rules.number(1, Long.MAX_VALUE), "UID")
                .query("updateThread", Rules.bool(), false, "All messages of its thread in this mailbox as well")
                .logged(In.QUERY)
                .run(this::delete));
        table.add(Operation.of("GET /users/:user/mailboxes/:mailbox/messages/:message/message.eml", "getMessageSource", own(Action.READ))
                .about(GROUP, "The message as it came, byte for byte")
                .user()
                .mailbox()
                .path("message", Rules.number(1, Long.MAX_VALUE), "UID")
                .logged(In.QUERY)
                .run(this::source));
        table.add(Operation.of(
                        "GET /users/:user/mailboxes/:mailbox/messages/:message/attachments/:attachment",
                        "getMessageAttachment",
                        new Access("attachments", Action.READ, Reach.OWN))
                .about(GROUP, "An attachment, decoded")
                .user()
                .mailbox()
                .path("message", Rules.number(1, Long.MAX_VALUE), "UID")
                .path("attachment", Rules.text().raised().like("^ATT\\d+$"), "Such as ATT00001")
                .query("sendAsString", Rules.bool(), false, "Text in another charset as UTF-8")
                .run(this::attachment));
    }

    static Access own(Action action) {
        return new Access("messages", action, Reach.OWN);
    }

    /// What listings may show.
    static Operation shown(Operation operation) {
        return operation
                .query("metaData", Rules.bool(), false, "Show metaData")
                .query("threadCounters", Rules.bool(), false, "Show how many messages a thread has")
                .query("includeHasDrafts", Rules.bool(), false, "Show whether there is a draft of an answer")
                .query("collapseThreads", Rules.bool(), false, "One message of each thread")
                .query("includeHeaders", Rules.bool(), false, "Show all header fields");
    }

    private static Operation changes(Operation operation) {
        return operation
                .body("moveTo", Rules.objectId(), "Mailbox to move to")
                .body("updateThread", Rules.bool(), false, "All messages of their threads in this mailbox as well")
                .body("seen", Rules.bool(), "\\Seen")
                .body("deleted", Rules.bool(), "\\Deleted")
                .body("flagged", Rules.bool(), "\\Flagged")
                .body("markHam", Rules.bool(), false, "Tell the spam filter it is none")
                .body("draft", Rules.bool(), "\\Draft")
                .body("expires", new EitherRule(List.of(Rules.bool(), Rules.date()), "must be a valid date or false"), "When it goes, or false")
                .body("metaData", Rules.meta(), "Free for the caller")
                .logged(In.BODY);
    }

    private Answer list(Call call) {
        var mailbox = MailboxOperations.require(mail, call.user(), call.mailbox());
        var rows = new ArrayList<>(mail.mailstore().messages().rows(mailbox.id()));
        var unseen = call.bool("unseen");
        unseen.ifPresent(wanted -> rows.removeIf(r -> r.flags().has(Flags.SEEN) == wanted));
        var shape = Shape.success();
        return answer(call, shape, rows, "asc".equals(call.value("order")), false, unseen.isEmpty() && !call.yes("collapseThreads") ? mailbox : null);
    }

    /// A page of `rows`. `mailbox`: its special use is shown, null for a search.
    Answer answer(Call call, Shape shape, List<MessageRow> rows, boolean ascending, boolean byId, @Nullable Mailbox mailbox) {
        var order = byId
                ? Comparator.comparing((MessageRow r) -> r.id().value())
                : Comparator.comparing(MessageRow::internalDate).thenComparing(r -> r.id().value());
        rows.sort(ascending ? order : order.reversed());
        boolean collapse = call.yes("collapseThreads");
        var all = collapse ? collapsed(rows) : rows;
        var paging = collapse ? Paging.insisting(call) : Paging.of(call);
        var threads = collapse || call.yes("threadCounters") ? threads(call.user()) : Map.<ObjectId, ThreadState>of();
        var wanted = new MessageView.Wanted(call.yes("metaData"), call.yes("includeHeaders"));
        var drafts = call.yes("includeHasDrafts") && !collapse ? drafts(call.user()) : List.<MessageRow>of();
        var page = paging.slice(all, r -> key(r, byId));
        var out = paging.answer(shape, all.size(), page, r -> key(r, byId), r -> {
            var thread = threads.getOrDefault(r.thread(), ThreadState.NONE);
            var one = view.listed(r, wanted, call.yes("threadCounters") ? thread.messages() : 0);
            if (collapse) {
                one.put("seen", thread.seen()).put("flagged", thread.flagged());
            }
            return call.yes("includeHasDrafts") ? one.put("hasDrafts", collapse ? thread.draft() : hasDraft(r, drafts)) : one;
        });
        if (!byId && call.has("mailbox") && mail.folders().find(call.user(), new MailboxId(call.required("mailbox"))).isPresent()) {
            var box = mailbox != null ? mailbox : MailboxOperations.require(mail, call.user(), call.mailbox());
            out.put("specialUse", box.specialUse());
        }
        return out.ok();
    }

    private static Paging.Key key(MessageRow row, boolean byId) {
        return new Paging.Key(byId ? null : row.internalDate(), row.id().value());
    }

    private static List<MessageRow> collapsed(List<MessageRow> rows) {
        var seen = new HashSet<ObjectId>();
        return rows.stream().filter(r -> seen.add(r.thread())).toList();
    }

    /// What the messages of a thread are together, wherever in the account they lie: all seen, any flagged, any a draft.
    private record ThreadState(int messages, boolean seen, boolean flagged, boolean draft) {
        static final ThreadState NONE = new ThreadState(0, true, false, false);

        static ThreadState of(MessageRow row) {
            var flags = row.flags();
            return new ThreadState(1, flags.has(Flags.SEEN), flags.has(Flags.FLAGGED), flags.has(Flags.DRAFT));
        }

        ThreadState and(ThreadState more) {
            return new ThreadState(messages + more.messages, seen && more.seen, flagged || more.flagged, draft || more.draft);
        }
    }

    private Map<ObjectId, ThreadState> threads(AccountId account) {
        var out = new HashMap<ObjectId, ThreadState>();
        for (var box : mail.folders().list(account)) {
            for (var row : mail.mailstore().messages().rows(box.id())) {
                out.merge(row.thread(), ThreadState.of(row), ThreadState::and);
            }
        }
        return out;
    }

    private List<MessageRow> drafts(AccountId account) {
        var out = new ArrayList<MessageRow>();
        for (var box : mail.folders().list(account)) {
            mail.mailstore().messages().rows(box.id()).stream()
                    .filter(r -> r.flags().has(Flags.DRAFT))
                    .forEach(out::add);
        }
        return out;
    }

    /// Is one of the drafts an answer to this very message?
    private boolean hasDraft(MessageRow row, List<MessageRow> drafts) {
        var messages = mail.mailstore().messages();
        var id = messages.content(row).details().string("msgid", "");
        return drafts.stream()
                .filter(d -> d.thread().equals(row.thread()))
                .anyMatch(d -> messages.content(d).details().string("inReplyTo", "").contains(id));
    }

    static ApiError missing() {
        return new ApiError(404, "MessageNotFound", "This message does not exist");
    }

    /// The message of that UID, in a mailbox of the account. Refuses [ApiError] 404.
    static MessageRow require(Mail mail, AccountId account, MailboxId mailbox, long uid) {
        if (mail.folders().find(account, mailbox).isEmpty()) {
            throw missing();
        }
        return mail.mailstore().messages().row(mailbox, uid).orElseThrow(MessageOperations::missing);
    }

    private MessageRow require(Call call) {
        return require(mail, call.user(), call.mailbox(), call.number("message"));
    }

    private Answer one(Call call) {
        var row = require(call);
        if (call.yes("markAsSeen") && !row.flags().has(Flags.SEEN)) {
            mail.mailstore()
                    .messages()
                    .changeFlags(row.mailbox(), List.of(row.uid()), f -> f.plus(Flags.of("\\Seen")), Long.MAX_VALUE, null);
            return view.whole(require(call)).ok();
        }
        return view.whole(row).ok();
    }

    private Answer update(Call call) {
        var mailbox = MailboxOperations.require(mail, call.user(), call.mailbox());
        var messages = mail.mailstore().messages();
        if (call.yes("updateThread") && (call.has("metaData") || call.has("expires") || call.has("draft"))) {
            throw ApiError.input("\"updateThread\" changes many messages: expected none of metaData, expires and draft with it");
        }
        var rows = selected(call, mailbox, UidSet.parse(call.text("message")));
        if (rows.isEmpty()) {
            throw missing();
        }
        var uids = rows.stream().map(MessageRow::uid).collect(Collectors.toSet());
        boolean details = call.has("expires") || call.has("metaData");
        var flags = new FlagChange(call);
        if (!details && flags.isEmpty() && !call.has("moveTo") && !call.yes("markHam")) {
            throw new ApiError(500, "InternalServer", "Nothing was changed");
        }
        if (!flags.isEmpty()) {
            messages.changeFlags(mailbox.id(), uids, flags::apply, Long.MAX_VALUE, null);
        }
        if (details) {
            rows.forEach(r -> messages.updateDetails(r, d -> changed(call, d)));
        }
        if (call.id("moveTo").isEmpty()) {
            return Shape.success().put("updated", rows.size()).ok();
        }
        var to = MailboxOperations.require(mail, call.user(), new MailboxId(call.required("moveTo")));
        var account = mail.accounts().require(call.user());
        var moved = mail.mailstore().move(account, mailbox, rows.stream().map(MessageRow::uid).toList(), to, null);
        var ids = moved.stream().map(m -> List.of(m.uid(), m.row().uid())).toList();
        return Shape.success().put("mailbox", to.id()).put("id", ids).ok();
    }

    /// The wanted messages, and with `updateThread` the others of their threads in the same mailbox.
    private List<MessageRow> selected(Call call, Mailbox mailbox, LongPredicate wanted) {
        var all = mail.mailstore().messages().rows(mailbox.id());
        var rows = all.stream().filter(r -> wanted.test(r.uid())).toList();
        if (!call.yes("updateThread")) {
            return rows;
        }
        var threads = rows.stream().map(MessageRow::thread).collect(Collectors.toSet());
        return all.stream().filter(r -> threads.contains(r.thread())).toList();
    }

    private static Document changed(Call call, Document details) {
        var out = details;
        var expires = call.value("expires");
        if (expires instanceof Instant time) {
            out = out.with("expires", time);
        } else if (expires != null) {
            out = out.without("expires");
        }
        if (call.has("metaData")) {
            out = out.with("meta", out.document("meta").orElse(Document.EMPTY).with("custom", call.text("metaData")));
        }
        return out;
    }

    /// Flags that a call sets and clears.
    private static final class FlagChange {
        private final Flags plus;
        private final Flags minus;

        FlagChange(Call call) {
            var set = new ArrayList<String>();
            var cleared = new ArrayList<String>();
            var names = Map.of("seen", "\\Seen", "deleted", "\\Deleted", "flagged", "\\Flagged", "draft", "\\Draft");
            names.forEach((parameter, flag) -> call.bool(parameter).ifPresent(on -> (on ? set : cleared).add(flag)));
            plus = Flags.of(set);
            minus = Flags.of(cleared);
        }

        boolean isEmpty() {
            return plus.equals(Flags.NONE) && minus.equals(Flags.NONE);
        }

        Flags apply(Flags flags) {
            return flags.plus(plus).minus(minus);
        }
    }

    private Answer deleteAll(Call call) {
        var mailbox = MailboxOperations.require(mail, call.user(), call.mailbox());
        if (call.yes("async")) {
            throw ApiError.input("\"async\" is not supported by this version yet: expected false");
        }
        var uids = mail.mailstore().messages().rows(mailbox.id()).stream().map(MessageRow::uid).toList();
        int deleted = mail.mailstore().messages().expunge(mailbox.id(), uids, null).size();
        return Shape.success().put("deleted", deleted).put("errors", 0).ok();
    }

    private Answer delete(Call call) {
        var mailbox = MailboxOperations.require(mail, call.user(), call.mailbox());
        long uid = call.number("message");
        var uids = selected(call, mailbox, u -> u == uid).stream().map(MessageRow::uid).toList();
        var deleted = mail.mailstore().messages().expunge(mailbox.id(), uids, null);
        if (deleted.isEmpty()) {
            throw missing();
        }
        return Shape.success().put("deleted", deleted.size()).put("errors", 0).ok();
    }

    private Answer source(Call call) {
        var source = mail.mailstore().messages().open(require(call));
        return new Answer.Content(200, Map.of("Content-Type", "message/rfc822"), source.size(), source::writeTo);
    }

    private Answer attachment(Call call) {
        var row = require(call);
        var messages = mail.mailstore().messages();
        var content = messages.content(row);
        Optional<Document> found = content.details().documents("attachments").stream()
                .filter(a -> a.string("id", "").equals(call.text("attachment")))
                .findFirst();
        var part = found.flatMap(a -> PartMap.decode(content.partMap().unsafeArray()).find(a.string("part", "")))
                .orElseThrow(() -> new ApiError(404, "AttachmentNotFound", "This attachment does not exist"));
        var source = messages.open(row);
        var headers = new LinkedHashMap<String, String>();
        headers.put("Content-Type", found.orElseThrow().string("contentType", "application/octet-stream"));
        header(source, part).value("content-disposition").map(MessageOperations::oneLine).ifPresent(d -> headers.put("Content-Disposition", d));
        return new Answer.Content(200, headers, -1, out -> {
            try (var in = TransferEncoding.decode(source.open(part.bodyStart(), part.bodySize()), part.encoding())) {
                if (call.yes("sendAsString") && isOtherText(part)) {
                    out.write(text(in, part).getBytes(StandardCharsets.UTF_8));
                } else {
                    in.transferTo(out);
                }
            }
        });
    }

    private static Headers header(Source message, MimePart part) {
        try {
            return Headers.parse(message.read(part.headerStart(), part.bodyStart() - part.headerStart()));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static String oneLine(String value) {
        return value.replaceAll("\\s*[\\r\\n]+\\s*", " ").strip();
    }

    private static boolean isOtherText(MimePart part) {
        return !part.encoding().equals("base64")
                && !part.encoding().equals("quoted-printable")
                && part.parameters().value("charset").isPresent();
    }

    private static String text(InputStream in, MimePart part) throws IOException {
        return Charsets.decode(in.readAllBytes(), part.parameters().value("charset").orElse("utf-8"));
    }
}
