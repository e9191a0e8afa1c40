package org.pintail.mail;

import java.io.IOException;
import java.time.Instant;
import org.pintail.backend.Bytes;
import org.pintail.backend.Document;
import org.pintail.header.Headers;
import org.pintail.mime.Source;

/// What a message is stored with beside its bytes, made from its bytes: for an engine that finds one which another program stored.
public record Rendering(Bytes envelope, Bytes bodyStructure, Bytes partMap, Document details) {
    /// `meta` as in the data model §5.5.
    public static Rendering of(Source message, Instant internalDate, Document meta, String hostname) throws IOException {
        var prepared = PreparedMessage.of(message, hostname);
        return new Rendering(
                prepared.envelope(), prepared.bodyStructure(), prepared.partMap(), prepared.details().placed(Headers.EMPTY, internalDate, meta));
    }
}
