package org.pintail.imap.wire;

import org.jspecify.annotations.Nullable;
import org.pintail.mail.Refusal;

/// The command is refused: tagged NO, with a response code (RFC 5530 and others) where one fits.
public final class No extends RuntimeException {
    private static final long serialVersionUID = 1L;
    private final @Nullable String code;

    /// `code`: what stands in brackets, with its arguments; null for none.
    public No(@Nullable String code, String text) {
        super(text);
        this.code = code;
    }

    public No(String text) {
        this(null, text);
    }

    /// What a [Refusal] is called in IMAP.
    public static No of(Refusal refusal) {
        return new No(codeOf(refusal.code()), refusal.text());
    }

    private static @Nullable String codeOf(Refusal.Code code) {
        return switch (code) {
            case NO_SUCH_MAILBOX, NO_SUCH_MESSAGE -> "NONEXISTENT";
            case MAILBOX_EXISTS -> "ALREADYEXISTS";
            case MAILBOX_NOT_ALLOWED, NOT_ALLOWED, INVALID, SPECIAL_USE_TAKEN -> "CANNOT";
            case OVER_QUOTA -> "OVERQUOTA";
            case TOO_BIG -> "TOOBIG";
            case TEMPORARY, RATE_LIMITED -> "TEMPFAIL";
            case NO_SUCH_USER, USER_EXISTS, ADDRESS_EXISTS, NO_SUCH_ADDRESS, DISABLED, BAD_HASH -> null;
        };
    }

    public @Nullable String code() {
        return code;
    }

    public String text() {
        return String.valueOf(getMessage());
    }
}
