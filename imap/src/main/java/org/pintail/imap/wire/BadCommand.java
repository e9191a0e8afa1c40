package org.pintail.imap.wire;

import org.jspecify.annotations.Nullable;

/// The client said something that is not IMAP, or not now: tagged BAD. The text tells what was expected, never what was sent.
public final class BadCommand extends RuntimeException {
    private static final long serialVersionUID = 1L;

    private final @Nullable String code;

    public BadCommand(String text) {
        this(null, text);
    }

    /// With a response code, where there is one for it.
    public BadCommand(@Nullable String code, String text) {
        super(text);
        this.code = code;
    }

    /// The response code, if there is one for it.
    public @Nullable String code() {
        return code;
    }

    public String text() {
        return String.valueOf(getMessage());
    }
}
