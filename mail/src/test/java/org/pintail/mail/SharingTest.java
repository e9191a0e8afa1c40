package org.pintail.mail;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.LinkedHashMap;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.pintail.backend.Bytes;
import org.pintail.backend.Document;
import org.pintail.backend.Flags;
import org.pintail.backend.Mailbox;
import org.pintail.backend.MessageRow;
import org.pintail.backend.memory.MemoryStore;
import org.pintail.mime.Source;

/// What others may do with a mailbox, what is noted about it, and what becomes of both when one of them goes.
class SharingTest {
    private final Clock clock = Clock.fixed(Instant.parse("2026-11-20T10:00:00Z"), ZoneOffset.UTC);
    private final MemoryStore store = new MemoryStore(clock);
    private final Mail mail = new Mail(store, MailSettings.defaults("example.com"), clock);
    private final Account ann = mail.accounts().create(Accounts.New.of("ann", "x", null));
    private final Account bob = mail.accounts().create(Accounts.New.of("bob.lee", "x", null));
    private final Mailbox inbox = mail.folders().find(ann.id(), "INBOX").orElseThrow();

    @AfterEach
    void close() {
        store.close();
    }

    private void give(String name, String rights) {
        mail.sharing().change(inbox, name, false, _ -> Rights.parse(rights).orElseThrow());
    }

    private String rights(Account account) {
        return mail.sharing().rights(inbox, account).letters();
    }

    private static void refused(org.assertj.core.api.ThrowableAssert.ThrowingCallable what, Refusal.Code code) {
        assertThatThrownBy(what)
                .isInstanceOfSatisfying(Refusal.class, r -> assertThat(r.code()).isEqualTo(code));
    }

    @Test
    void lettersThatAreNoRightsAreNone() {
        assertThat(Rights.parse("lq")).isEmpty();
        assertThat(Rights.parse("L")).isEmpty();
        assertThat(Rights.parse("").orElseThrow()).isEqualTo(Rights.NONE);
        assertThat(Rights.parse("dc").orElseThrow().letters()).isEqualTo("kxte");
        assertThat(Rights.of(Right.EXPUNGE).shown()).isEqualTo("ed");
    }

    @Test
    void nobodyHasAnythingButTheOwnerWhoHasAll() {
        assertThat(rights(bob)).isEmpty();
        assertThat(mail.sharing().rights(inbox, ann)).isEqualTo(Rights.ALL);
        assertThat(mail.sharing().sharedWith(bob)).isEmpty();
    }

    @Test
    void whatIsKeptFromANameCountsMoreThanWhatIsGiven() {
        give("anyone", "lr");
        give("boblee", "is");
        assertThat(rights(bob)).isEqualTo("lrsi");
        mail.sharing().change(inbox, "authuser", true, _ -> Rights.of(Right.SEEN));
        mail.sharing().change(inbox, "bob.lee", true, _ -> Rights.of(Right.LOOKUP));
        assertThat(rights(bob)).isEqualTo("ri");
        assertThat(mail.sharing().sharedWith(bob)).isEmpty();
        mail.sharing().change(inbox, "boblee", true, _ -> Rights.NONE);
        assertThat(mail.sharing().sharedWith(bob)).extracting(Mailbox::id).containsExactly(inbox.id());
        assertThat(mail.sharing().entries(inbox.id())).hasSize(3);
    }

    @Test
    void aMailboxIsSharedWithSoManyAndNoMore() {
        for (int i = 0; i < 200; i++) {
            give("user" + i, "l");
        }
        refused(() -> give("onemore", "l"), Refusal.Code.NOT_ALLOWED);
        give("user7", "lr");
        assertThat(mail.sharing().entries(inbox.id())).hasSize(200);
    }

    @Test
    void anAccountOfTheSameNameDoesNotGetWhatTheOldOneHad() {
        give("bob.lee", "lr");
        mail.accounts().delete(bob.id());
        var again = mail.accounts().create(Accounts.New.of("boblee", "x", null));
        assertThat(rights(again)).isEmpty();
        assertThat(mail.sharing().sharedWith(again)).isEmpty();
    }

    @Test
    void whatStandsWithAMailboxGoesWithItAndWithItsAccount() {
        var work = mail.folders().create(ann.id(), "Work", false, false, 0);
        mail.sharing().change(work, "bob.lee", false, _ -> Rights.ALL);
        give("bob.lee", "lr");
        note(Annotations.Place.sharedOf(work.id(), ann.id()), "/shared/comment", "ours");
        note(Annotations.Place.privateOf(work.id(), bob.id()), "/private/comment", "bob's");
        note(Annotations.Place.privateOf(inbox.id(), bob.id()), "/private/comment", "bob's");
        mail.subscriptions().add(bob.id(), "Users/ann/Work");
        mail.folders().delete(ann.id(), work.id());
        assertThat(store.documents().count(Collections.SHARES)).isEqualTo(1);
        assertThat(store.documents().count(Collections.ANNOTATIONS)).isEqualTo(1);
        mail.accounts().delete(ann.id());
        assertThat(store.documents().count(Collections.SHARES)).isZero();
        assertThat(store.documents().count(Collections.ANNOTATIONS)).isZero();
        mail.accounts().delete(bob.id());
        assertThat(store.documents().count(Collections.SUBSCRIPTIONS)).isZero();
    }

    private void note(Annotations.Place place, String name, @Nullable String value) {
        var values = new LinkedHashMap<String, @Nullable Bytes>();
        values.put(name, value == null ? null : Bytes.wrap(value.getBytes(StandardCharsets.UTF_8)));
        mail.annotations().change(place, values);
    }

    @Test
    void annotationsAreBoundedAndSetAllOrNone() {
        var place = Annotations.Place.privateOf(inbox.id(), ann.id());
        for (int i = 0; i < Annotations.MOST_ENTRIES; i++) {
            note(place, "/private/" + i, "x");
        }
        refused(() -> note(place, "/private/more", "x"), Refusal.Code.NOT_ALLOWED);
        note(place, "/private/7", null);
        note(place, "/private/more", "x");
        var large = "x".repeat(Annotations.MOST_BYTES);
        for (int i = 0; i < 15; i++) {
            note(place, "/private/" + (10 + i), large);
        }
        var both = new LinkedHashMap<String, @Nullable Bytes>();
        both.put("/private/1", null);
        both.put("/private/2", Bytes.wrap(large.getBytes(StandardCharsets.UTF_8)));
        both.put("/private/3", Bytes.wrap(large.getBytes(StandardCharsets.UTF_8)));
        refused(() -> mail.annotations().check(place, both), Refusal.Code.TOO_BIG);
        refused(() -> mail.annotations().change(place, both), Refusal.Code.TOO_BIG);
        assertThat(mail.annotations().read(place)).containsKey("/private/1").hasSize(Annotations.MOST_ENTRIES);
        assertThat(mail.annotations().read(Annotations.Place.privateOf(inbox.id(), bob.id()))).isEmpty();
    }

    @Test
    void aSubscriptionIsKeptOnce() {
        mail.subscriptions().add(ann.id(), "Users/bob.lee/INBOX");
        mail.subscriptions().add(ann.id(), "Users/bob.lee/INBOX");
        assertThat(mail.subscriptions().list(ann.id())).containsExactly("Users/bob.lee/INBOX");
        assertThat(mail.subscriptions().remove(ann.id(), "Users/bob.lee/INBOX")).isTrue();
        assertThat(mail.subscriptions().remove(ann.id(), "Users/bob.lee/INBOX")).isFalse();
    }

    private MessageRow append(String subject) {
        var where = new Mailstore.Placement(
                ann, inbox.id(), Flags.of("\\Seen", "\\Flagged"), null, new byte[0], Document.EMPTY, true, null);
        return mail.mailstore()
                .append(Source.of(("Subject: " + subject + "\r\n\r\nx\r\n").getBytes(StandardCharsets.UTF_8)), where);
    }

    @Test
    void theReceivingAccountTakesCopiesInAsItsOwn() throws Exception {
        var first = append("one");
        append("two");
        var to = mail.folders().find(bob.id(), "INBOX").orElseThrow();
        var target = new Handover.Target(bob, to, f -> f.minus(Flags.of("\\Seen")), null);
        var copied = mail.handover().copy(inbox, List.of(1L, 2L, 99L), target);
        assertThat(copied).extracting(c -> c.uid()).containsExactly(1L, 2L);
        var row = copied.getFirst().row();
        assertThat(row.flags()).isEqualTo(Flags.of("\\Flagged"));
        assertThat(row.internalDate()).isEqualTo(first.internalDate());
        assertThat(store.messages().open(row).readAll()).isEqualTo(store.messages().open(first).readAll());
        assertThat(mail.accounts().usage(bob.id())).isEqualTo(first.size() * 2);
    }

    @Test
    void copiesBeyondTheQuotaOfTheReceiverAreTakenBack() {
        for (int i = 0; i < 60; i++) {
            append("message " + i);
        }
        var poor = mail.accounts().update(bob.id(), Document.of("quotaMessages", 50L));
        var to = mail.folders().find(bob.id(), "INBOX").orElseThrow();
        var uids = store.messages().rows(inbox.id()).stream().map(MessageRow::uid).toList();
        var target = new Handover.Target(poor, to, f -> f, null);
        refused(() -> mail.handover().copy(inbox, uids, target), Refusal.Code.OVER_QUOTA);
        assertThat(store.messages().rows(to.id())).isEmpty();
    }
}
