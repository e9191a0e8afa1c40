package org.pintail.imap;

import static org.assertj.core.api.Assertions.assertThat;

import jakarta.mail.FetchProfile;
import jakarta.mail.Flags;
import jakarta.mail.Folder;
import jakarta.mail.Message;
import jakarta.mail.MessagingException;
import jakarta.mail.Multipart;
import jakarta.mail.Session;
import jakarta.mail.UIDFolder;
import jakarta.mail.event.MessageCountAdapter;
import jakarta.mail.event.MessageCountEvent;
import jakarta.mail.internet.InternetAddress;
import jakarta.mail.internet.MimeMessage;
import jakarta.mail.search.AndTerm;
import jakarta.mail.search.BodyTerm;
import jakarta.mail.search.FlagTerm;
import jakarta.mail.search.FromStringTerm;
import jakarta.mail.search.SubjectTerm;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Properties;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.eclipse.angus.mail.imap.IMAPFolder;
import org.eclipse.angus.mail.imap.IMAPStore;
import org.eclipse.angus.mail.imap.ResyncData;
import org.eclipse.angus.mail.imap.SortTerm;
import org.eclipse.angus.mail.imap.protocol.IMAPProtocol;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.pintail.imap.wire.ImapLimits;

/// Angus Mail, the Jakarta Mail that Java programs use.
class AngusMailTest {
    @TempDir
    Path directory = Path.of(".");

    private ImapFixture server;

    @BeforeEach
    void start() throws IOException {
        server = new ImapFixture(directory, ImapLimits.DEFAULT);
        server.prepare(List.of("INBOX with 3 messages"));
    }

    @AfterEach
    void stop() throws IOException {
        server.close();
    }

    private static Session session(Map<String, String> more) {
        var properties = new Properties();
        properties.putAll(Map.of("mail.imap.timeout", "10000", "mail.imap.ssl.trust", "*", "mail.mime.address.strict", "false"));
        properties.putAll(more);
        return Session.getInstance(properties);
    }

    private IMAPStore connect(Map<String, String> more) throws MessagingException {
        var store = (IMAPStore) session(more).getStore("imap");
        store.connect(server.address().getHostString(), server.address().getPort(), "alice", "secret");
        return store;
    }

    private static IMAPFolder open(IMAPStore store, String name) throws MessagingException {
        var folder = (IMAPFolder) store.getFolder(name);
        folder.open(Folder.READ_WRITE);
        return folder;
    }

    private static Message multipart() throws MessagingException {
        var text = "From: \"J\u00fcri\" <juri@example.com>\r\nTo: alice@example.org\r\nSubject: =?utf-8?q?T=C3=A4ht?=\r\nContent-Type: multipart/mixed; boundary=x\r\n\r\n"
                + "--x\r\nContent-Type: text/plain; charset=utf-8\r\nContent-Transfer-Encoding: quoted-printable\r\n\r\n=C3=B5htu\r\n"
                + "--x\r\nContent-Type: application/octet-stream; name=a.bin\r\nContent-Disposition: attachment; filename=a.bin\r\n"
                + "Content-Transfer-Encoding: base64\r\n\r\nAAEC\r\n--x--\r\n";
        return new MimeMessage(session(Map.of()), new ByteArrayInputStream(text.getBytes(StandardCharsets.UTF_8)));
    }

    /// Each way to log in that it has.
    @ParameterizedTest
    @ValueSource(strings = {"LOGIN", "PLAIN"})
    void logsInInEachWay(String mechanism) throws MessagingException {
        try (var store = connect(Map.of("mail.imap.auth.mechanisms", mechanism))) {
            assertThat(store.isConnected()).isTrue();
            assertThat(store.id(Map.of("name", "test"))).containsEntry("name", "Pintail");
        }
    }

    @Test
    void overTlsAndCompressed() throws MessagingException, IOException {
        try (var store = connect(Map.of("mail.imap.starttls.required", "true", "mail.imap.compress.enable", "true"));
                var inbox = open(store, "INBOX")) {
            assertThat(store.isSSL()).isTrue();
            assertThat(inbox.getMessage(2).getContent()).isEqualTo("Hello number 2!\r\n");
        }
    }

    @Test
    void foldersAreMadeListedRenamedAndRemoved() throws MessagingException {
        try (var store = connect(Map.of())) {
            var folder = store.getFolder("Töö/Alla");
            assertThat(folder.exists()).isFalse();
            assertThat(folder.create(Folder.HOLDS_MESSAGES | Folder.HOLDS_FOLDERS)).isTrue();
            folder.setSubscribed(true);
            assertThat(names(store.getDefaultFolder().list("*"))).contains("INBOX", "Sent Mail", "Töö", "Töö/Alla");
            assertThat(names(store.getDefaultFolder().list("%"))).contains("Töö").doesNotContain("Töö/Alla");
            assertThat(names(store.getDefaultFolder().listSubscribed("*"))).contains("Töö/Alla");
            assertThat(store.getPersonalNamespaces()).hasSize(1);
            assertThat(folder.renameTo(store.getFolder("Uus"))).isTrue();
            assertThat(store.getFolder("Uus").delete(true)).isTrue();
            assertThat(names(store.getDefaultFolder().list("*"))).doesNotContain("Töö/Alla", "Uus");
            assertThat(store.getQuota("INBOX")).anyMatch(quota -> quota.resources.length > 0);
        }
    }

    private static List<String> names(Folder[] folders) {
        return Arrays.stream(folders).map(Folder::getFullName).toList();
    }

    @Test
    void aPrefetchedMessageIsWhole() throws MessagingException, IOException {
        try (var store = connect(Map.of());
                var inbox = open(store, "INBOX")) {
            var added = inbox.addMessages(new Message[] {multipart()});
            var uid = inbox.getUID(added[0]);
            var profile = new FetchProfile();
            List.of(FetchProfile.Item.ENVELOPE, FetchProfile.Item.CONTENT_INFO, FetchProfile.Item.FLAGS, FetchProfile.Item.SIZE, UIDFolder.FetchProfileItem.UID)
                    .forEach(profile::add);
            profile.add("X-Priority");
            inbox.fetch(inbox.getMessages(), profile);
            var message = inbox.getMessageByUID(uid);
            assertThat(message.getSubject()).isEqualTo("Täht");
            assertThat(((InternetAddress) message.getFrom()[0]).getAddress()).isEqualTo("juri@example.com");
            var parts = (Multipart) message.getContent();
            assertThat(parts.getBodyPart(0).getContent()).isEqualTo("õhtu");
            assertThat(parts.getBodyPart(1).getFileName()).isEqualTo("a.bin");
            assertThat(parts.getBodyPart(1).getInputStream().readAllBytes()).containsExactly(0, 1, 2);
            assertThat(message.isSet(Flags.Flag.SEEN)).isTrue();
        }
    }

    @Test
    void messagesAreSearchedSortedCopiedMovedAndExpunged() throws MessagingException {
        try (var store = connect(Map.of());
                var inbox = open(store, "INBOX")) {
            inbox.getMessage(1).setFlag(Flags.Flag.FLAGGED, true);
            inbox.setFlags(1, 2, new Flags("$label1"), true);
            var found = inbox.search(new AndTerm(new jakarta.mail.search.SearchTerm[] {
                new SubjectTerm("message"), new FromStringTerm("bob"), new BodyTerm("number 1"), new FlagTerm(new Flags(Flags.Flag.FLAGGED), true)
            }));
            assertThat(Arrays.stream(found).map(Message::getMessageNumber)).containsExactly(1);
            var sorted = inbox.getSortedMessages(new SortTerm[] {SortTerm.REVERSE, SortTerm.SUBJECT});
            assertThat(Arrays.stream(sorted).map(Message::getMessageNumber)).containsExactly(3, 2, 1);
            var copied = inbox.copyUIDMessages(inbox.getMessages(1, 2), store.getFolder("Drafts"));
            assertThat(Arrays.stream(copied).map(c -> c.uid)).containsExactly(1L, 2L);
            inbox.moveMessages(new Message[] {inbox.getMessage(3)}, store.getFolder("Trash"));
            inbox.setFlags(1, 1, new Flags(Flags.Flag.DELETED), true);
            assertThat(inbox.expunge()).hasSize(2); // the one that moved among them
            assertThat(inbox.getMessageCount()).isEqualTo(1);
            assertThat(inbox.getMessage(1).getFlags().getUserFlags()).containsExactly("$label1");
            assertThat(store.getFolder("Trash").getMessageCount()).isEqualTo(1);
        }
    }

    /// RFC 7162: what happened meanwhile comes with SELECT.
    @Test
    void aFolderIsOpenedWithWhatHappenedMeanwhile() throws MessagingException {
        try (var store = connect(Map.of())) {
            long validity;
            long modSeq;
            try (var inbox = open(store, "INBOX")) {
                validity = inbox.getUIDValidity();
                modSeq = inbox.getHighestModSeq();
                inbox.setFlags(1, 1, new Flags(Flags.Flag.DELETED), true);
                inbox.expunge();
                inbox.setFlags(2, 2, new Flags(Flags.Flag.ANSWERED), true);
            }
            var inbox = (IMAPFolder) store.getFolder("INBOX");
            var events = inbox.open(Folder.READ_WRITE, new ResyncData(validity, modSeq));
            assertThat(events).hasSize(2);
            inbox.close();
        }
    }

    @Test
    void whatComesWhileItIdlesIsHeard() throws Exception {
        try (var store = connect(Map.of());
                var inbox = open(store, "INBOX")) {
            var came = new CountDownLatch(1);
            inbox.addMessageCountListener(new MessageCountAdapter() {
                @Override
                public void messagesAdded(MessageCountEvent e) {
                    came.countDown();
                }
            });
            var failed = new MessagingException[1];
            var idling = Thread.ofVirtual().start(() -> {
                try {
                    inbox.idle(true);
                } catch (MessagingException e) {
                    failed[0] = e;
                }
            });
            server.append("INBOX", ImapFixture.simple(4));
            assertThat(came.await(10, TimeUnit.SECONDS)).isTrue();
            idling.join();
            assertThat(failed[0]).isNull();
            assertThat(inbox.getMessageCount()).isEqualTo(4);
            assertThat(inbox.doCommand(AngusMailTest::noop)).isEqualTo("done");
        }
    }

    private static String noop(IMAPProtocol protocol) throws org.eclipse.angus.mail.iap.ProtocolException {
        protocol.simpleCommand("NOOP", null);
        return "done";
    }
}
