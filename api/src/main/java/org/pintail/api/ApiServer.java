package org.pintail.api;

import io.helidon.common.tls.Tls;
import io.helidon.http.HeaderName;
import io.helidon.http.HeaderNames;
import io.helidon.http.HeaderValues;
import io.helidon.webserver.CloseConnectionException;
import io.helidon.webserver.WebServer;
import io.helidon.webserver.http.FilterChain;
import io.helidon.webserver.http.HttpRouting;
import io.helidon.webserver.http.RoutingRequest;
import io.helidon.webserver.http.RoutingResponse;
import io.helidon.webserver.http.ServerRequest;
import io.helidon.webserver.http.ServerResponse;
import io.helidon.webserver.http1.Http1Config;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.Locale;
import org.jspecify.annotations.Nullable;
import org.pintail.api.table.Answer;
import org.pintail.api.table.Dispatcher;
import org.pintail.api.table.Json;
import org.pintail.mail.Mail;
import org.pintail.mta.Outbox;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Serves the HTTP API.
public final class ApiServer implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(ApiServer.class);
    private static final HeaderName TOKEN = HeaderNames.create("X-Access-Token");
    private static final HeaderName LAST_EVENT_ID = HeaderNames.create("Last-Event-ID");
    private static final String BEARER = "Bearer ";
    private static final int SKIPPED = 1 << 20;
    private final WebServer server;
    private final InetSocketAddress address;

    /// `token` null: no token is asked for. `tls` null: plain HTTP. `servers` are what profiles tell. `metrics`: serve `GET /metrics`.
    public record Settings(
            InetSocketAddress address,
            org.pintail.net.@Nullable Tls tls,
            @Nullable String token,
            MailServers servers,
            boolean metrics) {}

    private ApiServer(WebServer server, InetSocketAddress address) {
        this.server = server;
        this.address = address;
    }

    /// Throws `UncheckedIOException` when it cannot listen there.
    public static ApiServer open(Mail mail, Outbox outbox, Settings settings) {
        var tokens = new AccessTokens(mail, settings.token());
        var dispatcher = new Dispatcher(Api.table(mail, outbox, tokens, settings.servers(), settings.metrics()), tokens);
        var builder = WebServer.builder()
                .shutdownHook(false)
                .address(settings.address().getAddress())
                .port(settings.address().getPort())
                .idleConnectionTimeout(Duration.ofMinutes(5))
                // QUIRK: clients write a[]=1 in queries; RFC 3986 §3.4 has no brackets there.
                .addProtocol(Http1Config.builder().validatePrologue(false).build())
                .addRouting(HttpRouting.builder()
                        .addFilter(ApiServer::closeIfAsked)
                        .any((request, response) -> serve(dispatcher, request, response)));
        if (settings.tls() != null) {
            builder.tls(Tls.builder().sslContext(settings.tls().context()).build());
        }
        var server = builder.build();
        try {
            server.start();
        } catch (RuntimeException e) {
            server.stop();
            throw e instanceof UncheckedIOException io ? io : new UncheckedIOException(new IOException(e.getMessage(), e));
        }
        return new ApiServer(server, new InetSocketAddress(settings.address().getAddress(), server.port()));
    }

    /// Closes the connection after the last response that the client wants (RFC 9112 §9.6); the web server would wait for another request.
    private static void closeIfAsked(FilterChain chain, RoutingRequest request, RoutingResponse response) {
        boolean last = header(request, HeaderNames.CONNECTION).toLowerCase(Locale.ROOT).contains("close");
        if (last) {
            response.headers().set(HeaderValues.CONNECTION_CLOSE);
        }
        chain.proceed(); // what is streamed is complete only when this comes back
        if (last) {
            throw new CloseConnectionException("as the client asked");
        }
    }

    private static void serve(Dispatcher dispatcher, ServerRequest request, ServerResponse response) throws IOException {
        response.headers().set(HeaderNames.SERVER, "Pintail API");
        var origin = header(request, HeaderNames.ORIGIN);
        if (!origin.isEmpty()) {
            response.headers().set(HeaderNames.ACCESS_CONTROL_ALLOW_ORIGIN, origin);
            response.headers().set(HeaderNames.ACCESS_CONTROL_ALLOW_CREDENTIALS, "true");
        }
        var method = request.prologue().method().text();
        if (method.equals("OPTIONS") && !origin.isEmpty() && !header(request, HeaderNames.ACCESS_CONTROL_REQUEST_METHOD).isEmpty()) {
            response.headers().set(HeaderNames.ACCESS_CONTROL_ALLOW_HEADERS, "X-Access-Token,Authorization,Content-Type,Last-Event-ID");
            response.headers().set(HeaderNames.ACCESS_CONTROL_ALLOW_METHODS, "GET,POST,PUT,DELETE");
            response.status(204).send();
            return;
        }
        var result = dispatcher.dispatch(new Dispatcher.Request(
                method,
                request.path().rawPath(),
                request.query().rawValue(),
                token(request),
                header(request, HeaderNames.CONTENT_TYPE),
                header(request, HeaderNames.CONTENT_ENCODING),
                header(request, LAST_EVENT_ID),
                () -> request.content().hasEntity() ? request.content().inputStream() : null));
        skipBody(request);
        answer(result, response);
    }

    /// A body that nobody wanted is read over, up to a point, so that the connection can go on.
    private static void skipBody(ServerRequest request) throws IOException {
        if (!request.content().hasEntity() || request.content().consumed()) {
            return;
        }
        var in = request.content().inputStream();
        var buffer = new byte[8192];
        long left = SKIPPED;
        for (int n = in.read(buffer); n >= 0 && left > 0; n = in.read(buffer)) {
            left -= n;
        }
    }

    private static void answer(Dispatcher.Result result, ServerResponse response) throws IOException {
        switch (result.answer()) {
            case Answer.Json json -> {
                if (json.status() == 405 && json.body().get("allow") instanceof String allow) {
                    response.headers().set(HeaderNames.ALLOW, allow);
                }
                response.headers().set(HeaderNames.CONTENT_TYPE, "application/json; charset=utf-8");
                response.status(json.status()).send(Json.pretty(json.body()));
            }
            case Answer.Content content -> {
                content.headers().forEach((name, value) -> response.headers().set(HeaderNames.create(name), value));
                response.status(content.status());
                if (content.size() >= 0) {
                    response.contentLength(content.size());
                }
                try (var out = response.outputStream()) {
                    content.writer().writeTo(out);
                } catch (IOException | UncheckedIOException e) {
                    if (!result.streaming()) {
                        throw e;
                    }
                    LOG.debug("client left a stream error={}", e.toString());
                }
            }
        }
    }

    private static String header(ServerRequest request, HeaderName name) {
        return request.headers().first(name).orElse("");
    }

    private static String token(ServerRequest request) {
        var own = header(request, TOKEN);
        if (!own.isEmpty()) {
            return own;
        }
        var authorization = header(request, HeaderNames.AUTHORIZATION);
        return authorization.regionMatches(true, 0, BEARER, 0, BEARER.length())
                ? authorization.substring(BEARER.length()).strip()
                : authorization;
    }

    public InetSocketAddress address() {
        return address;
    }

    @Override
    public void close() {
        server.stop();
    }
}
