package org.pintail.mail;

/// What was asked is refused, and the text may be told to whoever asked. `code` is a word of ours that every protocol maps to its own.
public final class Refusal extends RuntimeException {
    private static final long serialVersionUID = 1L;
    private final Code code;

    /// Why, in the terms that protocols translate.
    public enum Code {
        NO_SUCH_USER,
        USER_EXISTS,
        ADDRESS_EXISTS,
        NO_SUCH_ADDRESS,
        NO_SUCH_MAILBOX,
        MAILBOX_EXISTS,
        MAILBOX_NOT_ALLOWED,
        SPECIAL_USE_TAKEN,
        NO_SUCH_MESSAGE,
        OVER_QUOTA,
        TOO_BIG,
        DISABLED,
        RATE_LIMITED,
        BAD_HASH,
        NOT_ALLOWED,
        INVALID,
        TEMPORARY
    }

    public Refusal(Code code, String text) {
        super(text);
        this.code = code;
    }

    public Refusal(Code code, String text, Throwable cause) {
        super(text, cause);
        this.code = code;
    }

    public Code code() {
        return code;
    }

    public boolean isTemporary() {
        return code == Code.TEMPORARY || code == Code.RATE_LIMITED;
    }

    public String text() {
        return String.valueOf(getMessage());
    }
}
