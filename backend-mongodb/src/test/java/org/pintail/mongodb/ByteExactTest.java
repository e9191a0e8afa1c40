package org.pintail.mongodb;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.pintail.backend.Bytes;
import org.pintail.backend.Document;
import org.pintail.backend.MessageRow;
import org.pintail.backend.NewMessage;
import org.pintail.backend.Samples;
import org.pintail.backend.TestClock;
import org.pintail.mime.Cut;
import org.pintail.mime.ImapStructure;
import org.pintail.mime.MimeParser;
import org.pintail.mime.PartMap;
import org.pintail.mime.Sha256;
import org.pintail.mime.Source;

/// Any message comes back byte for byte, however its document has to be made for that; and most of them also from the tree alone, which is
/// all that WildDuck reads. The corpus lies beside the repository or where `PINTAIL_TEST_CORPUS` says; without it the messages below remain.
class ByteExactTest {
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

    private static Map<String, byte[]> messages() throws IOException {
        var all = new LinkedHashMap<String, byte[]>();
        var multipart = "Content-Type: multipart/mixed; boundary=b\r\n";
        all.put("empty", new byte[0]);
        all.put("no header", ascii("\r\nbody\r\n"));
        all.put("header only", ascii("Subject: x\r\n"));
        all.put("header without end", ascii("Subject: x"));
        all.put("bare LF", ascii("Subject: x\nTo: y\n\nbody\nmore\n"));
        all.put("lone CR", ascii("Subject: x\r\n\r\na\rb\r\n\r\n\r\n"));
        all.put("NUL and 8 bit", ascii("Subject: \u0000\u00e4\r\n\r\n\u0000\u00ff\r\n"));
        all.put("preamble and epilogue", ascii(multipart + "\r\nbefore\r\n--b\r\n\r\nx\r\n--b--\r\nafter\r\n"));
        all.put("part without header", ascii(multipart + "\r\n--b\r\n\r\nx\r\n--b--\r\n"));
        all.put("no closing boundary", ascii(multipart + "\r\n--b\r\nA: b\r\n\r\nx"));
        all.put("blank lines at the end", ascii(multipart + "\r\n--b\r\nA: b\r\n\r\nx\r\n--b--\r\n\r\n\r\n"));
        all.put("boundary with blanks", ascii(multipart + "\r\n--b \r\nA: b\r\n\r\nx\r\n--b-- \r\n"));
        all.put("well formed", ascii(multipart + "\r\n--b\r\nA: b\r\n\r\nx\r\n--b\r\nContent-Type: image/png\r\n\r\n12\r\n--b--\r\n"));
        all.put("folded header", ascii("Subject: a\r\n\tb\r\n c\r\nx:\r\n\r\nbody"));
        all.put("large header", ascii("X: " + "y".repeat(9_000_000) + "\r\n\r\nbody\r\n"));
        all.put("large preamble", ascii(multipart + "\r\n" + "z".repeat(17_000_000) + "\r\n--b\r\n\r\nx\r\n--b--\r\n"));
        all.put("deep", ascii(nested(60)));
        var corpus = Path.of(System.getenv().getOrDefault("PINTAIL_TEST_CORPUS", "../../shared/corpus"));
        if (Files.isDirectory(corpus)) {
            try (var walk = Files.walk(corpus)) {
                for (var file : walk.filter(f -> f.toString().endsWith(".eml")).sorted().toList()) {
                    var name = corpus.relativize(file).toString();
                    var raw = Files.readAllBytes(file);
                    all.put(name, raw);
                    all.put(name + " with CRLF", ascii(new String(raw, StandardCharsets.ISO_8859_1).replace("\r\n", "\n").replace("\n", "\r\n")));
                }
            }
        }
        return all;
    }

    private static byte[] ascii(String text) {
        return text.getBytes(StandardCharsets.ISO_8859_1);
    }

    private static String nested(int depth) {
        return depth == 0
                ? "Content-Type: text/plain\r\n\r\nx"
                : "Content-Type: multipart/mixed; boundary=b" + depth + "\r\n\r\n--b" + depth + "\r\n" + nested(depth - 1) + "\r\n--b" + depth
                        + "--\r\n";
    }

    private static NewMessage message(org.pintail.backend.Mailbox in, byte[] raw, byte[] head) throws IOException {
        var root = MimeParser.parse(Source.of(raw)).root();
        var sample = Samples.message(in, Cut.of(Source.of(raw), root), Bytes.wrap(head), raw.length + head.length, 0);
        return new NewMessage(
                sample.account(), sample.mailbox(), sample.id(), sample.flags(), sample.internalDate(), sample.sentDate(), sample.thread(),
                false, sample.size(), sample.head(), sample.cut(), Bytes.wrap(ImapStructure.envelope(root, false)),
                Bytes.wrap(ImapStructure.bodyStructure(root)), Bytes.wrap(PartMap.encode(root)), sample.details(), 0, null);
    }

    private Document stored(MessageRow row) {
        return store.databases().table("messages").first(Document.of("_id", row.id().value())).orElseThrow();
    }

    @Test
    void everyMessageComesBack() throws IOException {
        var inbox = Samples.inbox(store);
        var head = ascii("Return-Path: <a@b>\r\nReceived: x\r\n\ty\r\n");
        var fromTheTree = new ArrayList<String>();
        var messages = messages();
        for (var e : messages.entrySet()) {
            for (var front : List.of(new byte[0], head)) {
                var raw = e.getValue();
                var row = store.messages().append(List.of(message(inbox, raw, front))).getFirst();
                assertThat(store.messages().open(row).readAll()).as(e.getKey()).isEqualTo(Samples.join(front, raw));
                var foreign = stored(row).without("pintail");
                var theirs = new MessageReader((MongoAttachments) store.attachments()).source(foreign).readAll();
                if (java.util.Arrays.equals(theirs, Samples.join(front, raw))) {
                    fromTheTree.add(e.getKey());
                }
            }
        }
        assertThat(fromTheTree).contains("well formed", "folded header").hasSizeGreaterThan(messages.size() / 4);
    }

    /// A base64 part with an empty line before the boundary, in lines of odd length, alone on a line, and not quite base64.
    @Test
    void attachmentsComeBackWhateverTheirLinesAre() throws IOException {
        var inbox = Samples.inbox(store);
        var bytes = new byte[300_000];
        new Random(3).nextBytes(bytes);
        for (int line : List.of(76, 72, 64, 77, 1000)) {
            var base64 = new String(java.util.Base64.getMimeEncoder(line, ascii("\r\n")).encode(bytes), StandardCharsets.US_ASCII);
            for (var body : List.of(base64, base64 + "\r\n", base64 + "\r\n\r\n", base64.replace("\r\n", " \r\n"), base64.replace("\r\n", "\n"))) {
                var raw = ascii("Content-Type: multipart/mixed; boundary=b\r\n\r\n--b\r\nContent-Type: image/png\r\n"
                        + "Content-Transfer-Encoding: base64\r\n\r\n" + body + "\r\n--b--\r\n");
                var row = store.messages().append(List.of(message(inbox, raw, new byte[0]))).getFirst();
                assertThat(store.messages().open(row).readAll()).isEqualTo(raw);
                assertThat(store.messages().open(row).read(100_001, 77)).isEqualTo(java.util.Arrays.copyOfRange(raw, 100_001, 100_078));
            }
        }
    }

    /// WildDuck keeps such a part decoded under the very name that our part has, and cannot give it back: ours gets another name.
    @Test
    void aFileThatLostSomethingIsNotTaken() throws IOException {
        var inbox = Samples.inbox(store);
        var lossy = ascii("QUJD".repeat(2000) + "\r\n\r\nQUJD\r\n");
        var id = Bytes.wrap(Sha256.of(Source.of(lossy)));
        var decoded = ascii("ABC".repeat(2001));
        var attachments = (MongoAttachments) store.attachments();
        attachments.keep(
                new MongoAttachments.Part(id, Source.of(lossy), Source.of(decoded), "x", "image/png", "base64", 76), 7);
        var raw = Samples.join(
                ascii("Content-Type: multipart/mixed; boundary=b\r\n\r\n--b\r\nContent-Type: image/png\r\n"
                        + "Content-Transfer-Encoding: base64\r\n\r\n"),
                lossy, ascii("\r\n--b--\r\n"));
        var row = store.messages().append(List.of(message(inbox, raw, new byte[0]))).getFirst();
        assertThat(store.messages().open(row).readAll()).isEqualTo(raw);
        assertThat(attachments.count()).isEqualTo(2);
        store.messages().expunge(inbox.id(), List.of(row.uid()), null);
        assertThat(attachments.collect()).isEqualTo(1);
        assertThat(attachments.file(id).orElseThrow().document("metadata").orElseThrow().number("c")).isEqualTo(1);
    }
}
