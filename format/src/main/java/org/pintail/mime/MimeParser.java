package org.pintail.mime;

import java.io.IOException;

/// Finds the structure of a message in one streaming pass. Any bytes in: a tree and a list of problems out, in time linear
/// in the input and with memory bounded by [MimeLimits].
public final class MimeParser {
    private MimeParser() {}

    public static ParsedMessage parse(Source message, MimeLimits limits) throws IOException {
        throw new UnsupportedOperationException();
    }

    public static ParsedMessage parse(Source message) throws IOException {
        return parse(message, MimeLimits.DEFAULT);
    }
}
