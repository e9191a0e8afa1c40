package org.pintail.bench;

import java.nio.charset.StandardCharsets;

/// A message of about 10 KB as people write them: a plain and an HTML alternative, a dozen header fields.
final class TestMessage {
    private static final String LINE = "The quick brown fox jumps over the lazy dog and is back before the evening.\r\n";
    private static final String HTML = "<p>The quick brown fox <b>jumps</b> over the lazy dog before <i>evening</i>.</p>\r\n";

    private TestMessage() {}

    static byte[] of(int number) {
        return of(number, "ada@source.test");
    }

    static byte[] of(int number, String from) {
        var text = """
                Received: from client.source.test (client.source.test [192.0.2.7])
                 by mx.source.test with ESMTPSA id %1$016x for <u1@bench.test>;
                 Tue, 03 Nov 2026 10:11:12 +0100
                Date: Tue, 03 Nov 2026 10:11:12 +0100
                From: "Ada Lovelace" <%5$s>
                To: "Charles Babbage" <u1@bench.test>, Mary <mary@source.test>
                Cc: George <george@source.test>
                Subject: Notes on the engine, part %1$d
                Message-ID: <%1$d.notes@source.test>
                In-Reply-To: <%2$d.notes@source.test>
                MIME-Version: 1.0
                User-Agent: bench
                Content-Type: multipart/alternative; boundary="=_part"

                --=_part
                Content-Type: text/plain; charset=utf-8
                Content-Transfer-Encoding: 7bit

                %3$s
                --=_part
                Content-Type: text/html; charset=utf-8
                Content-Transfer-Encoding: 7bit

                <html><body>%4$s</body></html>
                --=_part--
                """
                .formatted(number, number - 1, LINE.repeat(55), HTML.repeat(60), from);
        return text.replace("\r\n", "\n").replace("\n", "\r\n").getBytes(StandardCharsets.US_ASCII);
    }

    /// The same with a file of `bytes` beside it, different in every message.
    static byte[] withFile(int number, int bytes) {
        var content = new byte[bytes];
        new java.util.Random(number).nextBytes(content);
        var text = """
                Date: Tue, 03 Nov 2026 10:11:12 +0100
                From: "Ada Lovelace" <ada@source.test>
                To: "Charles Babbage" <u1@bench.test>
                Subject: Plan of the engine, part %1$d
                Message-ID: <%1$d.plan@source.test>
                MIME-Version: 1.0
                Content-Type: multipart/mixed; boundary="=_mixed"

                --=_mixed
                Content-Type: text/plain; charset=utf-8

                %2$s
                --=_mixed
                Content-Type: application/pdf; name="plan%1$d.pdf"
                Content-Disposition: attachment; filename="plan%1$d.pdf"
                Content-Transfer-Encoding: base64

                %3$s
                --=_mixed--
                """
                .formatted(number, LINE.repeat(130), java.util.Base64.getMimeEncoder().encodeToString(content));
        return text.replace("\r\n", "\n").replace("\n", "\r\n").getBytes(StandardCharsets.US_ASCII);
    }
}
