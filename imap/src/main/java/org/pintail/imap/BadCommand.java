package org.pintail.imap;

import org.jspecify.annotations.Nullable;

/// The client said something that is not IMAP, or not now: tagged BAD. The text tells what was expected, never what was sent.
final class BadCommand extends RuntimeException {
    private static final long serialVersionUID = 1L;

    private final @Nullable String code;

    BadCommand(String text) {
        this(null, text);
    }

    BadCommand(@Nullable String code, String text) {
        super(text);
        this.code = code;
    }

    /// The response code, if there is one for it.
    @Nullable String code() {
        return code;
    }

    String text() {
        return String.valueOf(getMessage());
    }
}
