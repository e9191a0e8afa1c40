package org.pintail.sasl;

import java.io.IOException;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/// JSON objects over HTTP, bounded in time and size.
final class JsonFetch {
    static final Duration TIMEOUT = Duration.ofSeconds(10);
    private static final int MOST = 1 << 20;
    static final JsonMapper JSON = JsonMapper.builder().build();

    private JsonFetch() {}

    /// Throws `IOException` for anything but status 200 and an object.
    static JsonNode object(HttpClient http, HttpRequest request) throws IOException {
        try {
            var response = http.send(request, HttpResponse.BodyHandlers.ofInputStream());
            try (var body = response.body()) {
                if (response.statusCode() != 200) {
                    throw new IOException(request.uri() + " answered " + response.statusCode());
                }
                var bytes = body.readNBytes(MOST + 1);
                if (bytes.length > MOST) {
                    throw new IOException(request.uri() + " answered more than " + MOST + " bytes");
                }
                var node = JSON.readTree(bytes);
                if (!node.isObject()) {
                    throw new IOException(request.uri() + " did not answer with a JSON object");
                }
                return node;
            }
        } catch (JacksonException e) {
            throw new IOException(request.uri() + " did not answer with JSON", e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IOException("interrupted", e);
        }
    }
}
