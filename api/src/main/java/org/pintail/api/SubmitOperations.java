package org.pintail.api;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.pintail.address.MailAddress;
import org.pintail.api.rule.EitherRule;
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
import org.pintail.backend.Bytes;
import org.pintail.backend.Document;
import org.pintail.backend.Flags;
import org.pintail.backend.Mailbox;
import org.pintail.backend.MailboxId;
import org.pintail.backend.MessageRow;
import org.pintail.header.Headers;
import org.pintail.header.MailDate;
import org.pintail.mail.Account;
import org.pintail.mail.Mail;
import org.pintail.mail.Mailstore;
import org.pintail.mail.Refusal;
import org.pintail.mail.Settings;
import org.pintail.mime.Source;
import org.pintail.mta.Outbox;

/// Messages going in and out by the API: upload, submit, submit a draft (http-api #38, #47, #52).
final class SubmitOperations {
    private static final String GROUP = "Submission";
    private static final Duration DAY = Duration.ofDays(1);
    private final Mail mail;
    private final Outbox outbox;
    private final Composer composer;

    SubmitOperations(Mail mail, Outbox outbox) {
        this.mail = mail;
        this.outbox = outbox;
        this.composer = new Composer(mail);
    }

    void register(Table table) {
        table.add(content(Operation.of("POST /users/:user/mailboxes/:mailbox/messages", "uploadMessage", MessageOperations.own(Action.CREATE))
                        .about("Messages", "Put a message into a mailbox")
                        .user()
                        .mailbox()
                        .body("date", Rules.date(), "Internal date")
                        .body("unseen", Rules.bool(), false, "Without \\Seen")
                        .body("flagged", Rules.bool(), false, "With \\Flagged")
                        .body("draft", Rules.bool(), false, "With \\Draft")
                        .body("raw", Rules.content(), "The whole message; or as raw body")
                        .body("files", Rules.listOf(Rules.objectId()), "Files to attach")
                        .body("metaData", Rules.meta(), "Free for the caller")
                        .body("reference", reference(true), "Message that is answered or forwarded")
                        .body("replacePrevious", previous("mailbox", false), "Message to delete afterwards")
                        .body("bimi", ObjectRule.of(Field.required("domain", Rules.text().max(255)), Field.of("selector", Rules.text().max(255).orEmpty())), "Brand indicator"))
                .run(this::upload));
        table.add(Operation.of("POST /users/:user/mailboxes/:mailbox/messages/:message/submit", "submitStoredMessage", MessageOperations.own(Action.CREATE))
                .about(GROUP, "Send a draft")
                .user()
                .mailbox()
                .path("message", Rules.number(1, Long.MAX_VALUE), "UID of the draft")
                .body("deleteFiles", Rules.bool(), "Delete the files it was made of")
                .body("sendTime", Rules.date(), "Not before")
                .logged(In.BODY)
                .run(this::submitDraft));
        table.add(content(Operation.of("POST /users/:user/submit", "submitMessage", MessageOperations.own(Action.CREATE))
                        .about(GROUP, "Send a message")
                        .user()
                        .body("mailbox", Rules.objectId(), "Where the copy goes")
                        .body("meta", Rules.meta(), "More for the stored meta")
                        .body("reference", reference(false), "Message that is answered or forwarded")
                        .body("isDraft", Rules.bool(), false, "Store as a draft, do not send")
                        .body("draft", previous("mailbox", true), "Draft to delete afterwards")
                        .body("sendTime", Rules.date(), "Not before")
                        .body("uploadOnly", Rules.bool(), false, "Store, do not send")
                        .body("envelope", envelope(), "Other SMTP envelope"))
                .ignoringOthers()
                .run(this::submit));
    }

    private static ObjectRule envelope() {
        return ObjectRule.of(Field.of("from", Rules.person()), Field.of("to", Rules.listOf(Rules.person())));
    }

    private static ObjectRule previous(String mailbox, boolean required) {
        return ObjectRule.of(
                new Field(mailbox, Rules.objectId(), required, null), Field.required("id", Rules.number(1, Long.MAX_VALUE)));
    }

    private static ObjectRule reference(boolean attachments) {
        var fields = new ArrayList<Field>();
        fields.add(Field.required("mailbox", Rules.objectId()));
        fields.add(Field.required("id", Rules.number(1, Long.MAX_VALUE)));
        fields.add(Field.required("action", Rules.text().among("reply", "replyAll", "forward")));
        if (attachments) {
            var ids = Rules.listOf(Rules.text().raised().like("^ATT\\d+$"));
            fields.add(Field.of("attachments", new EitherRule(List.of(Rules.bool(), ids), "must be a boolean or a list of ids")));
        }
        return new ObjectRule(fields, false);
    }

    private static Operation content(Operation operation) {
        var loosePerson = ObjectRule.of(
                Field.of("name", Rules.text().max(255).orEmpty()),
                Field.required("address", new EitherRule(List.of(Rules.email(), Rules.text().withEmpty()), "must be a valid email")));
        var attachment = ObjectRule.of(
                Field.of("filename", Rules.text().max(255).orEmpty()),
                Field.of("contentType", Rules.text().max(255).orEmpty()),
                Field.of("encoding", Rules.text().orEmpty()),
                Field.of("contentTransferEncoding", Rules.text().orEmpty()),
                Field.required("content", Rules.text().withEmpty()),
                Field.of("cid", Rules.text().max(255).orEmpty()),
                Field.of("contentDisposition", Rules.text().trimmed().lowered().among("inline", "attachment").orEmpty()));
        var header = ObjectRule.of(
                Field.of("key", Rules.text().max(255).orEmpty()), Field.of("value", Rules.text().max(102_400).orEmpty()));
        return operation
                .body("from", Rules.person(), "Sender")
                .body("replyTo", Rules.person(), "Where answers go")
                .body("to", Rules.listOf(loosePerson), "Recipients")
                .body("cc", Rules.listOf(Rules.person()), "Recipients of a copy")
                .body("bcc", Rules.listOf(Rules.person()), "Recipients nobody sees")
                .body("headers", Rules.listOf(header), "More header fields")
                .body("subject", Rules.text().max(2048).orEmpty(), "Subject")
                .body("text", Rules.text().max(1 << 20).orEmpty(), "Plain text")
                .body("html", Rules.text().orEmpty(), "HTML; images of data: become inline parts")
                .body("attachments", Rules.listOf(attachment), "Attachments, base64 unless encoding says otherwise")
                .logged(In.BODY);
    }

    private Account sender(Call call) {
        var account = mail.accounts().require(call.user());
        if (account.disabled() || account.suspended()) {
            throw new ApiError(403, "UserDisabled", "User account is disabled");
        }
        return account;
    }

    private Answer upload(Call call) {
        var account = sender(call);
        var mailbox = MailboxOperations.require(mail, call.user(), call.mailbox());
        var now = mail.clock().instant();
        boolean draft = call.yes("draft") || call.has("reference");
        var raw = call.value("raw") instanceof Bytes b ? b : call.body();
        var meta = new LinkedHashMap<String, @Nullable Object>();
        meta.put("source", "API");
        meta.put("from", account.address());
        meta.put("origin", call.given("ip").orElse("127.0.0.1"));
        meta.put("time", mail.clock().millis());
        meta.put("custom", call.given("metaData").orElse(null));
        byte[] message;
        if (raw.size() > 0) {
            message = CrlfLines.of(raw.unsafeArray());
        } else {
            var composed = composer.compose(call, account, call.time("date").orElse(now), draft);
            message = composed.message();
            meta.put("files", composed.files().isEmpty() ? null : composed.files());
            meta.put("to", composed.recipients());
            meta.put("envelope", Document.of("from", composed.from(), "to", composed.recipients()));
            meta.put("reference", call.has("reference") ? call.object("reference").without("attachments") : null);
        }
        meta.values().removeIf(java.util.Objects::isNull);
        var flags = new ArrayList<String>();
        flags.addAll(call.yes("unseen") ? List.of() : List.of("\\Seen"));
        flags.addAll(call.yes("flagged") ? List.of("\\Flagged") : List.of());
        flags.addAll(draft ? List.of("\\Draft") : List.of());
        var row = append(account, mailbox, message, Flags.of(flags), call.time("date").orElse(null), new Document(meta), true);
        if (!draft && !"\\Junk".equals(mailbox.specialUse())) {
            mail.addressRegister()
                    .note(account.id(), mail.mailstore().messages().content(row).details(), "\\Sent".equals(mailbox.specialUse()));
        }
        var shape = Shape.success().put("message", stored(row));
        if (call.has("replacePrevious")) {
            var previous = call.object("replacePrevious");
            var in = previous.objectId("mailbox").map(MailboxId::new).orElse(mailbox.id());
            shape.put("previousDeleted", expunge(account, in, previous.number("id")));
        }
        return shape.ok();
    }

    private static Shape stored(MessageRow row) {
        return new Shape().put("id", row.uid()).put("mailbox", row.mailbox()).put("size", row.size());
    }

    private MessageRow append(
            Account account, Mailbox mailbox, byte[] message, Flags flags, @Nullable Instant date, Document meta, boolean quota) {
        var placement = new Mailstore.Placement(account, mailbox.id(), flags, date, new byte[0], meta, quota, null);
        return mail.mailstore().append(Source.of(message), placement);
    }

    private boolean expunge(Account account, MailboxId mailbox, long uid) {
        return mail.folders().find(account.id(), mailbox).isPresent()
                && !mail.mailstore().messages().expunge(mailbox, List.of(uid), null).isEmpty();
    }

    private Answer submit(Call call) {
        var account = sender(call);
        var now = mail.clock().instant();
        var sendTime = call.time("sendTime").filter(t -> t.isAfter(now));
        boolean sends = !call.yes("isDraft") && !call.yes("uploadOnly");
        var composed = composer.compose(call, account, sendTime.orElse(now), !call.yes("uploadOnly"));
        var envelope = call.object("envelope");
        var from = envelope.document("from")
                .flatMap(f -> MailAddress.parse(f.string("address", "")))
                .filter(a -> mail.addresses().maySendAs(account, a))
                .map(MailAddress::toString)
                .orElse(composed.from());
        var to = envelope.documents("to").isEmpty()
                ? composed.recipients()
                : envelope.documents("to").stream().map(p -> p.string("address", "")).distinct().toList();
        var queueId = sends && !to.isEmpty() ? Optional.of(queue(account, from, to, composed.message(), sendTime, call)) : Optional.<String>empty();
        var mailbox = target(call, account);
        var meta = Document.of(
                "source", "API", "from", from, "to", to, "origin", call.given("ip").orElse("127.0.0.1"), "time", mail.clock().millis());
        var flags = call.yes("isDraft") ? Flags.of("\\Seen", "\\Draft") : Flags.of("\\Seen");
        MessageRow row;
        try {
            row = append(account, mailbox, composed.message(), flags, null, meta, true);
        } catch (Refusal e) {
            if (queueId.isEmpty() || e.code() != Refusal.Code.OVER_QUOTA) {
                throw e;
            }
            markAnswered(composed);
            return Shape.success()
                    .put("message", new Shape().put("id", false).put("mailbox", false).put("queueId", queueId.get()).put("overQuota", true))
                    .ok();
        }
        queueId.ifPresent(id -> noteSent(account, row, id));
        if (queueId.isPresent()) {
            markAnswered(composed);
        }
        var draft = call.object("draft");
        draft.objectId("mailbox").ifPresent(m -> expunge(account, new MailboxId(m), draft.number("id")));
        return Shape.success()
                .put("message", new Shape().put("id", row.uid()).put("mailbox", row.mailbox()).put("queueId", queueId.isPresent() ? queueId.get() : false))
                .ok();
    }

    private Mailbox target(Call call, Account account) {
        if (call.id("mailbox").isPresent()) {
            return MailboxOperations.require(mail, account.id(), new MailboxId(call.required("mailbox")));
        }
        return special(account, call.yes("isDraft") ? "\\Drafts" : "\\Sent");
    }

    private Mailbox special(Account account, String use) {
        return mail.folders()
                .findSpecial(account.id(), use)
                .or(() -> mail.folders().find(account.id(), "INBOX"))
                .orElseThrow(() -> new ApiError(404, "NoSuchMailbox", "This mailbox does not exist"));
    }

    private void noteSent(Account account, MessageRow row, String queueId) {
        mail.mailstore().messages().updateDetails(row, d -> d.with("outbound", List.of(queueId)));
        mail.addressRegister().note(account.id(), mail.mailstore().messages().content(row).details(), true);
    }

    private void markAnswered(Composer.Composed composed) {
        if (composed.answered() != null) {
            markAnswered(composed.answered(), composed.action());
        }
    }

    private void markAnswered(MessageRow row, String action) {
        var flags = action.equals("forward") ? Flags.of("\\Answered", "$Forwarded") : Flags.of("\\Answered");
        mail.mailstore().messages().changeFlags(row.mailbox(), List.of(row.uid()), f -> f.plus(flags), Long.MAX_VALUE, null);
    }

    /// Checks the limits of the account and queues; returns the queue id.
    private String queue(Account account, String from, List<String> to, byte[] message, Optional<Instant> sendTime, Call call) {
        long most = mail.stored().number(Settings.MAX_RECIPIENTS);
        if (to.size() > most) {
            throw new ApiError(403, "TooMany", "Too many recipients: at most " + most + " are allowed in one message");
        }
        long own = account.document().number("recipients");
        long limit = own > 0 ? own : mail.settings().maxRecipients();
        var counter = "wdr:" + account.id().hex();
        var sent = mail.store().counters().read(counter);
        if (sent.value() + to.size() > limit) {
            throw new ApiError(403, "RateLimitedError", "You reached a daily sending limit for your account. Limit expires in "
                    + Math.max(1, sent.left().toMinutes()) + " minutes");
        }
        var outgoing = new Outbox.Outgoing(
                from, to, Source.of(message), "submit", call.given("ip").orElse("127.0.0.1"), account.id(), sendTime.orElse(null));
        var id = outbox.enqueue(outgoing);
        mail.store().counters().add(counter, to.size(), Long.MAX_VALUE, DAY);
        return id;
    }

    private Answer submitDraft(Call call) {
        var account = sender(call);
        var row = MessageOperations.require(mail, call.user(), call.mailbox(), call.number("message"));
        if (!row.flags().has(Flags.DRAFT)) {
            throw new ApiError(400, "MessageNotDraft", "This message is not a draft");
        }
        var messages = mail.mailstore().messages();
        var details = messages.content(row).details();
        var meta = details.document("meta").orElse(Document.EMPTY);
        var envelope = meta.document("envelope").orElse(Document.EMPTY);
        var to = envelope.strings("to").isEmpty() ? recipients(details) : envelope.strings("to");
        if (to.isEmpty()) {
            return Shape.success().ok();
        }
        var now = mail.clock().instant();
        var sendTime = call.time("sendTime").filter(t -> t.isAfter(now));
        var message = dated(messages.open(row), sendTime.orElse(now));
        var from = MailAddress.parse(envelope.string("from", ""))
                .filter(a -> mail.addresses().maySendAs(account, a))
                .map(MailAddress::toString)
                .orElse(account.address());
        var queueId = queue(account, from, to, message, sendTime, call);
        var sent = special(account, "\\Sent");
        var stored = append(account, sent, message, row.flags().minus(Flags.of("\\Draft")).plus(Flags.of("\\Seen")), null, meta.without("files"), false);
        noteSent(account, stored, queueId);
        messages.expunge(row.mailbox(), List.of(row.uid()), null);
        meta.document("reference").ifPresent(r -> markReference(account, r));
        if (call.yes("deleteFiles")) {
            meta.documents("files").forEach(f -> f.objectId("id").ifPresent(id ->
                    mail.store().documents().delete(org.pintail.mail.Collections.FILES, id)));
        }
        return Shape.success().put("queueId", queueId).put("message", stored(stored)).ok();
    }

    private void markReference(Account account, Document reference) {
        reference.objectId("mailbox")
                .map(MailboxId::new)
                .filter(m -> mail.folders().find(account.id(), m).isPresent())
                .flatMap(m -> mail.mailstore().messages().row(m, reference.number("id")))
                .ifPresent(r -> markAnswered(r, reference.string("action", "")));
    }

    private static List<String> recipients(Document details) {
        var out = new LinkedHashSet<String>();
        for (var field : List.of("to", "cc", "bcc")) {
            for (var person : details.documents(field)) {
                MailAddress.parse(person.string("address", "")).ifPresent(a -> out.add(a.toString()));
            }
        }
        return List.copyOf(out);
    }

    /// The message with another Date field.
    private static byte[] dated(Source message, Instant date) {
        try {
            var bytes = message.readAll();
            var text = new String(bytes, java.nio.charset.StandardCharsets.ISO_8859_1);
            int end = text.indexOf("\r\n\r\n");
            int headerEnd = end < 0 ? bytes.length : end + 2;
            var out = new java.io.ByteArrayOutputStream();
            boolean written = false;
            var line = "Date: " + MailDate.format(date) + "\r\n";
            for (var field : Headers.parse(bytes, headerEnd, Integer.MAX_VALUE).fields()) {
                if (field.is("date")) {
                    out.writeBytes(written ? new byte[0] : line.getBytes(java.nio.charset.StandardCharsets.US_ASCII));
                    written = true;
                    continue;
                }
                out.writeBytes(field.raw().getBytes(java.nio.charset.StandardCharsets.ISO_8859_1));
                out.writeBytes(new byte[] {'\r', '\n'});
            }
            if (!written) {
                out.writeBytes(line.getBytes(java.nio.charset.StandardCharsets.US_ASCII));
            }
            out.write(bytes, headerEnd, bytes.length - headerEnd);
            return out.toByteArray();
        } catch (java.io.IOException e) {
            throw new java.io.UncheckedIOException(e);
        }
    }
}
