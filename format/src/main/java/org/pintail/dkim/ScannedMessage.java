package org.pintail.dkim;

import java.util.Map;
import org.pintail.header.Headers;

/// What signatures are judged by.
///
/// @param headers of the message, none when they were too large
/// @param hashes of the body, those that were wanted
/// @param tooLarge the header is beyond [DkimLimits#headerBytes]
public record ScannedMessage(Headers headers, Map<BodyHash.Kind, BodyHash> hashes, boolean tooLarge) {
    public ScannedMessage {
        hashes = Map.copyOf(hashes);
    }

    /// A hash that was asked for.
    public BodyHash hash(BodyHash.Kind kind) {
        var hash = hashes.get(kind);
        if (hash == null) {
            throw new IllegalArgumentException("not asked for: " + kind);
        }
        return hash;
    }
}
