package org.pintail.imap;

import java.io.IOException;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.pintail.backend.Bytes;
import org.pintail.imap.wire.No;
import org.pintail.imap.wire.Responses;

/// Writes `* METADATA name (entry value …)`, RFC 5464 §4.4.1. Values with a NUL are literal8.
final class MetadataAnswer {
    private MetadataAnswer() {}

    /// LIST … RETURN (METADATA (…)), RFC 9590: NIL for what is not there. Nothing for a mailbox whose entries are not to be read.
    static void write(Authenticated session, Access access, List<String> names, Responses out) throws IOException {
        Map<String, Bytes> entries;
        try {
            entries = Metadata.of(session, access).entries();
        } catch (No denied) {
            return; // it is listed, and that is all this session may know
        }
        var values = new LinkedHashMap<String, @Nullable Bytes>();
        names.forEach(name -> values.put(name, entries.get(name)));
        out.ascii("* METADATA ").mailbox(access.path()).sp();
        write(values, out);
    }

    static void write(Map<String, @Nullable Bytes> values, Responses out) throws IOException {
        out.put('(');
        boolean first = true;
        for (var e : values.entrySet()) {
            if (!first) {
                out.sp();
            }
            first = false;
            out.ascii(e.getKey()).sp();
            var value = e.getValue();
            if (value == null) {
                out.ascii("NIL");
            } else {
                value(value.unsafeArray(), out);
            }
        }
        out.put(')').crlf();
    }

    private static void value(byte[] value, Responses out) throws IOException {
        for (byte b : value) {
            if (b == 0) {
                out.put('~');
                break;
            }
        }
        out.string(value);
    }
}
