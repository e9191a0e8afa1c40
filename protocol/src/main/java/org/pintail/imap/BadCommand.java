package org.pintail.imap;

/// The client said something that is not IMAP, or not now: tagged BAD. The text tells what was expected, never what was sent.
final class BadCommand extends RuntimeException {
    private static final long serialVersionUID = 1L;

    BadCommand(String text) {
        super(text);
    }

    String text() {
        return String.valueOf(getMessage());
    }
}
