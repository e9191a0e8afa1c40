package org.pintail.net;

import java.io.IOException;

/// What came is no DEFLATE, or expands more than a client has reason to. The connection cannot go on.
public final class CompressionFailure extends IOException {
    private static final long serialVersionUID = 1L;

    CompressionFailure(String text) {
        super(text);
    }
}
