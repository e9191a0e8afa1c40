package org.pintail.resolver;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.Optional;
import org.xbill.DNS.Name;

/// Names as a message carries them: nothing in a label is special, not "\" and not "@" (RFC 1035 §3.1).
final class WireName {
    private static final int MAX = 253;

    private WireName() {}

    /// Empty for what no message can carry.
    static Optional<Name> of(String name) {
        var out = new ByteArrayOutputStream(name.length() + 2);
        for (var label : name.split("\\.", -1)) {
            var bytes = label.getBytes(StandardCharsets.UTF_8);
            if (bytes.length == 0 || bytes.length > 63) {
                return Optional.empty();
            }
            out.write(bytes.length);
            out.writeBytes(bytes);
        }
        out.write(0);
        if (out.size() > MAX + 2) {
            return Optional.empty();
        }
        try {
            return Optional.of(new Name(out.toByteArray()));
        } catch (IOException e) {
            return Optional.empty();
        }
    }
}
