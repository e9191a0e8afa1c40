package org.pintail.mta;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Semaphore;
import org.pintail.address.DomainName;
import org.pintail.backend.QueuedMessage;
import org.pintail.dkim.DkimLimits;
import org.pintail.dkim.DkimSigner;
import org.pintail.dkim.MessageScan;
import org.pintail.dkim.SigningOptions;
import org.pintail.header.HeaderAddress;
import org.pintail.header.Headers;
import org.pintail.mail.DkimKeys;
import org.pintail.mime.Source;

/// Signs what leaves (RFC 6376 §5). The key is that of the domain in From, so that DMARC finds it aligned; else that of the envelope
/// sender. Forwarded mail is not signed: its From may be forged, and our signature would make it true.
final class MessageSigner {
    private static final int HEADER_LOOKED_AT = 256 * 1024;
    private final DkimKeys keys;
    private final Clock clock;
    private final DkimSigner signer = new DkimSigner(SigningOptions.DEFAULT);
    private final Semaphore cores = new Semaphore(Runtime.getRuntime().availableProcessors());

    MessageSigner(DkimKeys keys, Clock clock) {
        this.keys = keys;
        this.clock = clock;
    }

    /// The message with its signatures on top, or as it is when no key is for it.
    Source signed(QueuedMessage message, Source body) {
        if (message.data().string("reason", "").equals("forward")) {
            return body;
        }
        var found = keys(message, body);
        if (found.isEmpty()) {
            return body;
        }
        cores.acquireUninterruptibly();
        try {
            var scan = MessageScan.of(body, DkimLimits.DEFAULT, signer::wanted);
            if (scan.tooLarge()) {
                return body;
            }
            var fields = new ByteArrayOutputStream();
            for (var key : found) {
                var field = signer.sign(scan, key.domain(), key.selector(), key.key(), clock.instant()) + "\r\n";
                fields.writeBytes(field.getBytes(StandardCharsets.ISO_8859_1));
            }
            return Source.concat(Source.of(fields.toByteArray()), body);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } finally {
            cores.release();
        }
    }

    private List<DkimKeys.Key> keys(QueuedMessage message, Source body) {
        var sender = message.sender();
        return author(body)
                .map(keys::of)
                .filter(list -> !list.isEmpty())
                .orElseGet(() -> sender.isEmpty() ? List.of() : keys.of(DomainName.ascii(sender.substring(sender.lastIndexOf('@') + 1))));
    }

    private static Optional<String> author(Source body) {
        try {
            var head = body.read(0, HEADER_LOOKED_AT);
            int end = new String(head, StandardCharsets.ISO_8859_1).indexOf("\r\n\r\n");
            return Headers.parse(head, end < 0 ? head.length : end + 2, Integer.MAX_VALUE).first("from").stream()
                    .flatMap(f -> HeaderAddress.mailboxes(f.value()).stream())
                    .map(HeaderAddress.Mailbox::domain)
                    .filter(domain -> !domain.isEmpty())
                    .map(DomainName::ascii)
                    .findFirst();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
