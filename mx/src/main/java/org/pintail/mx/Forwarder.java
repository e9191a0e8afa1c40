package org.pintail.mx;

import java.util.List;
import org.pintail.mime.Source;

/// Puts a copy of a received message on its way to the targets of a forwarded address; durable on return. The queue of `mta` is one.
public interface Forwarder {
    void forward(Source message, String sender, String recipient, List<String> targets);
}
