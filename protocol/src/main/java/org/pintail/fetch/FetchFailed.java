package org.pintail.fetch;

/// Nothing usable came. The message says why, for logs and reports.
public final class FetchFailed extends RuntimeException {
    /// What kind of failure: RFC 8460 §4.3.2.2 tells a certificate of the policy host that is not right from everything else.
    public enum Kind {
        REFUSED,
        NETWORK,
        CERTIFICATE
    }

    private final Kind kind;

    FetchFailed(Kind kind, String message) {
        super(message);
        this.kind = kind;
    }

    FetchFailed(Kind kind, String message, Throwable cause) {
        super(message, cause);
        this.kind = kind;
    }

    public Kind kind() {
        return kind;
    }
}
