package org.pintail.mime;

/// ENVELOPE, BODY and BODYSTRUCTURE as the bytes an IMAP server sends (RFC 9051 §7.5.2, RFC 3501 §7.4.2).
public final class ImapStructure {
    private ImapStructure() {}

    /// `("date" "subject" from sender reply-to to cc bcc "in-reply-to" "message-id")`. Header text goes out as it stands in the
    /// message (encoded words kept, unfolded); 8-bit text becomes encoded words unless `utf8`.
    public static byte[] envelope(MimePart message, boolean utf8) {
        throw new UnsupportedOperationException();
    }

    /// BODYSTRUCTURE with extension data.
    public static byte[] bodyStructure(MimePart root) {
        throw new UnsupportedOperationException();
    }

    /// BODY: the same without extension data.
    public static byte[] body(MimePart root) {
        throw new UnsupportedOperationException();
    }
}
