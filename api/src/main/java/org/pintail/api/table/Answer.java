package org.pintail.api.table;

import java.io.IOException;
import java.io.OutputStream;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// What an operation answers.
public sealed interface Answer {
    /// A JSON object; values as [Json] writes them.
    record Json(int status, Map<String, @Nullable Object> body) implements Answer {}

    /// Bytes that are written as they come. `size` -1: not known.
    record Content(int status, Map<String, String> headers, long size, Writer writer) implements Answer {
        public Content {
            headers = Map.copyOf(headers);
        }
    }

    /// Writes a body; may block as long as the client reads.
    interface Writer {
        void writeTo(OutputStream out) throws IOException;
    }
}
