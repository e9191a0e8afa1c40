package org.pintail.suite;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.pintail.backend.Collection;
import org.pintail.backend.MailboxId;
import org.pintail.backend.ObjectId;
import org.pintail.backend.memory.MemoryStore;
import org.pintail.backend.memory.RenumberedMailbox;
import org.pintail.backend.memory.RenumberedMailbox.Numbers;
import org.pintail.mail.Collections;
import org.pintail.mail.Mail;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/// The whole program on the memory engine, with one more HTTP endpoint on the loopback through which WildDuck's own tests put their
/// fixtures in place (docs/wildduck.md). It is compiled with the tests only.
///
///     java -cp … org.pintail.suite.FixtureServer HOOK-PORT DATA key=value…
///
/// `POST /fixture` takes `{"op":"wipe"}`, which removes every account and what is not an account's, and `{"op":"update","updates":[…]}`
/// with the updates that the tests make to one mailbox and its messages.
final class FixtureServer {
    private static final int PAGE = 500;
    private static final List<Collection> ALL = List.of(
            Collections.USERS, Collections.DELETED_USERS, Collections.ADDRESSES, Collections.DOMAIN_ALIASES, Collections.ASPS,
            Collections.AUTH_LOG, Collections.SETTINGS, Collections.THREADS, Collections.TOKENS, Collections.FILES,
            Collections.AUTOREPLIES, Collections.DOMAIN_ACCESS, Collections.ADDRESS_REGISTER);
    private final Mail mail;
    private final MemoryStore store;

    private FixtureServer(Mail mail, MemoryStore store) {
        this.mail = mail;
        this.store = store;
    }

    public static void main(String[] args) throws IOException {
        var data = Path.of(args[1]);
        var sets = new ArrayList<>(List.of("store.engine=memory"));
        sets.addAll(List.of(args).subList(2, args.length));
        var config = ConfigReader.read(data.resolve("pintail.toml"), Map.of(), sets);
        Logging.configure(config);
        var suite = Suite.start(config, data, Role.all());
        if (!(suite.mail().store() instanceof MemoryStore store)) {
            throw new IllegalStateException("fixtures need the memory engine");
        }
        var hook = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), Integer.parseInt(args[0])), 0);
        hook.createContext("/fixture", new FixtureServer(suite.mail(), store)::serve);
        hook.start();
        System.out.println(suite.ready() + " fixture=127.0.0.1:" + hook.getAddress().getPort());
        ServeCommand.awaitEnd(suite, () -> hook.stop(0));
    }

    private void serve(HttpExchange exchange) throws IOException {
        var request = JsonMapper.shared().readTree(exchange.getRequestBody());
        int status = 200;
        var text = "done\n";
        try {
            switch (request.path("op").asString()) {
                case "wipe" -> wipe();
                case "update" -> update(request.path("updates"));
                default -> throw new IllegalArgumentException("op: expected wipe or update");
            }
        } catch (RuntimeException e) {
            status = 400;
            text = e + "\n";
        }
        var body = text.getBytes(StandardCharsets.UTF_8);
        exchange.sendResponseHeaders(status, body.length);
        exchange.getResponseBody().write(body);
        exchange.close();
    }

    private void wipe() {
        for (var page = mail.accounts().list(null, PAGE); !page.isEmpty(); page = mail.accounts().list(null, PAGE)) {
            page.forEach(a -> mail.accounts().delete(a.id()));
        }
        for (var collection : ALL) {
            for (var page = store.documents().list(collection, null, true, PAGE); !page.isEmpty(); page = store.documents().list(collection, null, true, PAGE)) {
                page.forEach(d -> store.documents().delete(collection, d.id()));
            }
        }
    }

    /// `mailboxes.updateOne({_id},{$set:{uidNext,modifyIndex}})`, `messages.updateOne({mailbox,uid},{$set:{modseq}})` and
    /// `messages.updateMany({},{$inc:{uid}})`, for one mailbox.
    private void update(JsonNode updates) {
        MailboxId mailbox = null;
        long uidNext = 1;
        long highest = 1;
        long shift = 0;
        var modSeqs = new HashMap<Long, Long>();
        for (var one : updates) {
            var what = one.path("args").path(0);
            var change = one.path("args").path(1);
            switch (one.path("collection").asString() + "." + one.path("method").asString()) {
                case "mailboxes.updateOne" -> {
                    mailbox = new MailboxId(ObjectId.parse(what.path("_id").path("$oid").asString()).orElseThrow());
                    uidNext = change.path("$set").path("uidNext").asLong();
                    highest = change.path("$set").path("modifyIndex").asLong();
                }
                case "messages.updateOne" -> modSeqs.put(what.path("uid").asLong(), change.path("$set").path("modseq").asLong());
                case "messages.updateMany" -> shift = change.path("$inc").path("uid").asLong();
                default -> throw new IllegalArgumentException("no such fixture: " + one);
            }
        }
        if (mailbox == null) {
            throw new IllegalArgumentException("no mailbox among the updates");
        }
        RenumberedMailbox.renumber(store, mailbox, new Numbers(shift, uidNext, highest, modSeqs));
    }
}
