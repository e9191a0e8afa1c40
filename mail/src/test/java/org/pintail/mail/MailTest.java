package org.pintail.mail;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.pintail.address.MailAddress;
import org.pintail.backend.Document;
import org.pintail.backend.Flags;
import org.pintail.backend.ObjectId;
import org.pintail.backend.memory.MemoryStore;
import org.pintail.mime.PartMap;
import org.pintail.mime.Source;

class MailTest {
    private static final Forwarder NOWHERE = (_, _, _, targets) -> {
        throw new AssertionError("forwarded to " + targets);
    };
    private static final Authentication.Client CLIENT = new Authentication.Client("imap", "192.0.2.1", "s1");
    private static final String MESSAGE = "From: =?utf-8?q?J=C3=BCri?= <juri@example.org>\r\nTo: a@example.com\r\n"
            + "Subject: Re: [list] Hello  there\r\nMessage-ID: <2@example.org>\r\nReferences: <1@example.org>\r\n"
            + "Date: Mon, 2 Nov 2026 08:00:00 +0000\r\nMIME-Version: 1.0\r\n"
            + "Content-Type: multipart/mixed; boundary=b\r\n\r\n"
            + "--b\r\nContent-Type: text/plain\r\n\r\nGood day\r\n"
            + "--b\r\nContent-Type: application/pdf; name=x.pdf\r\nContent-Disposition: attachment\r\n\r\nPDF\r\n--b--\r\n";
    private static final Delivery.Envelope ENVELOPE = new Delivery.Envelope("juri@example.org", "MX", Document.EMPTY, true);

    private final Clock clock = Clock.fixed(Instant.parse("2026-11-20T10:00:00Z"), ZoneOffset.UTC);
    private final MemoryStore store = new MemoryStore(clock);
    private final Mail mail = new Mail(store, MailSettings.defaults("example.com"), clock);

    @AfterEach
    void close() {
        store.close();
    }

    private Account account(String name) {
        return mail.accounts().create(Accounts.New.of(name, "pass-" + name, null));
    }

    private static Source source(String text) {
        return Source.of(text.getBytes(StandardCharsets.UTF_8));
    }

    private static void refused(org.assertj.core.api.ThrowableAssert.ThrowingCallable what, Refusal.Code code) {
        assertThatThrownBy(what)
                .isInstanceOfSatisfying(Refusal.class, r -> assertThat(r.code()).isEqualTo(code));
    }

    @Test
    void anAccountThatExistsOrWhoseAddressExistsIsRefusedAndLeavesNothing() {
        account("ann.lee");
        refused(() -> account("annlee"), Refusal.Code.USER_EXISTS);
        refused(
                () -> mail.accounts().create(Accounts.New.of("other", "x", "An.nLee+tag@example.com")),
                Refusal.Code.ADDRESS_EXISTS);
        refused(() -> account("no spaces"), Refusal.Code.INVALID);
        refused(
                () -> mail.accounts()
                        .create(new Accounts.New("h", "nohash", true, false, null, false, null, Document.EMPTY)),
                Refusal.Code.BAD_HASH);
        assertThat(mail.accounts().count()).isEqualTo(1);
    }

    @Test
    void aNewAccountHasMailboxesInItsLanguageAndAnAddress() {
        var made = mail.accounts()
                .create(new Accounts.New("mari", "pw", false, false, null, false, "et_EE", Document.of("quota", 5000L)));
        assertThat(made.address()).isEqualTo("mari@example.com");
        assertThat(made.disabled()).isFalse();
        assertThat(mail.accounts().quota(made)).isEqualTo(5000);
        assertThat(mail.folders().list(made.id()))
                .extracting(m -> m.path())
                .containsExactlyInAnyOrder("INBOX", "Saadetud kirjad", "Prügikast", "Mustandid", "Rämpspost");
        assertThat(mail.folders().findSpecial(made.id(), "\\Junk")).isPresent();
    }

    @Test
    void addressesResolveExactlyThenByAliasThenByTheLongestPattern() {
        var ann = account("ann");
        var bob = account("bob");
        mail.addresses().addDomainAlias("alias.example", "example.com");
        mail.addresses().add(bob.id(), "*@example.com", Document.EMPTY);
        mail.addresses().add(ann.id(), "*-shop@example.com", Document.EMPTY);
        mail.addresses().addForwarded("fwd@example.com", List.of("away@example.net"), Document.EMPTY);
        refused(() -> mail.addresses().add(ann.id(), "B.ob@example.com", Document.EMPTY), Refusal.Code.ADDRESS_EXISTS);
        refused(() -> mail.addresses().add(ann.id(), "a+b@example.com", Document.EMPTY), Refusal.Code.INVALID);
        assertThat(owner("A.nn+x@EXAMPLE.com")).isEqualTo(ann.id().hex());
        assertThat(owner("ann@alias.example")).isEqualTo(ann.id().hex());
        assertThat(owner("web-shop@alias.example")).isEqualTo(ann.id().hex());
        assertThat(owner("anyone@example.com")).isEqualTo(bob.id().hex());
        assertThat(owner("fwd@example.com")).isEqualTo("forwarded");
        assertThat(owner("ann@elsewhere.example")).isEqualTo("nobody");
        assertThat(mail.addresses().resolve(MailAddress.parse("anyone@example.com").orElseThrow(), false))
                .isEmpty();
        assertThat(mail.addresses().resolve(MailAddress.parse("*@example.com").orElseThrow(), false))
                .isEmpty();
        assertThat(mail.addresses().maySendAs(ann, MailAddress.parse("x-shop@example.com").orElseThrow()))
                .isTrue();
        assertThat(mail.addresses().maySendAs(ann, MailAddress.parse("bob@example.com").orElseThrow()))
                .isFalse();
    }

    private String owner(String address) {
        return switch (mail.addresses().resolve(MailAddress.parse(address).orElseThrow(), true).orElse(null)) {
            case null -> "nobody";
            case Addresses.Resolved.OfAccount own -> own.account().hex();
            case Addresses.Resolved.Forwarded away -> "forwarded";
        };
    }

    @Test
    void wrongPasswordsAreCountedAndThenTheRightOneHasToWait() {
        account("ann");
        assertThat(reason("ann", "", "imap")).isEqualTo(Authentication.Reason.CREDENTIALS);
        assertThat(reason("nobody", "x", "imap")).isEqualTo(Authentication.Reason.CREDENTIALS);
        for (int i = 0; i < 12; i++) {
            assertThat(reason("ann@example.com", "wrong" + i, "imap")).isEqualTo(Authentication.Reason.CREDENTIALS);
        }
        assertThat(reason("ann", "pass-ann", "imap")).isEqualTo(Authentication.Reason.RATE_LIMITED);
    }

    @Test
    void theSecondFactorDisabledScopesAndDisabledAccountsKeepThePasswordOut() {
        var ann = account("ann");
        assertThat(reason("ann", "pass-ann", "imap")).isNull();
        mail.accounts().update(ann.id(), Document.of("disabledScopes", List.of("pop3")));
        assertThat(reason("ann", "pass-ann", "pop3")).isEqualTo(Authentication.Reason.SCOPE);
        mail.accounts().update(ann.id(), Document.of("enabled2fa", List.of("totp")));
        assertThat(reason("ann", "pass-ann", "imap")).isEqualTo(Authentication.Reason.SCOPE);
        assertThat(reason("ann", "pass-ann", "master")).isNull();
        mail.accounts().update(ann.id(), Document.of("suspended", true));
        assertThat(reason("ann", "pass-ann", "master")).isEqualTo(Authentication.Reason.DISABLED);
    }

    @Test
    void aRememberedPasswordIsVoidAfterAChangeAndAnApplicationPasswordNeedsItsScope() {
        var ann = account("ann");
        assertThat(reason("ann", "pass-ann", "imap")).isNull();
        mail.accounts().changePassword(ann.id(), "fresh", false);
        assertThat(reason("ann", "pass-ann", "imap")).isEqualTo(Authentication.Reason.CREDENTIALS);
        assertThat(reason("ann", "fresh", "imap")).isNull();
        store.documents()
                .insert(
                        Collections.ASPS,
                        Document.of(
                                "_id", ObjectId.next(),
                                "user", ann.id().value(),
                                "scopes", List.of("imap"),
                                "selector", ApplicationPasswords.selector("abcdefghijklmnop"),
                                "password", new Hashing().create("abcdefghijklmnop")));
        assertThat(reason("ann", "ABCD efgh ijkl mnop", "imap")).isNull();
        assertThat(reason("ann", "abcdefghijklmnop", "smtp")).isEqualTo(Authentication.Reason.SCOPE);
    }

    private Authentication.@org.jspecify.annotations.Nullable Reason reason(String user, String password, String scope) {
        return switch (mail.authentication().authenticate(user, password, scope, CLIENT)) {
            case Authentication.Result.Success s -> null;
            case Authentication.Result.Failure f -> f.reason();
        };
    }

    @Test
    void mailboxesOfTheSystemStayAndChildrenMoveWhenAsked() {
        var ann = account("ann").id();
        var inbox = mail.folders().find(ann, "inbox").orElseThrow();
        refused(() -> mail.folders().delete(ann, inbox.id()), Refusal.Code.MAILBOX_NOT_ALLOWED);
        refused(() -> mail.folders().rename(ann, inbox.id(), "x", true), Refusal.Code.MAILBOX_NOT_ALLOWED);
        refused(() -> mail.folders().create(ann, "a//b", false, false, 0), Refusal.Code.MAILBOX_NOT_ALLOWED);
        refused(() -> mail.folders().create(ann, "Trash", false, false, 0), Refusal.Code.MAILBOX_EXISTS);
        var work = mail.folders().create(ann, "Work/", false, false, 0);
        mail.folders().create(ann, "Work/2026", false, false, 0);
        mail.folders().rename(ann, work.id(), "Job", true);
        assertThat(mail.folders().find(ann, "Job/2026")).isPresent();
        assertThat(mail.folders().find(ann, "Work/2026")).isEmpty();
    }

    @Test
    void deliveryIsAllOrNothingAndOnceForEachAccount() throws Exception {
        var ann = account("ann");
        var full = mail.accounts()
                .create(new Accounts.New("full", "x", false, false, null, false, null, Document.of("quota", 1L)));
        var both = List.of(new Delivery.Recipient(full, "full@example.com"));
        mail.delivery().deliver(source(MESSAGE), ENVELOPE, both, NOWHERE);
        var all = new ArrayList<>(both);
        all.add(0, new Delivery.Recipient(ann, "ann@example.com"));
        refused(() -> mail.delivery().deliver(source(MESSAGE), ENVELOPE, all, NOWHERE), Refusal.Code.OVER_QUOTA);
        assertThat(mail.accounts().usage(ann.id())).isZero();
        var twice = List.of(
                new Delivery.Recipient(ann, "ann@example.com"), new Delivery.Recipient(ann, "ann+x@example.com"));
        assertThat(mail.delivery().deliver(source(MESSAGE), ENVELOPE, twice, NOWHERE)).hasSize(1);
        var inbox = mail.folders().find(ann.id(), "INBOX").orElseThrow();
        var row = mail.mailstore().messages().rows(inbox.id()).getFirst();
        var stored = new String(mail.mailstore().messages().open(row).readAll(), StandardCharsets.UTF_8);
        assertThat(stored)
                .isEqualTo("Delivered-To: ann+x@example.com\r\nReturn-Path: <juri@example.org>\r\n" + MESSAGE);
        assertThat(row.size()).isEqualTo(stored.length());
    }

    @Test
    void theDetailsAndPartMapOfAStoredMessageCountTheTraceFieldsInFront() throws Exception {
        var ann = account("ann");
        mail.delivery().deliver(source(MESSAGE), ENVELOPE, List.of(new Delivery.Recipient(ann, "ann@example.com")), NOWHERE);
        var inbox = mail.folders().find(ann.id(), "INBOX").orElseThrow();
        var row = mail.mailstore().messages().rows(inbox.id()).getFirst();
        var content = mail.mailstore().messages().content(row);
        var part = PartMap.decode(content.partMap().toArray()).find("1").orElseThrow();
        var body = mail.mailstore().messages().open(row).read(part.bodyStart(), part.bodySize());
        assertThat(new String(body, StandardCharsets.UTF_8)).isEqualTo("Good day");
        var details = content.details();
        assertThat(details.documents("from")).containsExactly(Document.of("name", "Jüri", "address", "juri@example.org"));
        assertThat(details.string("subject")).contains("Re: [list] Hello there");
        assertThat(details.strings("references")).containsExactly("<1@example.org>");
        assertThat(details.instant("hdate")).contains(Instant.parse("2026-11-02T08:00:00Z"));
        assertThat(details.documents("headers").getFirst().string("key")).contains("delivered-to");
        assertThat(details.documents("attachments")).hasSize(1);
        assertThat(row.hasAttachments()).isTrue();
    }

    @Test
    void answersJoinTheThreadOfTheMessageTheyName() {
        var ann = account("ann");
        var first = thread(ann, "Hello there", "<1@example.org>", "");
        var answer = thread(ann, "RE: Hello there", "<2@example.org>", "<1@example.org>");
        var later = thread(ann, "Fwd: Re: hello there".replace("hello", "Hello"), "<3@example.org>", "<2@example.org>");
        assertThat(answer).isEqualTo(first);
        assertThat(later).isEqualTo(first);
        assertThat(thread(ann, "Other", "<4@example.org>", "<1@example.org>")).isNotEqualTo(first);
        assertThat(thread(account("bob"), "Hello there", "<1@example.org>", "")).isNotEqualTo(first);
    }

    private ObjectId thread(Account account, String subject, String id, String references) {
        var text = "Subject: " + subject + "\r\nMessage-ID: " + id + "\r\nReferences: " + references + "\r\n\r\nx\r\n";
        var inbox = mail.folders().find(account.id(), "INBOX").orElseThrow();
        return mail.mailstore()
                .append(
                        source(text),
                        new Mailstore.Placement(
                                account, inbox.id(), Flags.NONE, null, new byte[0], Document.EMPTY, true, null))
                .thread();
    }
}
