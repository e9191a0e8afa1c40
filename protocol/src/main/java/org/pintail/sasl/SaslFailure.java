package org.pintail.sasl;

/// An exchange that does not come to a decision: the client cancelled it, asked for a mechanism there is not, or said what is no message of
/// that mechanism. Each protocol has its own reply for each kind; none repeats what the client sent.
public final class SaslFailure extends RuntimeException {
    private static final long serialVersionUID = 1L;

    /// Why.
    public enum Kind {
        UNKNOWN_MECHANISM,
        CANCELLED,
        MALFORMED
    }

    private final Kind kind;

    SaslFailure(Kind kind, String text) {
        super(text);
        this.kind = kind;
    }

    static SaslFailure malformed(String expected) {
        return new SaslFailure(Kind.MALFORMED, expected);
    }

    public Kind kind() {
        return kind;
    }
}
