package org.pintail.spf;

/// The record is not what RFC 7208 §12 allows; the check ends in permerror.
final class SpfSyntaxException extends RuntimeException {
    private static final long serialVersionUID = 1;

    SpfSyntaxException(String message) {
        super(message, null, false, false);
    }
}
