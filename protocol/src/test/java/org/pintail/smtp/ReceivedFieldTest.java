package org.pintail.smtp;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.pintail.address.MailAddress;
import org.pintail.mime.Spool;
import org.pintail.net.Loopback;

class ReceivedFieldTest {
    private static final Instant NOON = Instant.parse("2026-11-02T12:00:00Z");

    @TempDir
    Path directory = Path.of(".");

    /// The field for a client at 192.0.2.1 that called itself `helo`.
    private String field(String helo, boolean hideClient, String... recipients) throws IOException {
        var fields = new ArrayList<byte[]>();
        var to = List.of(recipients).stream().map(r -> MailAddress.parse(r).orElseThrow()).toList();
        try (var spool = new Spool(directory);
                var loopback = new Loopback(directory, connection -> {
                    var sender = new SmtpPolicy.Sender(null, java.util.Map.of(), false);
                    var transaction = new SmtpPolicy.Transaction("id.1", helo, "ESMTP", sender, to, null, spool);
                    fields.add(ReceivedField.of(transaction, connection, "mx.example.org", NOON, hideClient));
                    connection.write("done\r\n");
                    connection.flush();
                });
                var wire = loopback.connectFromAfar()) {
            wire.line();
        }
        return new String(fields.getFirst(), StandardCharsets.UTF_8);
    }

    @Test
    void saysWhoAndWhenAndForWhom() throws IOException {
        assertThat(field("client.example", false, "b@example.org")).isEqualTo("""
                Received: from client.example ([192.0.2.1])\r
                 by mx.example.org (Pintail) with ESMTP id id.1\r
                 for <b@example.org>;\r
                 Mon, 2 Nov 2026 12:00:00 +0000\r
                """);
    }

    /// Who else got it is nobody's business: a Bcc would show.
    @Test
    void namesNoRecipientWhereThereAreSeveral() throws IOException {
        assertThat(field("client.example", true, "b@example.org", "c@example.org")).doesNotContain("@").doesNotContain("192.0.2.1");
    }

    @Test
    void theClientCannotWriteIntoIt() throws IOException {
        assertThat(field("evil) by (x;\r\nX: <y>", false, "\"b\\>c;\"@example.org"))
                .startsWith("Received: from evil__by__x___X:__y_ ([192.0.2.1])\r\n by ")
                .contains("for <\"b_c_\"@example.org>;");
    }
}
