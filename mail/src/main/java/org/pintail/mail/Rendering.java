package org.pintail.mail;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.time.Instant;
import org.pintail.backend.Bytes;
import org.pintail.backend.Document;
import org.pintail.header.Headers;
import org.pintail.mime.Source;

/// What a store keeps beside the bytes of a message, made for one that is stored already: an engine that finds messages which another
/// program wrote asks for it.
public record Rendering(Bytes envelope, Bytes bodyStructure, Bytes partMap, Document details) {
    /// `internalDate` and `meta` as the message has them in its mailbox.
    public static Rendering of(Source message, String hostname, Instant internalDate, Document meta) {
        try {
            var prepared = PreparedMessage.of(message, hostname);
            return new Rendering(
                    prepared.envelope(),
                    prepared.bodyStructure(),
                    prepared.partMap(),
                    prepared.details().placed(Headers.EMPTY, internalDate, meta));
        } catch (IOException e) {
            throw new UncheckedIOException("a stored message cannot be read", e);
        }
    }
}
