package org.pintail.mail;

import java.io.IOException;
import org.pintail.backend.Bytes;
import org.pintail.header.Headers;
import org.pintail.mime.Cut;
import org.pintail.mime.ImapStructure;
import org.pintail.mime.MessageText;
import org.pintail.mime.MimeParser;
import org.pintail.mime.PartMap;
import org.pintail.mime.Source;

/// A message parsed, cut and rendered once, however many mailboxes it goes to.
record PreparedMessage(
        long size,
        Cut cut,
        MessageText text,
        MessageDetails details,
        Bytes envelope,
        Bytes bodyStructure,
        Bytes partMap)
        implements Mailstore.Prepared {
    static PreparedMessage of(Source message, String hostname) throws IOException {
        var root = MimeParser.parse(message).root();
        var text = MessageText.of(message, root);
        var cut = Cut.of(message, root);
        return new PreparedMessage(
                message.size(),
                cut,
                text,
                MessageDetails.of(message, cut, text, hostname),
                Bytes.wrap(ImapStructure.envelope(root, false)),
                Bytes.wrap(ImapStructure.bodyStructure(root)),
                Bytes.wrap(PartMap.encode(root)));
    }

    @Override
    public String header(String name) {
        return headers().decoded(name).orElse("");
    }

    @Override
    public Headers headers() {
        return cut.root().headers();
    }

    @Override
    public String plainText() {
        return details.shared().string("text", "");
    }

    @Override
    public boolean hasAttachments() {
        return details.attachments();
    }

    /// The part map of the message with `head` bytes in front.
    Bytes partMapAfter(int head) {
        return head == 0 ? partMap : Bytes.wrap(PartMap.encode(PartMap.decode(partMap.unsafeArray(), head)));
    }
}
