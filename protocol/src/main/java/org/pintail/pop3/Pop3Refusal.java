package org.pintail.pop3;

/// `-ERR` with this text; `closes`: the connection ends after it.
final class Pop3Refusal extends RuntimeException {
    private static final long serialVersionUID = 1L;
    private final boolean closes;

    Pop3Refusal(String text) {
        this(text, false);
    }

    Pop3Refusal(String text, boolean closes) {
        super(text);
        this.closes = closes;
    }

    boolean closes() {
        return closes;
    }

    String text() {
        return String.valueOf(getMessage());
    }
}
