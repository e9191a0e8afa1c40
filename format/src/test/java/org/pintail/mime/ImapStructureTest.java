package org.pintail.mime;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;

/// RFC 3501 §7.4.2 and §8, whose examples these are where they say so; the others are derived from its grammar by hand.
class ImapStructureTest {
    private static MimePart parse(String text) throws IOException {
        return MimeParser.parse(Source.of(text.replace("\n", "\r\n").getBytes(StandardCharsets.UTF_8))).root();
    }

    private static String envelope(String header) throws IOException {
        return new String(ImapStructure.envelope(parse(header + "\n"), false), StandardCharsets.US_ASCII);
    }

    private static String structure(String message) throws IOException {
        return new String(ImapStructure.bodyStructure(parse(message)), StandardCharsets.US_ASCII);
    }

    private static String body(String message) throws IOException {
        return new String(ImapStructure.body(parse(message)), StandardCharsets.US_ASCII);
    }

    @Test
    void theEnvelopeIsThatOfTheRfc() throws IOException {
        assertThat(envelope("""
                        Date: Wed, 17 Jul 1996 02:23:25 -0700 (PDT)
                        From: Terry Gray <gray@cac.washington.edu>
                        Subject: IMAP4rev1 WG mtg summary and minutes
                        To: imap@cac.washington.edu
                        cc: minutes@CNRI.Reston.VA.US, John Klensin <KLENSIN@MIT.EDU>
                        Message-Id: <B27397-0100000@cac.washington.edu>
                        MIME-Version: 1.0
                        Content-Type: TEXT/PLAIN; CHARSET=US-ASCII
                        """))
                .isEqualTo("(\"Wed, 17 Jul 1996 02:23:25 -0700 (PDT)\" \"IMAP4rev1 WG mtg summary and minutes\""
                        + " ((\"Terry Gray\" NIL \"gray\" \"cac.washington.edu\"))"
                        + " ((\"Terry Gray\" NIL \"gray\" \"cac.washington.edu\"))"
                        + " ((\"Terry Gray\" NIL \"gray\" \"cac.washington.edu\"))"
                        + " ((NIL NIL \"imap\" \"cac.washington.edu\"))"
                        + " ((NIL NIL \"minutes\" \"CNRI.Reston.VA.US\")(\"John Klensin\" NIL \"KLENSIN\" \"MIT.EDU\"))"
                        + " NIL NIL \"<B27397-0100000@cac.washington.edu>\")");
    }

    @Test
    void aMessageWithoutHeaderHasAnEnvelopeOfNothing() throws IOException {
        assertThat(envelope("")).isEqualTo("(NIL NIL NIL NIL NIL NIL NIL NIL NIL NIL)");
    }

    @Test
    void groupsQuotesAndOwnSenders() throws IOException {
        assertThat(envelope("""
                        From: "A \\"B\\" \\\\C" <a@b>
                        Sender: s@t
                        Reply-To: r@u, <>
                        To: g: m@n, X <o@p>;, q@r
                        To: second@field
                        Bcc: (only a comment)
                        In-Reply-To: <1@x>
                        """))
                .isEqualTo("(NIL NIL ((\"A \\\"B\\\" \\\\C\" NIL \"a\" \"b\")) ((NIL NIL \"s\" \"t\")) ((NIL NIL \"r\" \"u\"))"
                        + " ((NIL NIL \"g\" NIL)(NIL NIL \"m\" \"n\")(\"X\" NIL \"o\" \"p\")(NIL NIL NIL NIL)(NIL NIL \"q\" \"r\")(NIL NIL \"second\" \"field\"))"
                        + " NIL NIL \"<1@x>\" NIL)");
    }

    @Test
    void eightBitTextIsEncodedUnlessTheClientReadsUtf8() throws IOException {
        assertThat(envelope("Subject: =?utf-8?Q?=C3=A4?=\n")).as("encoded words stay").startsWith("(NIL \"=?utf-8?Q?=C3=A4?=\" ");
        assertThat(envelope("Subject: \u00e4\n")).startsWith("(NIL \"=?UTF-8?B?w6Q=?=\" ");
        assertThat(envelope("Subject: \u00e4=?utf-8?Q?=C3=B6?=\n")).as("both in one").startsWith("(NIL \"=?UTF-8?B?w6TDtg==?=\" ");
        assertThat(new String(ImapStructure.envelope(parse("Subject: \u00e4\n\n"), true), StandardCharsets.UTF_8)).startsWith("(NIL \"\u00e4\" ");
        assertThat(envelope("Subject: a\0b\001\n")).as("no control characters in a quoted string").startsWith("(NIL \"a b \" ");
    }

    @Test
    void longTextIsCutBetweenCharacters() throws IOException {
        assertThat(envelope("Subject: " + "x".repeat(20_000) + "\n")).contains("\"" + "x".repeat(8192) + "\"");
        var encoded = envelope("Subject: " + "😀".repeat(10_000) + "\n");
        assertThat(encoded).hasSizeLessThan(8300);
        assertThat(encoded.substring(0, encoded.indexOf("\" NIL"))).endsWith("?=");
    }

    /// RFC 3501 §7.4.2: a text and a base64 text attachment.
    @Test
    void theBodyIsThatOfTheRfc() throws IOException {
        assertThat(body("Content-Type: multipart/mixed; boundary=x\n\n--x\nContent-Type: TEXT/PLAIN; CHARSET=US-ASCII\n\n"
                        + ("t".repeat(48) + "\n").repeat(22) + "t".repeat(50) + "\n\n--x\n"
                        + "Content-Type: TEXT/PLAIN; CHARSET=US-ASCII; NAME=cc.diff\nContent-ID: <960723163407.20117h@cac.washington.edu>\n"
                        + "Content-Description: Compiler diff\nContent-Transfer-Encoding: BASE64\n\n"
                        + ("A".repeat(60) + "\n").repeat(72) + "A".repeat(88) + "\n\n--x--\n"))
                .isEqualTo("((\"TEXT\" \"PLAIN\" (\"CHARSET\" \"US-ASCII\") NIL NIL \"7BIT\" 1152 23)"
                        + "(\"TEXT\" \"PLAIN\" (\"CHARSET\" \"US-ASCII\" \"NAME\" \"cc.diff\") \"<960723163407.20117h@cac.washington.edu>\""
                        + " \"Compiler diff\" \"BASE64\" 4554 73) \"MIXED\")");
    }

    @Test
    void aPlainMessageIsOnePart() throws IOException {
        assertThat(structure("Subject: a\n\nhi\n")).isEqualTo("(\"TEXT\" \"PLAIN\" NIL NIL NIL \"7BIT\" 4 1 NIL NIL NIL NIL)");
        assertThat(body("Content-Type: image/png\n\nhi\n")).isEqualTo("(\"IMAGE\" \"PNG\" NIL NIL NIL \"7BIT\" 4)");
    }

    @Test
    void extensionDataStandsInItsOrder() throws IOException {
        assertThat(structure("""
                        Content-Type: image/png
                        Content-MD5: Q2hlY2sgSW50ZWdyaXR5IQ==
                        Content-Disposition: inline; filename="a b.png"
                        Content-Language: en, de
                        Content-Location: http://x.example/

                        """))
                .isEqualTo("(\"IMAGE\" \"PNG\" NIL NIL NIL \"7BIT\" 0 \"Q2hlY2sgSW50ZWdyaXR5IQ==\""
                        + " (\"INLINE\" (\"FILENAME\" \"a b.png\")) \"en, de\" \"http://x.example/\")");
    }

    @Test
    void aMessageInAMessageHasItsEnvelopeBodyAndLines() throws IOException {
        var message = "Content-Type: message/rfc822\n\nSubject: in\n\nab\ncd\n";
        assertThat(body(message))
                .isEqualTo("(\"MESSAGE\" \"RFC822\" NIL NIL NIL \"7BIT\" 23 (NIL \"in\" NIL NIL NIL NIL NIL NIL NIL NIL)"
                        + " (\"TEXT\" \"PLAIN\" NIL NIL NIL \"7BIT\" 8 2) 4)");
    }

    @Test
    void aMessageThatIsNotDividedIsAFile() throws IOException {
        assertThat(body("Content-Type: message/rfc822; name=a.eml\nContent-Transfer-Encoding: base64\n\nAAAA"))
                .isEqualTo("(\"APPLICATION\" \"OCTET-STREAM\" (\"NAME\" \"a.eml\") NIL NIL \"BASE64\" 4)");
    }

    @Test
    void aMultipartWithoutPartsHasAnEmptyOne() throws IOException {
        assertThat(body("Content-Type: multipart/mixed; boundary=x\n\nnothing\n"))
                .isEqualTo("((\"TEXT\" \"PLAIN\" NIL NIL NIL \"7BIT\" 0 0) \"MIXED\")");
        assertThat(structure("Content-Type: multipart/mixed\n\n"))
                .isEqualTo("((\"TEXT\" \"PLAIN\" NIL NIL NIL \"7BIT\" 0 0 NIL NIL NIL NIL) \"MIXED\" NIL NIL NIL NIL)");
    }
}
