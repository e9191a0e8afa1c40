package org.pintail.api;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.pintail.address.MailAddress;
import org.pintail.api.table.Json;
import org.pintail.api.table.Shape;
import org.pintail.backend.Bytes;
import org.pintail.backend.Document;
import org.pintail.backend.Flags;
import org.pintail.backend.MessageRow;
import org.pintail.mail.Collections;
import org.pintail.mail.Mail;
import org.pintail.mta.Outbox;

/// Messages as answers show them (http-api §7).
final class MessageView {
    private static final String FORWARDED = "$Forwarded";
    private final Mail mail;
    private final Outbox outbox;

    MessageView(Mail mail, Outbox outbox) {
        this.mail = mail;
        this.outbox = outbox;
    }

    /// What a listing is to show beside the usual.
    record Wanted(boolean metaData, boolean headers) {}

    /// `inThread`: how many messages its thread has, 0 not to show it.
    Shape listed(MessageRow row, Wanted wanted, int inThread) {
        var d = mail.mailstore().messages().content(row).details();
        var shape = new Shape()
                .put("id", row.uid())
                .put("mailbox", row.mailbox())
                .put("thread", row.thread());
        shape.when(inThread > 0, "threadMessageCount", inThread)
                .put("from", from(d))
                .put("to", people(d, "to"))
                .put("cc", people(d, "cc"))
                .put("bcc", people(d, "bcc"))
                .put("messageId", d.string("msgid", ""))
                .put("subject", d.string("subject", ""))
                .put("date", row.sentDate())
                .put("idate", row.internalDate())
                .put("intro", d.string("intro", ""))
                .put("attachments", row.hasAttachments())
                .put("attachmentsList", attachments(d))
                .put("size", row.size());
        flags(shape, row.flags());
        shape.given("bimi", bimi(d))
                .put("references", d.strings("references"))
                .put("contentType", d.document("contentType").orElse(Document.EMPTY))
                .when(encrypted(d), "encrypted", true)
                .when(wanted.metaData(), "metaData", metaData(d))
                .when(wanted.headers(), "headers", headers(d));
        return shape;
    }

    private static void flags(Shape shape, Flags flags) {
        boolean forwarded = flags.hasKeyword(FORWARDED);
        shape.put("seen", flags.has(Flags.SEEN))
                .put("deleted", flags.has(Flags.DELETED))
                .put("flagged", flags.has(Flags.FLAGGED))
                .put("draft", flags.has(Flags.DRAFT))
                .put("answered", flags.has(Flags.ANSWERED) && !forwarded)
                .put("forwarded", forwarded);
    }

    /// The logo that the MX confirmed.
    private @Nullable Shape bimi(Document d) {
        return d.document("meta")
                .flatMap(m -> m.document("verificationResults"))
                .flatMap(v -> v.objectId("bimi"))
                .flatMap(id -> mail.store().documents().find(Collections.BIMI, id))
                .filter(logo -> logo.value("content") instanceof Bytes)
                .map(MessageView::logo)
                .orElse(null);
    }

    private static Shape logo(Document logo) {
        var svg = (Bytes) java.util.Objects.requireNonNull(logo.value("content"));
        return new Shape()
                .put("certified", logo.string("type", "").equals("authority"))
                .put("url", logo.string("url", ""))
                .put("image", "data:image/svg+xml;base64," + java.util.Base64.getEncoder().encodeToString(svg.unsafeArray()))
                .given("type", logo.document("vmc").flatMap(v -> v.string("type")).orElse(null));
    }

    private static Object metaData(Document d) {
        return Json.object(d.document("meta").flatMap(m -> m.string("custom")).orElse(""));
    }

    /// The first sender there is.
    private static Document from(Document d) {
        return d.documents("from").stream()
                .findFirst()
                .or(() -> d.document("sender"))
                .orElseGet(() -> Document.of("name", "", "address", d.document("meta").flatMap(m -> m.string("from")).orElse("")));
    }

    private static List<Document> people(Document d, String field) {
        return d.documents(field);
    }

    private static List<Shape> attachments(Document d) {
        return d.documents("attachments").stream()
                .map(a -> new Shape()
                        .given("hash", a.value("hash"))
                        .put("id", a.string("id", ""))
                        .put("filename", a.string("filename", ""))
                        .put("contentType", a.string("contentType", ""))
                        .put("disposition", a.string("disposition", "").isEmpty() ? false : a.value("disposition"))
                        .put("transferEncoding", a.string("transferEncoding", ""))
                        .put("related", a.bool("related"))
                        .put("sizeKb", a.number("sizeKb"))
                        .put("size", a.number("size"))
                        .put("cid", a.string("cid", "").isEmpty() ? null : a.value("cid"))
                        .given("fileContentHash", a.value("fileContentHash")))
                .toList();
    }

    private static boolean encrypted(Document d) {
        var type = d.document("contentType").flatMap(c -> c.string("value")).orElse("");
        return type.equals("multipart/encrypted")
                || type.equals("application/pkcs7-mime")
                        && d.document("contentType")
                                .flatMap(c -> c.document("params"))
                                .flatMap(p -> p.string("smime-type"))
                                .filter(t -> t.contains("enveloped"))
                                .isPresent();
    }

    private static Map<String, Object> headers(Document d) {
        var out = new LinkedHashMap<String, Object>();
        for (var h : d.documents("headers")) {
            var value = h.string("value", "");
            out.merge(h.string("key", ""), value, (a, b) -> {
                var both = new ArrayList<Object>(a instanceof List<?> list ? list : List.of(a));
                both.add(b);
                return both;
            });
        }
        return out;
    }

    Shape whole(MessageRow row) {
        var d = mail.mailstore().messages().content(row).details();
        var meta = d.document("meta").orElse(Document.EMPTY);
        var shape = Shape.success()
                .put("id", row.uid())
                .put("mailbox", row.mailbox())
                .put("thread", row.thread())
                .put("user", mailboxOwner(row))
                .put("envelope", envelope(meta))
                .put("from", from(d));
        for (var field : List.of("replyTo", "to", "cc", "bcc")) {
            var people = people(d, field);
            shape.when(!people.isEmpty(), field, people);
        }
        shape.put("subject", d.string("subject", ""))
                .put("messageId", d.string("msgid", ""))
                .put("date", row.sentDate())
                .put("idate", row.internalDate())
                .given("list", list(d))
                .given("expires", d.instant("expires").orElse(null))
                .put("size", row.size());
        flags(shape, row.flags());
        return shape.given("bimi", bimi(d))
                .given("verificationResults", meta.document("verificationResults").map(v -> v.without("bimi")).orElse(null))
                .put("html", d.strings("html"))
                .put("text", d.string("text", ""))
                .when(!d.list("forwardTargets").isEmpty(), "forwardTargets", d.list("forwardTargets"))
                .put("attachments", attachments(d))
                .put("references", d.strings("references"))
                .put("metaData", metaData(d))
                .when(!meta.list("files").isEmpty(), "files", meta.list("files"))
                .given("reference", meta.value("reference"))
                .put("contentType", d.document("contentType").orElse(Document.EMPTY))
                .when(encrypted(d), "encrypted", true)
                .given("outbound", outbound(d));
    }

    private Object mailboxOwner(MessageRow row) {
        return mail.store().mailboxes().find(row.mailbox()).map(m -> (Object) m.account()).orElse("");
    }

    private static Shape envelope(Document meta) {
        var to = meta.list("to").isEmpty() ? meta.string("to").map(List::of).orElse(List.of()) : meta.strings("to");
        return new Shape()
                .put("from", meta.string("from", ""))
                .put("rcpt", to.stream()
                        .map(r -> new Shape()
                                .put("value", r)
                                .put("formatted", MailAddress.parse(r).map(MailAddress::view).orElse(r)))
                        .toList());
    }

    private static @Nullable Shape list(Document d) {
        var id = header(d, "list-id");
        var unsubscribe = header(d, "list-unsubscribe");
        if (id.isEmpty() && unsubscribe.isEmpty()) {
            return null;
        }
        return new Shape()
                .given("id", id.map(MessageView::listId).orElse(null))
                .given("unsubscribe", unsubscribe.map(MessageView::links).orElse(null));
    }

    private static Optional<String> header(Document d, String key) {
        return d.documents("headers").stream()
                .filter(h -> h.string("key", "").equals(key))
                .findFirst()
                .flatMap(h -> h.string("value"));
    }

    private static Shape listId(String value) {
        int open = value.lastIndexOf('<');
        int close = value.lastIndexOf('>');
        return open >= 0 && close > open
                ? new Shape().put("name", value.substring(0, open).replace("\"", "").strip()).put("address", value.substring(open + 1, close))
                : new Shape().put("name", "").put("address", value.strip());
    }

    /// RFC 2369 §2: URLs in angle brackets with commas between them. What stands in parentheses beside one names it (§3.1); any other
    /// text is left out. A value without angle brackets is a link by itself.
    private static List<Shape> links(String value) {
        var out = new ArrayList<Shape>();
        int at = 0;
        for (int open = value.indexOf('<'); open >= 0; open = value.indexOf('<', at)) {
            int close = value.indexOf('>', open);
            if (close < 0) {
                break;
            }
            var name = comment(value.substring(at, open));
            at = close + 1;
            int next = value.indexOf('<', at);
            var behind = value.substring(at, next < 0 ? value.length() : next);
            int comma = behind.indexOf(',');
            if (name.isEmpty()) {
                name = comment(comma < 0 ? behind : behind.substring(0, comma));
            }
            at += comma < 0 ? 0 : comma;
            var link = value.substring(open + 1, close).strip();
            if (!link.isEmpty()) {
                out.add(new Shape().put("name", name).put("address", link));
            }
        }
        if (out.isEmpty() && !value.isBlank()) {
            out.add(new Shape().put("name", "").put("address", value.strip()));
        }
        return out;
    }

    private static String comment(String text) {
        int open = text.indexOf('(');
        int close = text.lastIndexOf(')');
        return open >= 0 && close > open ? text.substring(open + 1, close).strip() : "";
    }

    /// Recipients that are still in the queue.
    private @Nullable List<Shape> outbound(Document d) {
        var out = new ArrayList<Shape>();
        for (var id : d.strings("outbound")) {
            var rows = outbox.queue().rows(id);
            if (!rows.isEmpty()) {
                out.add(new Shape().put("queueId", id).put("entries", rows.stream()
                        .map(r -> new Shape()
                                .put("seq", r.seq())
                                .put("recipient", r.recipient())
                                .put("sendingZone", r.zone())
                                .put("queued", r.due()))
                        .toList()));
            }
        }
        return out.isEmpty() ? null : out;
    }
}
