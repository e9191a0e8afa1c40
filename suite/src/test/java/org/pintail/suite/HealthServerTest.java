package org.pintail.suite;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.pintail.backend.TestClock;
import org.pintail.backend.memory.MemoryStore;
import org.pintail.mail.Mail;
import org.pintail.mail.MailSettings;

class HealthServerTest {
    private final TestClock clock = new TestClock();
    private final MemoryStore store = new MemoryStore(clock);
    private final Mail mail = new Mail(store, MailSettings.defaults("mail.example.org"), clock);

    private static String ask(HealthServer server, String method, String path) throws IOException, InterruptedException {
        try (var client = HttpClient.newHttpClient()) {
            var uri = URI.create("http://127.0.0.1:" + server.addresses().getFirst().getPort() + path);
            var reply = client.send(HttpRequest.newBuilder(uri).method(method, HttpRequest.BodyPublishers.noBody()).build(), BodyHandlers.ofString());
            return (reply.statusCode() + " " + reply.body()).strip();
        }
    }

    @Test
    void readyMeansThatItCanDeliver() throws IOException, InterruptedException {
        try (var server = HealthServer.open(List.of(new InetSocketAddress(InetAddress.getByName("127.0.0.1"), 0)), mail.health())) {
            assertThat(ask(server, "GET", "/else")).startsWith("404");
            assertThat(ask(server, "POST", "/health/ready")).startsWith("405");
            assertThat(ask(server, "HEAD", "/health/ready")).isEqualTo("200");
            assertThat(ask(server, "GET", "/health/ready")).isEqualTo("200 ready");
            store.close();
            assertThat(ask(server, "GET", "/health/ready")).as("the store is not tried more than once a second").isEqualTo("200 ready");
            clock.advance(Duration.ofSeconds(2));
            assertThat(ask(server, "GET", "/health/ready")).isEqualTo("503 Could not write to DB");
            assertThat(ask(server, "GET", "/health/live")).isEqualTo("200 live");
            mail.health().leave();
            assertThat(ask(server, "GET", "/health/ready")).isEqualTo("503 This node is going down");
        }
    }
}
