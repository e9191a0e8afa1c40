package org.pintail.api;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Base64;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.jsoup.Jsoup;
import org.pintail.address.MailAddress;
import org.pintail.api.table.ApiError;
import org.pintail.api.table.Call;
import org.pintail.backend.Bytes;
import org.pintail.backend.Document;
import org.pintail.backend.MailboxId;
import org.pintail.backend.MessageRow;
import org.pintail.header.HeaderAddress;
import org.pintail.header.MailDate;
import org.pintail.mail.Account;
import org.pintail.mail.Mail;
import org.pintail.mime.MessageBuilder;
import org.pintail.mime.PartMap;
import org.pintail.mime.TransferEncoding;

/// Messages out of the fields of an upload or a submission (http-api §7 #38, §9).
final class Composer {
    private static final int MAX_REFERENCES = 50;
    private final Mail mail;

    Composer(Mail mail) {
        this.mail = mail;
    }

    /// The message, who it is from and who it goes to. `answered` is the message it refers to.
    record Composed(
            byte[] message,
            String from,
            List<String> recipients,
            String messageId,
            @Nullable MessageRow answered,
            String action,
            List<Document> files) {
        Composed {
            recipients = List.copyOf(recipients);
            files = List.copyOf(files);
        }
    }

    /// `checkFrom`: a From the account may not use gives way to its main address.
    Composed compose(Call call, Account account, Instant date, boolean checkFrom) {
        var builder = new MessageBuilder();
        var reference = call.has("reference") ? new Reference(call, account, call.object("reference")) : null;
        for (var header : call.objects("headers")) {
            addHeader(builder, header);
        }
        var from = from(call, account, checkFrom);
        var to = people(call.objects("to"));
        var cc = people(call.objects("cc"));
        if (reference != null && to.isEmpty() && cc.isEmpty()) {
            to = reference.to(account);
            cc = reference.cc(account);
        }
        var bcc = people(call.objects("bcc"));
        var messageId = "<" + UUID.randomUUID() + "@" + MailAddress.parse(from.address()).map(MailAddress::asciiDomain).orElse("localhost") + ">";
        builder.addresses("From", List.of(from)).addresses("To", to).addresses("Cc", cc).addresses("Bcc", bcc);
        if (call.has("replyTo")) {
            builder.addresses("Reply-To", people(List.of(call.object("replyTo"))));
        }
        var subject = call.text("subject").isEmpty() && reference != null ? reference.subject() : call.text("subject");
        builder.field("Subject", subject).field("Message-ID", messageId).field("Date", MailDate.format(date));
        if (reference != null) {
            reference.addHeaders(builder);
        }
        addContent(call, builder);
        var files = addFiles(call, builder);
        if (reference != null) {
            reference.attach(builder);
        }
        var recipients = new LinkedHashSet<String>();
        for (var list : List.of(to, cc, bcc)) {
            list.forEach(p -> recipients.add(p.address()));
        }
        return new Composed(
                builder.build(),
                from.address(),
                List.copyOf(recipients),
                messageId,
                reference == null ? null : reference.row,
                reference == null ? "" : reference.action,
                files);
    }

    private static void addHeader(MessageBuilder builder, Document header) {
        var key = header.string("key", "");
        if (key.isEmpty() || key.matches("(?i)content-.*|mime-version|from|to|cc|bcc|subject|date|message-id")) {
            return;
        }
        try {
            builder.field(key, header.string("value", ""));
        } catch (IllegalArgumentException e) {
            throw ApiError.input("\"headers\" has an invalid key: " + key);
        }
    }

    private HeaderAddress.Mailbox from(Call call, Account account, boolean check) {
        var given = call.object("from");
        var address = MailAddress.parse(given.string("address", ""));
        boolean usable = address.isPresent() && (!check || mail.addresses().maySendAs(account, address.get()));
        if (usable) {
            return new HeaderAddress.Mailbox(given.string("name", ""), address.get().local(), address.get().domain());
        }
        var own = MailAddress.parse(account.address())
                .orElseThrow(() -> ApiError.input("This account has no address to send from"));
        return new HeaderAddress.Mailbox(given.string("name").orElse(account.name()), own.local(), own.domain());
    }

    private static List<HeaderAddress.Mailbox> people(List<Document> given) {
        var out = new ArrayList<HeaderAddress.Mailbox>();
        for (var person : given) {
            MailAddress.parse(person.string("address", ""))
                    .ifPresent(a -> out.add(new HeaderAddress.Mailbox(person.string("name", ""), a.local(), a.domain())));
        }
        return out;
    }

    private static void addContent(Call call, MessageBuilder builder) {
        var html = call.given("html").orElse(null);
        var text = call.given("text").orElse(null);
        if (html != null) {
            if (html.contains("data:")) {
                html = inlined(html, builder);
            }
            if (text == null) {
                text = Jsoup.parseBodyFragment(html).wholeText().strip();
            }
        }
        builder.text(text).html(html);
        for (var attachment : call.objects("attachments")) {
            var part = part(attachment);
            if (part.contentId().isEmpty() || html == null) {
                builder.attach(part);
            } else {
                builder.inline(part);
            }
        }
    }

    /// Images of `data:` become inline parts.
    private static String inlined(String html, MessageBuilder builder) {
        var page = Jsoup.parseBodyFragment(html);
        page.outputSettings().prettyPrint(false);
        int number = 0;
        for (var image : page.select("img[src^=data:]")) {
            var source = image.attr("src");
            int comma = source.indexOf(',');
            if (comma < 0) {
                continue;
            }
            var about = source.substring("data:".length(), comma).split(";", -1);
            byte[] content;
            try {
                content = about[about.length - 1].equalsIgnoreCase("base64")
                        ? Base64.getMimeDecoder().decode(source.substring(comma + 1))
                        : java.net.URLDecoder.decode(source.substring(comma + 1), java.nio.charset.StandardCharsets.UTF_8).getBytes(java.nio.charset.StandardCharsets.UTF_8);
            } catch (IllegalArgumentException e) {
                continue;
            }
            number++;
            var type = about[0].isEmpty() ? "text/plain" : about[0].toLowerCase(Locale.ROOT);
            var extension = type.substring(type.indexOf('/') + 1).replaceAll("\\+.*|[^a-z0-9]", "");
            var id = UUID.randomUUID() + "@pintail";
            builder.inline(new MessageBuilder.Part(type, "attachment-" + number + "." + extension, "inline", id, content));
            image.attr("src", "cid:" + id);
        }
        return number == 0 ? html : page.body().html();
    }

    private static MessageBuilder.Part part(Document attachment) {
        var content = attachment.string("content", "");
        byte[] bytes;
        try {
            bytes = switch (attachment.string("encoding", "base64").toLowerCase(Locale.ROOT)) {
                case "base64" -> Base64.getMimeDecoder().decode(content);
                case "hex" -> java.util.HexFormat.of().parseHex(content);
                default -> content.getBytes(java.nio.charset.StandardCharsets.UTF_8);
            };
        } catch (IllegalArgumentException e) {
            throw ApiError.input("\"attachments\" has content that is not " + attachment.string("encoding", "base64"));
        }
        return new MessageBuilder.Part(
                attachment.string("contentType", "application/octet-stream"),
                attachment.string("filename", ""),
                attachment.string("contentDisposition", attachment.has("cid") ? "inline" : "attachment"),
                attachment.string("cid", "").replaceAll("^<|>$", ""),
                bytes);
    }

    private List<Document> addFiles(Call call, MessageBuilder builder) {
        var files = new ArrayList<Document>();
        for (var id : call.list("files")) {
            if (!(id instanceof org.pintail.backend.ObjectId file)) {
                continue;
            }
            var stored = StorageOperations.require(mail, call.user(), file);
            var content = stored.value("content") instanceof Bytes b ? b.unsafeArray() : new byte[0];
            var cid = stored.string("cid", "");
            builder.attach(new MessageBuilder.Part(
                    stored.string("contentType", "application/octet-stream"),
                    stored.string("filename", ""),
                    cid.isEmpty() ? "attachment" : "inline",
                    cid.replaceAll("^<|>$", ""),
                    content));
            files.add(Document.of(
                    "id", stored.id(),
                    "filename", stored.string("filename", ""),
                    "contentType", stored.string("contentType", ""),
                    "size", stored.number("size"),
                    "cid", cid.isEmpty() ? null : cid));
        }
        return files;
    }

    /// The message that is answered or forwarded.
    private final class Reference {
        private final MessageRow row;
        private final Document details;
        private final String action;
        private final Document asked;

        Reference(Call call, Account account, Document asked) {
            this.asked = asked;
            this.action = asked.string("action", "");
            var mailbox = new MailboxId(asked.objectId("mailbox").orElseThrow());
            this.row = MessageOperations.require(mail, call.user(), mailbox, asked.number("id"));
            this.details = mail.mailstore().messages().content(row).details();
        }

        private boolean forwards() {
            return action.equals("forward");
        }

        String subject() {
            var subject = details.string("subject", "");
            var prefix = forwards() ? "Fwd: " : "Re: ";
            return subject.regionMatches(true, 0, prefix, 0, prefix.length() - 1) ? subject : prefix + subject;
        }

        void addHeaders(MessageBuilder builder) {
            var id = details.string("msgid", "");
            var references = new LinkedHashSet<>(details.strings("references"));
            references.add(id);
            var kept = new ArrayList<>(references);
            var last = kept.subList(Math.max(0, kept.size() - MAX_REFERENCES), kept.size());
            if (!forwards()) {
                builder.field("In-Reply-To", id);
            }
            builder.field("References", String.join(" ", last));
        }

        List<HeaderAddress.Mailbox> to(Account account) {
            if (forwards()) {
                return List.of();
            }
            var reply = details.documents("replyTo").isEmpty() ? details.documents("from") : details.documents("replyTo");
            return others(account, reply);
        }

        List<HeaderAddress.Mailbox> cc(Account account) {
            if (!action.equals("replyAll")) {
                return List.of();
            }
            var all = new ArrayList<>(details.documents("to"));
            all.addAll(details.documents("cc"));
            return others(account, all);
        }

        private List<HeaderAddress.Mailbox> others(Account account, List<Document> people) {
            return people(people).stream().filter(p -> !p.address().equalsIgnoreCase(account.address())).toList();
        }

        /// Copies attachments of the original, those it shows inline aside.
        void attach(MessageBuilder builder) {
            var wanted = asked.value("attachments");
            if (wanted == null || Boolean.FALSE.equals(wanted)) {
                return;
            }
            var map = PartMap.decode(mail.mailstore().messages().content(row).partMap().unsafeArray());
            var source = mail.mailstore().messages().open(row);
            for (var attachment : details.documents("attachments")) {
                boolean chosen = !attachment.bool("related")
                        && (!(wanted instanceof List<?> list) || list.contains(attachment.string("id", "")));
                var part = chosen ? map.find(attachment.string("part", "")) : Optional.<org.pintail.mime.MimePart>empty();
                if (part.isEmpty()) {
                    continue;
                }
                try (var in = TransferEncoding.decode(source.open(part.get().bodyStart(), part.get().bodySize()), part.get().encoding())) {
                    builder.attach(new MessageBuilder.Part(
                            attachment.string("contentType", "application/octet-stream"),
                            attachment.string("filename", ""),
                            "attachment",
                            "",
                            in.readAllBytes()));
                } catch (IOException e) {
                    throw new UncheckedIOException(e);
                }
            }
        }
    }
}
