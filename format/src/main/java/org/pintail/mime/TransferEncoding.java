package org.pintail.mime;

import java.io.InputStream;

/// Content-Transfer-Encoding, RFC 2045 §6: base64 and quoted-printable, both ways, tolerant when reading.
public final class TransferEncoding {
    private TransferEncoding() {}

    /// The decoded bytes of `in`, streaming; for identity encodings and unknown ones `in` itself.
    public static InputStream decode(InputStream in, String encoding) {
        throw new UnsupportedOperationException();
    }
}
