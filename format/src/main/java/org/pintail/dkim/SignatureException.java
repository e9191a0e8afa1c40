package org.pintail.dkim;

/// Why a signature cannot pass; found before or while it is checked.
public final class SignatureException extends Exception {
    private static final long serialVersionUID = 1;
    private final transient Verdict verdict;

    public SignatureException(DkimStatus status, String comment) {
        this(Verdict.of(status, comment));
    }

    SignatureException(Verdict verdict) {
        super(verdict.comment(), null, false, false);
        this.verdict = verdict;
    }

    public Verdict verdict() {
        return verdict;
    }
}
