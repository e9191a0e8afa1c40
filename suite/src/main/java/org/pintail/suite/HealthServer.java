package org.pintail.suite;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import org.pintail.mail.Health;

/// Answers a load balancer: `GET /health/live` as long as the process runs, `GET /health/ready` when it can deliver and is to be sent
/// clients. For nodes that serve no API, and for those whose API should not be reachable from where the balancer is.
final class HealthServer implements AutoCloseable {
    private static final int BACKLOG = 50;
    private final List<HttpServer> servers = new ArrayList<>();
    private final ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();

    static HealthServer open(List<InetSocketAddress> addresses, Health health) throws IOException {
        var opened = new HealthServer();
        try {
            for (var address : addresses) {
                var server = HttpServer.create(address, BACKLOG);
                opened.servers.add(server);
                server.setExecutor(opened.threads);
                server.createContext("/", exchange -> answer(exchange, health));
                server.start();
            }
            return opened;
        } catch (IOException e) {
            opened.close();
            throw e;
        }
    }

    private static void answer(HttpExchange exchange, Health health) throws IOException {
        try (exchange) {
            var path = exchange.getRequestURI().getPath();
            boolean get = exchange.getRequestMethod().equals("GET") || exchange.getRequestMethod().equals("HEAD");
            if (!get) {
                send(exchange, 405, "GET only");
            } else if (path.equals("/health/live")) {
                send(exchange, 200, "live");
            } else if (path.equals("/health/ready")) {
                var problem = health.problem();
                send(exchange, problem.isEmpty() ? 200 : 503, problem.isEmpty() ? "ready" : problem);
            } else {
                send(exchange, 404, "expected /health/live or /health/ready");
            }
        }
    }

    private static void send(HttpExchange exchange, int status, String text) throws IOException {
        var body = (text + "\n").getBytes(StandardCharsets.UTF_8);
        exchange.getResponseHeaders().set("Content-Type", "text/plain; charset=utf-8");
        if (exchange.getRequestMethod().equals("HEAD")) {
            exchange.sendResponseHeaders(status, -1);
            return;
        }
        exchange.sendResponseHeaders(status, body.length);
        exchange.getResponseBody().write(body);
    }

    List<InetSocketAddress> addresses() {
        return servers.stream().map(HttpServer::getAddress).toList();
    }

    @Override
    public void close() {
        servers.forEach(s -> s.stop(0));
        threads.close();
    }
}
