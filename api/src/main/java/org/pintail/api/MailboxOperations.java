package org.pintail.api;

import java.util.Comparator;
import org.pintail.api.rule.EitherRule;
import org.pintail.api.rule.NumberRule;
import org.pintail.api.rule.Rules;
import org.pintail.api.table.Access;
import org.pintail.api.table.Access.Action;
import org.pintail.api.table.Access.Reach;
import org.pintail.api.table.Answer;
import org.pintail.api.table.ApiError;
import org.pintail.api.table.Call;
import org.pintail.api.table.Operation;
import org.pintail.api.table.Operation.In;
import org.pintail.api.table.Shape;
import org.pintail.api.table.Table;
import org.pintail.backend.AccountId;
import org.pintail.backend.Mailbox;
import org.pintail.backend.MailboxId;
import org.pintail.backend.Mailboxes;
import org.pintail.mail.Mail;
import org.pintail.mail.Refusal;

/// Mailboxes (http-api §6).
final class MailboxOperations {
    private static final String INBOX = "INBOX";
    private static final String GROUP = "Mailboxes";
    /// INBOX and what is in it first, then what is subscribed, then by path.
    private static final Comparator<Mailbox> ORDER = Comparator.comparing((Mailbox m) -> !m.path().equals(INBOX))
            .thenComparing(m -> !m.path().startsWith(INBOX + "/"))
            .thenComparing(m -> !m.subscribed())
            .thenComparing(Mailbox::path, String.CASE_INSENSITIVE_ORDER);
    private final Mail mail;

    MailboxOperations(Mail mail) {
        this.mail = mail;
    }

    void register(Table table) {
        table.add(Operation.of("GET /users/:user/mailboxes", "getMailboxes", own(Action.READ))
                .about(GROUP, "List the mailboxes of an account")
                .user()
                .query("specialUse", Rules.bool(), false, "INBOX and those with a special use only")
                .query("showHidden", Rules.bool(), false, "Hidden ones as well")
                .query("counters", Rules.bool(), false, "Show how many messages there are")
                .query("sizes", Rules.bool(), false, "Show how many bytes they have")
                .logged(In.QUERY)
                .run(this::list));
        table.add(Operation.of("POST /users/:user/mailboxes", "createMailbox", own(Action.CREATE))
                .about(GROUP, "Create a mailbox")
                .user()
                .require(In.BODY, "path", Rules.mailboxPath(), "Full path, / between its parts")
                .body("hidden", Rules.bool(), false, "Not for IMAP")
                .body("retention", Rules.amount(), "Milliseconds messages are kept, 0 for the account's default")
                .body("encryptMessages", Rules.bool(), false, "Encrypt what is stored in it")
                .logged(In.BODY)
                .run(this::create));
        table.add(Operation.of("GET /users/:user/mailboxes/:mailbox", "getMailbox", own(Action.READ))
                .about(GROUP, "Show a mailbox")
                .user()
                .path("mailbox", new EitherRule(java.util.List.of(Rules.objectId(), Rules.text().among("resolve")), "must be an id or resolve"), "Id of the mailbox, or resolve")
                .query("path", Rules.mailboxPath(), "Path, with resolve")
                .logged(In.QUERY)
                .run(this::one));
        table.add(Operation.of("PUT /users/:user/mailboxes/:mailbox", "updateMailbox", own(Action.UPDATE))
                .about(GROUP, "Change a mailbox")
                .user()
                .mailbox()
                .body("path", Rules.mailboxPath(), "New path")
                .body("retention", new NumberRule(0, Long.MAX_VALUE, true), "Milliseconds messages are kept")
                .body("subscribed", Rules.bool(), "Shown by LSUB")
                .body("encryptMessages", Rules.bool(), "Encrypt what is stored in it")
                .body("hidden", Rules.bool(), "Not for IMAP")
                .logged(In.BODY)
                .run(this::update));
        table.add(Operation.of("DELETE /users/:user/mailboxes/:mailbox", "deleteMailbox", own(Action.DELETE))
                .about(GROUP, "Delete a mailbox with its messages")
                .user()
                .mailbox()
                .logged(In.QUERY)
                .run(this::delete));
    }

    private static Access own(Action action) {
        return new Access("mailboxes", action, Reach.OWN);
    }

    private Answer list(Call call) {
        mail.accounts().require(call.user());
        var results = mail.folders().list(call.user()).stream()
                .filter(m -> call.yes("showHidden") || !m.hidden())
                .filter(m -> !call.yes("specialUse") || m.path().equals(INBOX) || m.specialUse() != null)
                .sorted(ORDER)
                .map(m -> show(new Shape(), m)
                        .when(m.retention() > 0, "retention", m.retention())
                        .when(call.yes("sizes"), "size", m.size())
                        .when(call.yes("counters"), "total", m.messages())
                        .when(call.yes("counters"), "unseen", m.unseen()))
                .toList();
        return Shape.success().put("results", results).ok();
    }

    private static Shape show(Shape shape, Mailbox m) {
        return shape.put("id", m.id())
                .put("name", m.path().substring(m.path().lastIndexOf('/') + 1))
                .put("path", m.path())
                .put("specialUse", m.specialUse())
                .put("modifyIndex", m.highestModSeq())
                .put("subscribed", m.subscribed())
                .put("hidden", m.hidden())
                .put("encryptMessages", m.encryptMessages());
    }

    private Answer create(Call call) {
        mail.accounts().require(call.user());
        var created = mail.folders()
                .create(call.user(), call.text("path"), call.yes("hidden"), call.yes("encryptMessages"), call.number("retention"));
        return Shape.success().put("id", created.id()).ok();
    }

    /// Refuses [ApiError] 404 where the account has no such mailbox.
    static Mailbox require(Mail mail, AccountId account, MailboxId id) {
        return mail.folders()
                .find(account, id)
                .orElseThrow(() -> new ApiError(404, "NoSuchMailbox", "This mailbox does not exist"));
    }

    private Answer one(Call call) {
        mail.accounts().require(call.user());
        var id = call.id("mailbox");
        if (id.isEmpty() && call.text("path").isEmpty()) {
            throw ApiError.input("\"path\" is required to resolve a mailbox");
        }
        var mailbox = id.isPresent()
                ? require(mail, call.user(), new MailboxId(id.get()))
                : mail.folders()
                        .find(call.user(), call.text("path"))
                        .orElseThrow(() -> new ApiError(404, "NoSuchMailbox", "This mailbox does not exist"));
        return show(Shape.success(), mailbox)
                .put("retention", mailbox.retention())
                .put("total", mailbox.messages())
                .put("unseen", mailbox.unseen())
                .ok();
    }

    /// Refusals of a change say what failed, and carry the code in the text as well.
    private static Answer telling(String what, java.util.function.Supplier<Answer> work) {
        try {
            return work.get();
        } catch (Refusal e) {
            var error = org.pintail.api.table.Dispatcher.refusal(e);
            throw new ApiError(error.status(), error.code(), what + " failed with code " + error.code());
        }
    }

    private Answer update(Call call) {
        return telling("Mailbox update", () -> change(call));
    }

    private Mailbox find(Call call) {
        return mail.folders()
                .find(call.user(), call.mailbox())
                .orElseThrow(() -> new Refusal(Refusal.Code.NO_SUCH_MAILBOX, "This mailbox does not exist"));
    }

    private Answer change(Call call) {
        var mailbox = find(call);
        if (!call.has("path") && call.fields("retention", "subscribed", "encryptMessages", "hidden").fields().isEmpty()) {
            throw ApiError.input("Nothing was changed");
        }
        if (call.has("path") && !org.pintail.mail.Folders.normalize(call.text("path")).equals(mailbox.path())) {
            mail.folders().rename(call.user(), mailbox.id(), call.text("path"), false);
        }
        var changes = new Mailboxes.Changes(
                call.bool("subscribed").orElse(null),
                call.bool("hidden").orElse(null),
                call.bool("encryptMessages").orElse(null),
                call.has("retention") ? call.number("retention") : null);
        mail.folders().update(call.user(), mailbox.id(), changes);
        return Shape.success().ok();
    }

    private Answer delete(Call call) {
        return telling("Mailbox deletion", () -> {
            mail.folders().delete(call.user(), call.mailbox());
            return Shape.success().ok();
        });
    }
}
