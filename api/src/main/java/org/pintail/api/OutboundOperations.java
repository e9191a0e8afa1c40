package org.pintail.api;

import java.time.Duration;
import java.util.Optional;
import org.pintail.api.rule.Rule;
import org.pintail.api.rule.Rules;
import org.pintail.api.table.Access.Action;
import org.pintail.api.table.Answer;
import org.pintail.api.table.Call;
import org.pintail.api.table.Operation;
import org.pintail.api.table.Operation.In;
import org.pintail.api.table.Shape;
import org.pintail.api.table.Table;
import org.pintail.mail.Mail;
import org.pintail.mta.Outbox;

/// What an account sent and is still in the queue: send it at another time, take it back (http-api #48).
final class OutboundOperations {
    private static final String GROUP = "Submission";
    private static final Duration MOST = Duration.ofDays(30);
    private final Mail mail;
    private final Outbox outbox;

    /// Why an entry cannot be touched.
    private record No(int status, String code, String text) {
        Answer answer(boolean always200) {
            return new Shape().put("success", false).put("error", text).put("code", code).as(always200 ? 200 : status);
        }
    }

    OutboundOperations(Mail mail, Outbox outbox) {
        this.mail = mail;
        this.outbox = outbox;
    }

    void register(Table table) {
        table.add(Operation.of("PUT /users/:user/outbound/:queueId", "updateOutboundMessage", MessageOperations.own(Action.UPDATE))
                .about(GROUP, "Send what is in the queue at another time")
                .user()
                .path("queueId", queueId(), "Queue id")
                .require(In.BODY, "sendTime", Rules.date(), "When; one that is past means now")
                .logged(In.QUERY)
                .run(this::reschedule));
        table.add(Operation.of("DELETE /users/:user/outbound/:queueId", "deleteOutboundMessage", MessageOperations.own(Action.DELETE))
                .about(GROUP, "Take back what is still in the queue")
                .user()
                .path("queueId", queueId(), "Queue id")
                .logged(In.QUERY)
                .run(this::takeBack));
    }

    private static Rule queueId() {
        return Rules.text().lowered().like("^[0-9a-f]+$").min(18).max(24);
    }

    /// Empty when the entry is there and the account's.
    private Optional<No> refused(Call call) {
        var message = outbox.queue().message(call.text("queueId"));
        if (message.isEmpty()) {
            return Optional.of(new No(404, "NoSuchQueueEntry", "Could not find the message from queue"));
        }
        boolean own = call.user().value().equals(message.get().data().value("userId"));
        return own ? Optional.empty() : Optional.of(new No(403, "NotEnoughPrivileges", "Not enough privileges for this message"));
    }

    /// The message stays as it was signed and stored; only its rows move. Those that are being delivered do not.
    private Answer reschedule(Call call) {
        var refused = refused(call);
        if (refused.isPresent()) {
            return refused.get().answer(false);
        }
        var now = mail.clock().instant();
        var sendTime = call.time("sendTime").filter(now::isBefore).orElse(now);
        var latest = now.plus(MOST);
        if (sendTime.isAfter(latest)) {
            return new No(400, "SendTimeTooLate", "Delivery time can not be later than " + latest).answer(false);
        }
        int updated = 0;
        for (var row : outbox.queue().rows(call.text("queueId"))) {
            updated += outbox.queue().reschedule(row.id(), row.seq(), now, sendTime) ? 1 : 0;
        }
        if (updated == 0) {
            return new No(409, "DeliveryInProgress", "Message is already being delivered").answer(false);
        }
        return Shape.success()
                .put("queueId", call.text("queueId"))
                .put("sendTime", sendTime)
                .put("updated", updated)
                .put("dateUpdated", false)
                .put("storedUpdated", 0)
                .ok();
    }

    private Answer takeBack(Call call) {
        var refused = refused(call);
        if (refused.isPresent()) {
            return refused.get().answer(true); // QUIRK: clients know this one with status 200 only
        }
        var id = call.text("queueId");
        int deleted = 0;
        for (var row : outbox.queue().rows(id)) {
            deleted += outbox.queue().purge(id, row.seq(), mail.clock().instant()) ? 1 : 0;
        }
        return Shape.success().put("queueId", id).put("deleted", deleted).ok();
    }
}
