package org.pintail.mongodb;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.pintail.backend.Collection;
import org.pintail.backend.Document;
import org.pintail.backend.MailboxId;
import org.pintail.backend.Samples;
import org.pintail.backend.TestClock;

/// Whatever counter is wrong, a check finds it and a repair puts it right.
class RecountTest {
    private final TestServer server = TestServer.start();
    private MongoStore store;

    @BeforeEach
    void open() {
        store = server.open(new TestClock());
    }

    @AfterEach
    void close() {
        server.close(store);
    }

    private List<String> problems(boolean repair) {
        var problems = new ArrayList<String>();
        assertThat(store.check(repair, problems::add)).isEqualTo(problems.size());
        return problems;
    }

    @Test
    void everyWrongCounterIsFoundAndPutRight() {
        var inbox = Samples.inbox(store);
        var user = Document.of("_id", inbox.account().value(), "unameview", "u", "storageUsed", 0);
        store.documents().insert(new Collection("users", List.of()), user);
        var sample = Samples.inPieces(31);
        store.messages().append(List.of(sample.message(inbox), Samples.message(inbox, "two")));
        assertThat(problems(false)).isEmpty();
        var d = store.databases();
        var all = Document.EMPTY;
        d.table("mailboxes").updateAll(all, Document.of("$inc", Document.of("pintail.messages", 3)));
        d.table("users").updateAll(all, Document.of("$inc", Document.of("storageUsed", -5)));
        d.table("attachments.files").updateAll(all, Document.of("$inc", Document.of("metadata.c", 1)));
        d.table("messages").insert(Document.of("_id", MailboxId.next().value(), "mailbox", MailboxId.next().value(), "uid", 1, "size", 4));
        assertThat(problems(false)).hasSize(5).anyMatch(p -> p.startsWith("mailbox")).anyMatch(p -> p.startsWith("account"))
                .anyMatch(p -> p.startsWith("attachment")).anyMatch(p -> p.startsWith("message"));
        assertThat(problems(true)).hasSize(5);
        assertThat(problems(false)).isEmpty();
        assertThat(store.mailboxes().find(inbox.id()).orElseThrow().messages()).isEqualTo(2);
        assertThat(store.messages().usage(inbox.account())).isEqualTo(sample.raw().length + 3L);
        assertThat(store.attachments().references(sample.decodedHex())).isEqualTo(1);
    }
}
