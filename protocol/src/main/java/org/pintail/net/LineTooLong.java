package org.pintail.net;

import java.io.IOException;

/// A line exceeded its limit; it was read to its end, so the next line can be read.
public final class LineTooLong extends IOException {
    private static final long serialVersionUID = 1L;

    public LineTooLong(int limit) {
        super("line longer than " + limit + " bytes");
    }
}
