package org.pintail.mime;

import java.io.IOException;
import java.util.List;

/// What a reader sees of a message: decoded text, HTML, a short introduction, and the list of its attachments,
/// by the rules of the data model (§5.2).
///
/// @param text plain text, LF line ends, trimmed, at most 102400 characters
/// @param html HTML parts in order, at most 655360 bytes together; `cid:` links rewritten to `attachment:ATT00001`
/// @param intro at most 128 characters, whitespace collapsed
public record MessageText(String text, List<String> html, String intro, List<Attachment> attachments) {
    public MessageText {
        html = List.copyOf(html);
        attachments = List.copyOf(attachments);
    }

    /// A part that is not shown inline. `id` is `ATT00001`…, `part` its IMAP number. `disposition` is "" when absent, `cid` "" or `<…>`.
    /// `size` counts encoded bytes; `sizeKb` estimates decoded size in KiB, rounded up.
    public record Attachment(
            String id,
            String part,
            String filename,
            String contentType,
            String disposition,
            String transferEncoding,
            String cid,
            boolean related,
            long size,
            long sizeKb) {}

    /// Reads the text parts of `message` (charset decoding, RFC 2045 encodings, format=flowed, HTML to text).
    public static MessageText of(Source message, MimePart root) throws IOException {
        return new TextReader(message).read(root);
    }
}
