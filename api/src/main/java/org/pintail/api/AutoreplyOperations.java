package org.pintail.api;

import java.util.Optional;
import org.pintail.api.rule.Rules;
import org.pintail.api.table.Access;
import org.pintail.api.table.Access.Action;
import org.pintail.api.table.Access.Reach;
import org.pintail.api.table.Answer;
import org.pintail.api.table.Call;
import org.pintail.api.table.Operation;
import org.pintail.api.table.Operation.In;
import org.pintail.api.table.Shape;
import org.pintail.api.table.Table;
import org.pintail.backend.AccountId;
import org.pintail.backend.Document;
import org.pintail.backend.ObjectId;
import org.pintail.mail.Collections;
import org.pintail.mail.Mail;

/// What an account answers while its owner is away (http-api §16).
final class AutoreplyOperations {
    private final Mail mail;

    AutoreplyOperations(Mail mail) {
        this.mail = mail;
    }

    void register(Table table) {
        var text = Rules.text().trimmed().max(131_072).withEmpty();
        table.add(Operation.of("PUT /users/:user/autoreply", "updateAutoreply", own(Action.UPDATE))
                .about("Autoreplies", "Change the autoreply of an account")
                .user()
                .body("status", Rules.bool(), "Is it on?")
                .body("name", Rules.text().trimmed().max(128).withEmpty(), "Name it is sent from")
                .body("subject", Rules.text().trimmed().max(2048).withEmpty(), "Subject; empty: that of the message")
                .body("text", text, "Plain text")
                .body("html", text, "HTML")
                .body("start", Rules.dateOrFalse(), "Not before; false for none")
                .body("end", Rules.dateOrFalse(), "Not after; false for none")
                .logged(In.BODY)
                .run(this::update));
        table.add(Operation.of("GET /users/:user/autoreply", "getAutoreply", own(Action.READ))
                .about("Autoreplies", "Show the autoreply of an account")
                .user()
                .logged(In.QUERY)
                .run(this::show));
        table.add(Operation.of("DELETE /users/:user/autoreply", "deleteAutoreply", own(Action.DELETE))
                .about("Autoreplies", "Delete the autoreply of an account")
                .user()
                .logged(In.QUERY)
                .run(this::delete));
    }

    private static Access own(Action action) {
        return new Access("autoreplies", action, Reach.OWN);
    }

    private Optional<Document> find(AccountId account) {
        return mail.store().documents().find(Collections.AUTOREPLIES, "autoreply", account.value());
    }

    private Answer update(Call call) {
        mail.accounts().require(call.user());
        var changes = call.fields("status", "name", "subject", "text", "html", "start", "end").with("created", mail.clock().instant().truncatedTo(java.time.temporal.ChronoUnit.SECONDS));
        var known = find(call.user());
        ObjectId id;
        if (known.isPresent()) {
            id = known.get().id();
            mail.store().documents().update(Collections.AUTOREPLIES, id, d -> d.with(changes));
        } else {
            id = ObjectId.next();
            mail.store().documents().insert(
                    Collections.AUTOREPLIES, Document.of("_id", id, "user", call.user().value()).with(changes));
        }
        if (call.has("status")) {
            mail.accounts().update(call.user(), Document.of("autoreply", call.yes("status")));
        }
        return Shape.success().put("id", id).ok();
    }

    private Answer show(Call call) {
        var d = find(call.user()).orElse(Document.EMPTY);
        return Shape.success()
                .put("status", d.bool("status"))
                .put("name", d.string("name", ""))
                .put("subject", d.string("subject", ""))
                .put("text", d.string("text", ""))
                .put("html", d.string("html", ""))
                .given("start", d.instant("start").orElse(null))
                .given("end", d.instant("end").orElse(null))
                .given("created", d.instant("created").orElse(null))
                .ok();
    }

    private Answer delete(Call call) {
        find(call.user()).ifPresent(d -> mail.store().documents().delete(Collections.AUTOREPLIES, d.id()));
        if (mail.accounts().find(call.user()).isPresent()) {
            mail.accounts().update(call.user(), Document.of("autoreply", false));
        }
        return Shape.success().ok();
    }
}
