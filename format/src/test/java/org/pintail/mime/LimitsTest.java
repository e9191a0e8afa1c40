package org.pintail.mime;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.InputStream;
import java.lang.management.ManagementFactory;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.function.IntFunction;
import org.junit.jupiter.api.Test;
import org.pintail.header.EncodedWord;
import org.pintail.header.HeaderAddress;
import org.pintail.header.MailDate;

/// Hostile messages cost what their size costs. The parser's work is counted in bytes read; that of what reads a header, which gets a
/// string, in bytes allocated for an input and for one four times as large: no clock is asked.
class LimitsTest {
    /// Counts what is read of it.
    private static final class Counted implements Source {
        private final Source source;
        private long bytes;
        private int opened;

        Counted(String text) {
            this.source = Source.of(text.getBytes(StandardCharsets.ISO_8859_1));
        }

        @Override
        public long size() {
            return source.size();
        }

        @Override
        public InputStream open(long from, long length) throws IOException {
            opened++;
            bytes += Math.clamp(length, 0, size() - from);
            return source.open(from, length);
        }
    }

    private record Shape(String what, IntFunction<String> text) {}

    private static final List<Shape> MESSAGES = List.of(
            new Shape("parts in parts", n -> {
                var text = new StringBuilder();
                for (int i = 0; i < n; i++) {
                    text.append("Content-Type: multipart/mixed; boundary=b").append(i).append("\r\n\r\n--b").append(i).append("\r\n");
                }
                return text.toString();
            }),
            new Shape("messages in messages", "Content-Type: message/rfc822\r\n\r\n"::repeat),
            new Shape("many parts", n -> "Content-Type: multipart/mixed; boundary=x\r\n\r\n" + "--x\r\n\r\na\r\n".repeat(n)),
            new Shape("many digests", n -> "Content-Type: multipart/digest; boundary=x\r\n\r\n" + "--x\r\n\r\nA: b\r\n\r\na\r\n".repeat(n)),
            new Shape("many fields", "X: y\r\n"::repeat),
            new Shape("a field without end", n -> "X: " + "y".repeat(10 * n)),
            new Shape("a folded field without end", n -> "Subject: a\r\n" + " b\r\n".repeat(n)),
            new Shape("many parameters", n -> "Content-Type: text/plain" + "; a=b".repeat(n) + "\r\n\r\n"),
            new Shape("lines that could be boundaries", n -> "Content-Type: multipart/mixed; boundary=" + "-".repeat(200) + "\r\n\r\n" + ("-".repeat(201) + "\r\n").repeat(n / 20)),
            new Shape("line breaks", "\r"::repeat));

    @Test
    void aMessageIsReadOnceWhateverItsShape() throws IOException {
        for (var shape : MESSAGES) {
            var source = new Counted(shape.text().apply(100_000));
            var parsed = MimeParser.parse(source);
            assertThat(source.opened).as(shape.what()).isOne();
            assertThat(source.bytes).as(shape.what()).isEqualTo(source.size());
            assertThat(parsed.size()).as(shape.what()).isEqualTo(source.size());
            assertThat(parsed.problems().size()).as(shape.what()).isLessThanOrEqualTo(20);
            assertThat(count(parsed.root())).as(shape.what()).isLessThanOrEqualTo(MimeLimits.DEFAULT.parts());
            assertThat(depth(parsed.root())).as(shape.what()).isLessThanOrEqualTo(MimeLimits.DEFAULT.depth());
            Trees.check(shape.what(), source.readAll());
        }
    }

    private static int count(MimePart part) {
        var inner = part.message();
        return 1 + part.children().stream().mapToInt(LimitsTest::count).sum() + (inner == null ? 0 : count(inner));
    }

    private static int depth(MimePart part) {
        var inner = part.message();
        return 1 + Math.max(part.children().stream().mapToInt(LimitsTest::depth).max().orElse(0), inner == null ? 0 : depth(inner));
    }

    @Test
    void beyondEachLimitAProblemIsNoted() throws IOException {
        assertThat(problems(MESSAGES.get(0))).anyMatch(p -> p.contains("nested deeper than 64"));
        assertThat(problems(MESSAGES.get(1))).anyMatch(p -> p.contains("nested deeper than 64"));
        assertThat(problems(MESSAGES.get(2))).anyMatch(p -> p.contains("more than 1000 parts"));
        assertThat(problems(MESSAGES.get(4))).anyMatch(p -> p.contains("header beyond 262144 bytes"));
        assertThat(problems(MESSAGES.get(5))).anyMatch(p -> p.contains("header beyond 262144 bytes"));
    }

    private static List<String> problems(Shape shape) throws IOException {
        return MimeParser.parse(new Counted(shape.text().apply(100_000))).problems();
    }

    /// What stands after a header line that was left out might continue it.
    @Test
    void afterTheLimitNothingMoreOfAHeaderIsRead() throws IOException {
        var header = "A: b\r\nX: " + "x".repeat(300_000) + "\r\n continued\r\nSubject: late\r\n\r\nbody";
        var root = MimeParser.parse(new Counted(header)).root();
        assertThat(root.headers().value("a")).contains("b");
        assertThat(root.headers().value("subject")).isEmpty();
        assertThat(root.bodySize()).isEqualTo(4);
    }

    private static final List<Shape> TEXTS = List.of(
            new Shape("words without end", "=?utf-8?Q?a"::repeat),
            new Shape("words of an unknown charset", "=?a?Q?b?= "::repeat),
            new Shape("words of an unknown charset and one end", n -> "=?a?Q?b".repeat(n) + "?="),
            new Shape("broken base64", n -> "=?utf-8?B?A".repeat(n) + "?="),
            new Shape("one run of words", "=?utf-8?Q?=C3?= =?utf-8?Q?=A4?= "::repeat),
            new Shape("words of changing charsets", "=?utf-8?Q?a?= =?us-ascii?Q?b?= "::repeat),
            new Shape("question marks", "=?"::repeat),
            new Shape("white space behind words", n -> ("=?utf-8?Q?a?=" + " ".repeat(8)).repeat(n)),
            new Shape("comments in comments", "("::repeat),
            new Shape("comments that end", n -> "(".repeat(n) + ")".repeat(n)),
            new Shape("quotes", "\\\""::repeat),
            new Shape("angles", "<\""::repeat),
            new Shape("angles that end", n -> "<".repeat(n) + ">"),
            new Shape("angles with comments", "<("::repeat),
            new Shape("literals", "["::repeat),
            new Shape("groups", "a:b@c,"::repeat),
            new Shape("group ends", "a:;"::repeat),
            new Shape("addresses", "a@b,"::repeat),
            new Shape("parameters", ";a=b"::repeat),
            new Shape("sections", n -> {
                var text = new StringBuilder("a/b");
                for (int i = 0; i < n; i++) {
                    text.append(";a*").append(i % 1000).append("*=%41");
                }
                return text.toString();
            }),
            new Shape("escapes", n -> "a/b;a*=" + "%".repeat(n)),
            new Shape("dates", "1 Jan 2020 ("::repeat));

    private static void read(String text) {
        EncodedWord.decode(text);
        HeaderAddress.mailboxes(text);
        ContentType.parse(text);
        ContentType.boundary(text);
        MailDate.parse(text);
    }

    @Test
    void fieldsOfAnyShapeTakeWorkInProportion() {
        for (var shape : TEXTS) {
            proportional(shape, LimitsTest::read);
        }
    }

    private static final List<Shape> HTML = List.of(
            new Shape("cells", n -> "<table><tr>" + "<td>".repeat(n)),
            new Shape("blocks", "<div>"::repeat),
            new Shape("links", n -> "<svg>" + "<a href=x>a".repeat(n)),
            new Shape("links to parts", "<img src=cid:x>"::repeat),
            new Shape("entities", "&amp;"::repeat),
            new Shape("line breaks", "<br> "::repeat),
            new Shape("formats", "<b><i><font><u>"::repeat));

    @Test
    void htmlOfAnyShapeTakesWorkInProportion() {
        for (var shape : HTML) {
            proportional(shape, HtmlText::of);
        }
    }

    private interface Work {
        void on(String text);
    }

    /// Four times the text: at most eight times the memory asked for, and never more than a few hundred bytes for each of its bytes.
    private static void proportional(Shape shape, Work work) {
        work.on(shape.text().apply(100)); // classes are loaded
        long small = allocated(shape.text().apply(5_000), work);
        long large = allocated(shape.text().apply(20_000), work);
        assertThat(large).as(shape.what()).isLessThan(8 * small + 1_000_000);
        work.on(shape.text().apply(200_000));
    }

    private static long allocated(String text, Work work) {
        var threads = (com.sun.management.ThreadMXBean) ManagementFactory.getThreadMXBean();
        long before = threads.getCurrentThreadAllocatedBytes();
        work.on(text);
        return threads.getCurrentThreadAllocatedBytes() - before;
    }

    /// A thousand parts that each could be meant by each link.
    @Test
    void linksToPartsAreFoundInOnePass() throws IOException {
        var text = new StringBuilder("Content-Type: multipart/related; boundary=x\r\n\r\n--x\r\nContent-Type: text/html\r\n\r\n");
        text.append("<img src=\"cid:p1\"><img src=\"cid:p10\"><img src='cid:p100'> cid:none").append("<img src=cid:p1>".repeat(15_000));
        for (int i = 1; i <= 950; i++) {
            text.append("\r\n--x\r\nContent-Type: image/png\r\nContent-ID: <p").append(i).append(">\r\n\r\na");
        }
        var source = new Counted(text + "\r\n--x--");
        var shown = MessageText.of(source, MimeParser.parse(source).root());
        assertThat(shown.html().getFirst())
                .startsWith("<img src=\"attachment:ATT00001\"><img src=\"attachment:ATT00010\"><img src='attachment:ATT00100'> cid:none");
        assertThat(shown.attachments()).hasSize(950);
        assertThat(source.bytes).isLessThan(3 * source.size());
    }
}
