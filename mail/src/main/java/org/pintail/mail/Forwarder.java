package org.pintail.mail;

import java.util.List;
import org.pintail.mime.Source;

/// Puts a copy of a received message on its way to targets; durable on return. Refuses NOT_ALLOWED for a message that loops, TEMPORARY.
/// The queue of `mta` is one.
public interface Forwarder {
    void forward(Source message, String sender, String recipient, List<String> targets);
}
