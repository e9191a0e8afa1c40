package org.pintail.api;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashSet;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.pintail.api.rule.Rules;
import org.pintail.api.table.Access;
import org.pintail.api.table.Access.Action;
import org.pintail.api.table.Access.Reach;
import org.pintail.api.table.Answer;
import org.pintail.api.table.Call;
import org.pintail.api.table.Json;
import org.pintail.api.table.Operation;
import org.pintail.api.table.Operation.In;
import org.pintail.api.table.Shape;
import org.pintail.api.table.Table;
import org.pintail.backend.AccountId;
import org.pintail.backend.JournalEntry;
import org.pintail.backend.MailboxId;
import org.pintail.backend.ObjectId;
import org.pintail.backend.StoreException;
import org.pintail.mail.Mail;

/// What happens in an account, as server-sent events (http-api #13).
final class UpdateOperations {
    private static final int BATCH = 500;
    private static final long IDLE_SECONDS = 15;
    private static final long GATHER_MILLIS = 100;
    private final Mail mail;

    UpdateOperations(Mail mail) {
        this.mail = mail;
    }

    void register(Table table) {
        table.add(Operation.of("GET /users/:user/updates", "getUpdates", new Access("users", Action.READ, Reach.OWN))
                .about("Users", "Follow what happens in an account (text/event-stream)")
                .user()
                .query("Last-Event-ID", Rules.objectIdOrEmpty(), "Go on after this event")
                .logged(In.QUERY)
                .streaming()
                .run(this::follow));
    }

    private Answer follow(Call call) {
        var account = mail.accounts().require(call.user()).id();
        var last = ObjectId.parse(call.lastEventId()).or(() -> call.id("Last-Event-ID"));
        var headers = Map.of("Content-Type", "text/event-stream", "Cache-Control", "no-cache", "X-Accel-Buffering", "no");
        var start = last.or(() -> mail.mailstore().messages().lastJournalEntry(account)).orElse(null);
        return new Answer.Content(200, headers, -1, out -> new Stream(account, start, out).run(last.isPresent()));
    }

    /// One client. What wakes it arrives in `news`: "" for the journal, else the reason of a logout.
    private final class Stream {
        private final AccountId account;
        private final OutputStream out;
        private final LinkedBlockingQueue<String> news = new LinkedBlockingQueue<>();
        private @Nullable ObjectId after;
        private int idle;

        Stream(AccountId account, @Nullable ObjectId after, OutputStream out) {
            this.account = account;
            this.after = after;
            this.out = out;
        }

        /// Writes until the client leaves or the account logs out.
        void run(boolean replay) throws IOException {
            try (var _ = mail.store().events().watch(account, () -> {
                        if (news.isEmpty()) {
                            news.add("");
                        }
                    });
                    var _ = mail.store().events().watchLogout(account, reason -> news.add("LOGOUT " + reason))) {
                if (replay) {
                    tell();
                } else {
                    comment();
                }
                while (true) {
                    var item = news.poll(IDLE_SECONDS, TimeUnit.SECONDS);
                    if (item == null) {
                        comment();
                    } else if (item.isEmpty()) {
                        TimeUnit.MILLISECONDS.sleep(GATHER_MILLIS);
                        tell();
                    } else {
                        var reason = item.substring("LOGOUT ".length());
                        frame(new Shape().put("command", "LOGOUT").put("reason", reason), null);
                        return;
                    }
                }
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            } catch (StoreException e) {
                write("event: error\ndata: " + String.valueOf(e.getMessage()).replace('\n', ' ') + "\n\n");
            }
        }

        private void comment() throws IOException {
            write(": idling " + ++idle + "\n\n");
        }

        private void tell() throws IOException {
            while (true) {
                var entries = mail.mailstore().messages().journal(account, after, BATCH);
                if (entries.isEmpty()) {
                    return;
                }
                Set<MailboxId> counted = new LinkedHashSet<>();
                for (var entry : entries) {
                    if (entry.kind() != JournalEntry.Kind.FETCH || entry.message() != null) { // else its mailbox went, as it says further on
                        frame(show(entry), entry.id());
                    }
                    boolean counts = switch (entry.kind()) {
                        case EXISTS, EXPUNGE -> true;
                        case FETCH -> entry.unseenChange();
                        case CREATE, RENAME, DELETE -> false;
                    };
                    if (counts) {
                        counted.add(entry.mailbox());
                    }
                    after = entry.id();
                }
                for (var mailbox : counted) {
                    var box = mail.store().mailboxes().find(mailbox);
                    if (box.isPresent()) {
                        frame(new Shape()
                                .put("command", "COUNTERS")
                                .put("mailbox", mailbox)
                                .put("total", box.get().messages())
                                .put("unseen", box.get().unseen()), after);
                    }
                }
            }
        }

        private void frame(Shape shape, @Nullable ObjectId id) throws IOException {
            var json = new String(Json.pretty(shape.fields()), StandardCharsets.UTF_8).strip();
            var text = new StringBuilder();
            json.lines().forEach(line -> text.append("data: ").append(line).append('\n'));
            Optional.ofNullable(id).ifPresent(i -> text.append("id: ").append(i.hex()).append('\n'));
            write(text.append('\n').toString());
        }

        private void write(String text) throws IOException {
            out.write(text.getBytes(StandardCharsets.UTF_8));
            out.flush();
        }
    }

    private Shape show(JournalEntry entry) {
        var shape = new Shape().put("command", entry.kind().name()).put("mailbox", entry.mailbox());
        if (entry.uid() > 0) {
            shape.put("uid", entry.uid()).given("message", entry.message()).given("thread", entry.thread());
            if (entry.flags() != null && entry.kind() == JournalEntry.Kind.FETCH) {
                shape.put("flags", entry.flags().names());
            }
        }
        return shape.given("path", entry.path());
    }
}
