package org.pintail.imap;

/// The dialogue cannot go on: `* BYE text`, and the connection is closed.
final class Bye extends RuntimeException {
    private static final long serialVersionUID = 1L;

    Bye(String text) {
        super(text);
    }

    Bye(String text, Throwable cause) {
        super(text, cause);
    }

    String text() {
        return String.valueOf(getMessage());
    }
}
