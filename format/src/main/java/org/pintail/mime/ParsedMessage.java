package org.pintail.mime;

import java.util.List;

/// What one pass over a message found. `digest` is the SHA-256 of all its bytes (32 bytes, by [#digest()] as hex).
public record ParsedMessage(MimePart root, long size, String sha256Hex, List<String> problems) {
    public ParsedMessage {
        problems = List.copyOf(problems);
    }
}
