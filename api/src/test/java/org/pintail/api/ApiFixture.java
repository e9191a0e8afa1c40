package org.pintail.api;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpHeaders;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.logging.Level;
import java.util.logging.Logger;
import org.jspecify.annotations.Nullable;
import org.pintail.api.table.Json;
import org.pintail.backend.TestClock;
import org.pintail.backend.memory.MemoryStore;
import org.pintail.mail.Mail;
import org.pintail.mail.MailSettings;
import org.pintail.mta.MtaSettings;
import org.pintail.mta.Outbox;

/// The API over the memory engine on a free port, and a client that shows the token of the installation unless told otherwise.
/// The clock stands at 2026-03-01 12:00 until it is moved.
final class ApiFixture implements AutoCloseable {
    static final String TOKEN = "0123456789abcdef0123456789abcdef01234567";
    /// Held, so that its level stays: the web server tells when it starts and stops.
    private static final Logger WEB_SERVER = Logger.getLogger("io.helidon");

    private final TestClock clock = new TestClock();
    private final MemoryStore store = new MemoryStore(clock);
    private final Mail mail = new Mail(store, MailSettings.defaults("mail.example.org"), clock);
    private final Outbox outbox;
    private final ApiServer server;
    private final HttpClient http = HttpClient.newHttpClient();

    /// What came back.
    record Reply(int status, HttpHeaders headers, String text) {
        /// The value at a path of names and indexes: `results.0.id`; null where there is none.
        @Nullable Object at(String path) {
            Object here = Json.parse(text.getBytes(StandardCharsets.UTF_8));
            for (var step : path.split("\\.", -1)) {
                here = switch (here) {
                    case Map<?, ?> map -> map.get(step);
                    case List<?> list when Integer.parseInt(step) < list.size() -> list.get(Integer.parseInt(step));
                    case null, default -> null;
                };
            }
            return here;
        }

        String string(String path) {
            var value = at(path);
            assertThat(value).as("%s in %s", path, text).isInstanceOf(String.class);
            return String.valueOf(value);
        }

        Reply ok() {
            assertThat(status).as(text).isEqualTo(200);
            return this;
        }

        /// Refused as the catalogue has it.
        Reply refused(int wanted, String code) {
            assertThat(List.of(status, String.valueOf(at("code")))).as(text).isEqualTo(List.of(wanted, code));
            return this;
        }
    }

    /// `token` null: nobody is asked for one.
    ApiFixture(@Nullable String token) {
        WEB_SERVER.setLevel(Level.WARNING);
        var settings = new MtaSettings("mail.example.org", "127.0.0.1:1", List.of(Duration.ofMinutes(5)), 4, 4, 64L << 20, 5, 25);
        outbox = new Outbox(mail, settings);
        var servers = new MailServers(
                new MailServers.Endpoint("imap.example.org", 993),
                new MailServers.Endpoint("pop.example.org", 995),
                new MailServers.Endpoint("smtp.example.org", 465));
        var anyPort = new InetSocketAddress(InetAddress.getLoopbackAddress(), 0);
        server = ApiServer.open(mail, outbox, new ApiServer.Settings(anyPort, null, token, servers, true));
    }

    ApiFixture() {
        this(TOKEN);
    }

    Mail mail() {
        return mail;
    }

    Outbox outbox() {
        return outbox;
    }

    TestClock clock() {
        return clock;
    }

    InetSocketAddress address() {
        return server.address();
    }

    Reply get(String path) {
        return call("GET", path, TOKEN, "", new byte[0]);
    }

    Reply delete(String path) {
        return call("DELETE", path, TOKEN, "", new byte[0]);
    }

    Reply post(String path, Map<String, ?> body) {
        return as(TOKEN, "POST", path, body);
    }

    Reply put(String path, Map<String, ?> body) {
        return as(TOKEN, "PUT", path, body);
    }

    Reply as(String token, String method, String path, Map<String, ?> body) {
        return call(method, path, token, "application/json", Json.compact(body).getBytes(StandardCharsets.UTF_8));
    }

    Reply call(String method, String path, String token, String type, byte[] body, String... headers) {
        var request = request(path, token).method(method, body.length == 0 ? BodyPublishers.noBody() : BodyPublishers.ofByteArray(body));
        if (!type.isEmpty()) {
            request.header("Content-Type", type);
        }
        if (headers.length > 0) {
            request.headers(headers);
        }
        try {
            HttpResponse<String> response = http.send(request.build(), BodyHandlers.ofString(StandardCharsets.UTF_8));
            return new Reply(response.statusCode(), response.headers(), response.body());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(e);
        }
    }

    /// An answer that is read while it comes.
    InputStream stream(String path, String... headers) throws IOException, InterruptedException {
        var request = request(path, TOKEN);
        if (headers.length > 0) {
            request.headers(headers);
        }
        return http.send(request.build(), BodyHandlers.ofInputStream()).body();
    }

    private HttpRequest.Builder request(String path, String token) {
        var to = server.address();
        var request = HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + to.getPort() + path)).timeout(Duration.ofSeconds(20));
        return token.isEmpty() ? request : request.header("X-Access-Token", token);
    }

    /// Creates an account with the password `secret-word` and the address NAME@example.org; its id.
    String user(String name) {
        return post("/users", Map.of("username", name, "password", "secret-word", "address", name + "@example.org")).ok().string("id");
    }

    /// The id of a mailbox.
    String mailbox(String user, String path) {
        return get("/users/" + user + "/mailboxes/resolve?path=" + path).ok().string("id");
    }

    /// Puts a message into a mailbox; the path of it.
    String message(String user, String mailbox, String raw) {
        var path = "/users/" + user + "/mailboxes/" + mailbox + "/messages";
        var reply = call("POST", path, TOKEN, "message/rfc822", raw.getBytes(StandardCharsets.ISO_8859_1)).ok();
        return path + "/" + reply.at("message.id");
    }

    /// A token of an account of [#user].
    String token(String name) {
        return post("/authenticate", Map.of("username", name, "password", "secret-word", "token", true)).ok().string("token");
    }

    @Override
    public void close() {
        http.close();
        server.close();
        store.close();
    }
}
