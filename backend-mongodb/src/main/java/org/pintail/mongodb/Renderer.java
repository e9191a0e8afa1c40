package org.pintail.mongodb;

import org.pintail.backend.Bytes;
import org.pintail.backend.Document;
import org.pintail.mime.Source;

/// Makes of a message what [org.pintail.backend.MessageContent] keeps: needed where somebody else wrote the message.
@FunctionalInterface
public interface Renderer {
    /// As [org.pintail.backend.NewMessage] has them.
    record Rendered(Bytes envelope, Bytes bodyStructure, Bytes partMap, Document details) {}

    /// `stored` is the document of the message without its tree (`idate`, `meta`, `msgid` …).
    Rendered render(Source message, Document stored);
}
