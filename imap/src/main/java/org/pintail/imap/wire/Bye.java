package org.pintail.imap.wire;

/// The dialogue cannot go on: `* BYE text`, and the connection is closed.
public final class Bye extends RuntimeException {
    private static final long serialVersionUID = 1L;

    public Bye(String text) {
        super(text);
    }

    /// Of something that is to be logged.
    public Bye(String text, Throwable cause) {
        super(text, cause);
    }

    public String text() {
        return String.valueOf(getMessage());
    }
}
