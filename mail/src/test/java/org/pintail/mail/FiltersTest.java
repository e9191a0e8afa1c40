package org.pintail.mail;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.pintail.backend.Document;
import org.pintail.backend.ObjectId;
import org.pintail.backend.TestClock;
import org.pintail.backend.memory.MemoryStore;
import org.pintail.mime.Source;

/// Mail on its way into an account: domain lists, filters, spam level, forwards.
class FiltersTest {
    private static final String MAIL = """
            From: Rosa <rosa@shop.example>\r
            To: Ann <ann@example.org>\r
            Cc: team@example.org\r
            Subject: Your  =?utf-8?Q?Gr=C3=BC=C3=9Fe?=\r
            List-ID: News <news.shop.example>\r
            \r
            An apple and\r
            a pear\r
            """;
    private final TestClock clock = new TestClock();
    private final MemoryStore store = new MemoryStore(clock);
    private final Mail mail = new Mail(store, MailSettings.defaults("mail.example.org"), clock);
    private final Account ann = mail.accounts().create(Accounts.New.of("ann", "", "ann@example.org"));
    private final List<String> forwarded = new ArrayList<>();

    @AfterEach
    void close() {
        store.close();
    }

    private ObjectId filter(Document query, Document action) {
        var filter = Document.of("_id", ObjectId.next(), "query", query, "action", action);
        return mail.filters().add(ann.id(), filter, 100).id();
    }

    private static Document headers(String name, String value) {
        return Document.of("headers", Document.of(name, value));
    }

    private Delivery.Delivered deliver() {
        return deliver(Document.EMPTY);
    }

    private Delivery.Delivered deliver(Document meta) {
        var source = Source.of(MAIL.getBytes(StandardCharsets.UTF_8));
        var to = new Delivery.Recipient(mail.accounts().require(ann.id()), "ann@example.org");
        var envelope = new Delivery.Envelope("rosa@shop.example", "MX", meta, true);
        return mail.delivery().deliver(source, envelope, List.of(to), (_, _, _, targets) -> forwarded.addAll(targets)).getFirst();
    }

    /// Where the one message is: path and flags.
    private String place() {
        for (var box : mail.folders().list(ann.id())) {
            for (var row : mail.mailstore().messages().rows(box.id())) {
                return (box.path() + " " + String.join(" ", row.flags().names())).strip();
            }
        }
        return "nowhere";
    }

    @ParameterizedTest
    @CsvSource({
        "from, bob, false",
        "from, ROSA@, true",
        "to, team@, true",
        "to, bob@, false",
        "subject, your grüße, true",
        "listId, <news.shop.example>, true",
        "listId, other, false",
        "xOther, anything, false"
    })
    void headersAreFoundByTheirParts(String header, String part, boolean fits) {
        filter(headers(header, part), Document.of("flag", true));
        deliver();
        assertThat(place()).isEqualTo(fits ? "INBOX \\Flagged" : "INBOX");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "plum | false",
                "apple plum | false",
                "pear, APPLE | true",
                "plum OR pear | true",
                "\"apple and a pear\" | true",
                "\"pear and\" | false"
            })
    void textIsFoundByWordsAndPhrases(String text, boolean fits) {
        filter(Document.of("text", text), Document.of("flag", true));
        deliver();
        assertThat(place()).isEqualTo(fits ? "INBOX \\Flagged" : "INBOX");
    }

    @Test
    void sizeAndAttachmentsCount() {
        filter(Document.of("size", (long) MAIL.length() * 2), Document.of("delete", true));
        filter(Document.of("size", -10L), Document.of("delete", true));
        filter(Document.of("ha", true), Document.of("delete", true));
        filter(headers("from", "rosa").with("text", "plum"), Document.of("delete", true));
        deliver();
        assertThat(place()).isEqualTo("INBOX");
    }

    @Test
    void theFirstFilterThatSaysSoDecides() {
        filter(Document.EMPTY, Document.of("seen", false, "flag", true));
        filter(Document.EMPTY, Document.of("seen", true, "flag", false));
        deliver();
        assertThat(place()).isEqualTo("INBOX \\Flagged");
    }

    @Test
    void disabledFiltersDoNothingAndDeletedMailIsNotKept() {
        var id = filter(Document.EMPTY, Document.of("delete", true));
        mail.filters().update(ann.id(), id, f -> f.with("disabled", true));
        assertThat(deliver().message()).isNotNull();
        mail.filters().update(ann.id(), id, f -> f.with("disabled", false));
        var dropped = deliver();
        assertThat(dropped.message()).isNull();
        assertThat(dropped.text()).isEqualTo("Message dropped by policy");
    }

    @Test
    void mailGoesToItsFolderOrToJunk() {
        var work = mail.folders().create(ann.id(), "Work", false, false, 0);
        filter(Document.EMPTY, Document.of("mailbox", work.id().value()));
        deliver();
        assertThat(place()).isEqualTo("Work");
        mail.folders().delete(ann.id(), work.id());
        deliver();
        assertThat(place()).as("the folder is gone").isEqualTo("INBOX");
    }

    @Test
    void aSpamActionGoesToJunkAndIsNotForwarded() {
        filter(Document.EMPTY, Document.of("spam", true, "targets", List.of(Document.of("value", "x@example.net"))));
        deliver();
        assertThat(place()).isEqualTo("Junk");
        assertThat(forwarded).isEmpty();
    }

    @Test
    void aBlockedDomainIsJunkUnlessAFilterKnowsBetter() {
        mail.accounts().update(ann.id(), Document.of("tags", List.of("Staff")));
        store.documents()
                .insert(Collections.DOMAIN_ACCESS, Document.of(
                        "_id", ObjectId.next(), "tag", "Staff", "tagview", "staff", "domain", "shop.example", "action", "block"));
        deliver();
        assertThat(place()).isEqualTo("Junk");
        var junk = mail.folders().findSpecial(ann.id(), "\\Junk").orElseThrow();
        mail.mailstore().messages().expunge(junk.id(), List.of(1L), null);
        filter(headers("from", "rosa"), Document.of("spam", false));
        deliver();
        assertThat(place()).isEqualTo("INBOX");
    }

    @ParameterizedTest
    @CsvSource({"0, '', Junk", "50, 'add header', INBOX", "50, 'soft reject', Junk", "75, greylist, INBOX", "100, reject, INBOX"})
    void theSpamLevelDecidesWhereNothingElseDid(int level, String action, String folder) {
        mail.accounts().update(ann.id(), Document.of("spamLevel", level));
        deliver(Document.of("spamAction", action));
        assertThat(place()).isEqualTo(folder);
    }

    @Test
    void targetsOfFiltersAndAccountGetACopyOnce() {
        var target = Document.of("value", "x@example.net");
        mail.accounts().update(ann.id(), Document.of("targets", List.of(target, Document.of("value", "ann@example.org"), Document.of("value", "y@example.net"))));
        filter(Document.EMPTY, Document.of("targets", List.of(target)));
        deliver();
        assertThat(forwarded).containsExactly("x@example.net", "y@example.net");
        assertThat(place()).isEqualTo("INBOX");
    }

    @Test
    void forwardsEndAtTheLimitOfTheDay() {
        mail.accounts().update(ann.id(), Document.of("targets", List.of(Document.of("value", "x@example.net")), "forwards", 2L));
        for (int i = 0; i < 4; i++) {
            deliver();
        }
        assertThat(forwarded).hasSize(2);
        clock.advance(java.time.Duration.ofHours(25));
        deliver();
        assertThat(forwarded).hasSize(3);
        var inbox = mail.folders().find(ann.id(), "INBOX").orElseThrow();
        assertThat(inbox.messages()).isEqualTo(5);
    }

    @Test
    void anAccountHasOnlySoMany() {
        var filter = Document.of("_id", ObjectId.next(), "query", Document.EMPTY, "action", Document.EMPTY);
        mail.filters().add(ann.id(), filter, 1);
        assertThatThrownBy(() -> mail.filters().add(ann.id(), filter.with("_id", ObjectId.next()), 1)).isInstanceOf(Refusal.class);
        assertThat(mail.filters().list(ann.id())).hasSize(1);
        mail.accounts().delete(ann.id());
        assertThat(store.documents().count(Collections.FILTERS)).isZero();
    }
}
