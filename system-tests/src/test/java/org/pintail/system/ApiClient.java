package org.pintail.system;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse.BodyHandlers;
import java.util.Map;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/// Calls the HTTP API of a [ServerProcess].
final class ApiClient implements AutoCloseable {
    private static final JsonMapper JSON = JsonMapper.builder().build();
    private final HttpClient client = HttpClient.newHttpClient();
    private final String base;

    public ApiClient(InetSocketAddress server) {
        base = "http://" + server.getHostString() + ":" + server.getPort();
    }

    /// Status and body.
    public record Reply(int status, byte[] body) {
        public JsonNode json() {
            return JSON.readTree(body);
        }
    }

    public Reply get(String path) throws IOException {
        return send("GET", path, null, "");
    }

    public Reply post(String path, Map<String, ?> body) throws IOException {
        return send("POST", path, JSON.writeValueAsBytes(body), "application/json");
    }

    public Reply put(String path, Map<String, ?> body) throws IOException {
        return send("PUT", path, JSON.writeValueAsBytes(body), "application/json");
    }

    public Reply upload(String path, byte[] message) throws IOException {
        return send("POST", path, message, "message/rfc822");
    }

    public Reply delete(String path) throws IOException {
        return send("DELETE", path, null, "");
    }

    private Reply send(String method, String path, byte @org.jspecify.annotations.Nullable [] body, String type) throws IOException {
        var request = HttpRequest.newBuilder(URI.create(base + path))
                .header("X-Access-Token", ServerProcess.TOKEN)
                .method(method, body == null ? BodyPublishers.noBody() : BodyPublishers.ofByteArray(body));
        if (!type.isEmpty()) {
            request.header("Content-Type", type);
        }
        try {
            var response = client.send(request.build(), BodyHandlers.ofByteArray());
            return new Reply(response.statusCode(), response.body());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IOException("interrupted", e);
        }
    }

    /// Creates an account with that name as its address; returns its id.
    public String createUser(String username, String password, String address) throws IOException {
        var reply = post("/users", Map.of("username", username, "password", password, "address", address));
        if (reply.status() != 200) {
            throw new IOException("no account: " + new String(reply.body(), java.nio.charset.StandardCharsets.UTF_8));
        }
        return reply.json().get("id").asString();
    }

    /// The id of a mailbox by its path.
    public String mailbox(String user, String path) throws IOException {
        for (var box : get("/users/" + user + "/mailboxes").json().get("results")) {
            if (box.get("path").asString().equals(path)) {
                return box.get("id").asString();
            }
        }
        throw new IOException("no mailbox " + path);
    }

    @Override
    public void close() {
        client.close();
    }
}
