package org.pintail.fetch;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.net.InetAddress;
import java.net.URI;
import java.net.UnknownHostException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.pintail.certificate.TestCertificates;
import org.pintail.certificate.TestCertificates.Identity;
import org.pintail.dns.FakeDns;
import org.pintail.testkit.CannedHttps;

class HttpsClientTest {
    private static final HttpsClient.Limits LIMITS = new HttpsClient.Limits(1000, Duration.ofSeconds(5));
    private final Identity root = TestCertificates.authority("root", null);
    private final FakeDns dns = new FakeDns()
            .address("web.example.org", "127.0.0.1")
            .address("inside.example.org", "10.0.0.1", "169.254.169.254", "fd00::1")
            .fails("slow.example.org");

    private HttpsClient client(int port) {
        return new HttpsClient(
                dns, new HttpsClient.Settings(TestCertificates.trusting(root.certificate()), InetAddress::isLoopbackAddress, port, Duration.ofSeconds(2)));
    }

    private HttpsClient.Response get(CannedHttps server, HttpsClient.Limits limits) {
        return client(server.port()).send(HttpsClient.Request.get(URI.create("https://web.example.org/a?b=c"), Map.of("X-Field", "y")), limits);
    }

    private CannedHttps server(String... answers) throws IOException {
        return new CannedHttps(TestCertificates.server(root, "web.example.org").server(), answers);
    }

    @Test
    void answersThatBreakTheRulesFail() throws IOException {
        for (var bad : new String[][] {
            {"", "too early"},
            {"SSH-2.0-x\r\n", "expected an HTTP/1.1 answer"},
            {"HTTP/2 200\r\n\r\n", "expected an HTTP/1.1 answer"},
            {"HTTP/1.1 2x0 OK\r\n\r\n", "expected an HTTP/1.1 answer"},
            {"HTTP/1.1 200 OK\r\nno field\r\n\r\n", "header field"},
            {"HTTP/1.1 200 OK\r\n" + "X: y\r\n".repeat(101) + "\r\n", "more than 100"},
            {"HTTP/1.1 200 OK\r\nX: " + "y".repeat(9000) + "\r\n\r\n", "longer than 8192"},
            {"HTTP/1.1 200 OK\r\nContent-Length: 10\r\n\r\nshort", "ends too early"},
            {"HTTP/1.1 200 OK\r\nContent-Length: -1\r\n\r\n", "expected a length"},
            {"HTTP/1.1 200 OK\r\nContent-Length: 1001\r\n\r\n", "larger than 1000"},
            {"HTTP/1.1 200 OK\r\n\r\n" + "x".repeat(1001), "larger than 1000"},
            {"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\nffffff\r\n", "larger than 1000"},
            {"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n" + ("100\r\n" + "x".repeat(256) + "\r\n").repeat(5), "larger than 1000"},
            {"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\nzz\r\n", "expected a length"},
            {"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n2\r\nabc\r\n0\r\n\r\n", "longer than it says"},
            {"HTTP/1.1 200 OK\r\nTransfer-Encoding: gzip\r\n\r\n", "transfer encoding"},
            {"HTTP/1.1 200 OK\r\nContent-Encoding: gzip\r\n\r\n", "not asked for"},
            {"HTTP/1.1 100 Continue\r\n\r\n".repeat(9), "informational"},
        }) {
            try (var server = server(bad[0])) {
                assertThatThrownBy(() -> get(server, LIMITS)).as(bad[0]).isInstanceOf(FetchFailed.class).hasMessageContaining(bad[1]);
            }
        }
    }

    @Test
    void silenceEndsInTime() throws IOException {
        try (var server = server("(silence)")) {
            assertThatThrownBy(() -> get(server, new HttpsClient.Limits(1000, Duration.ofMillis(300))))
                    .isInstanceOf(FetchFailed.class)
                    .hasMessageContaining("took longer");
        }
    }

    @Test
    void placesInsideAreNotVisited() {
        for (var url : List.of(
                "http://web.example.org/",
                "ftp://web.example.org/",
                "https://127.0.0.1/",
                "https://[::1]/",
                "https://2130706433/",
                "https://localhost/",
                "https://user@web.example.org/",
                "https:opaque",
                "https://inside.example.org/")) {
            assertThatThrownBy(() -> client(1).send(HttpsClient.Request.get(URI.create(url), Map.of()), LIMITS))
                    .as(url)
                    .isInstanceOfSatisfying(FetchFailed.class, e -> assertThat(e.kind()).isIn(FetchFailed.Kind.REFUSED));
        }
        assertThatThrownBy(() -> client(1).send(HttpsClient.Request.get(URI.create("https://slow.example.org/"), Map.of()), LIMITS))
                .isInstanceOfSatisfying(FetchFailed.class, e -> assertThat(e.kind()).isEqualTo(FetchFailed.Kind.NETWORK));
    }

    @Test
    void theCertificateMustBeTrustedAndForTheHost() throws IOException {
        for (var identity : List.of(
                TestCertificates.server(root, "other.example.org"),
                TestCertificates.expired(root, "web.example.org"),
                TestCertificates.server(null, "web.example.org"))) {
            try (var server = new CannedHttps(identity.server(), CannedHttps.ok("text/plain", "x"))) {
                assertThatThrownBy(() -> get(server, LIMITS))
                        .isInstanceOfSatisfying(FetchFailed.class, e -> assertThat(e.kind()).isEqualTo(FetchFailed.Kind.CERTIFICATE));
            }
        }
    }

    @Test
    void bodiesComeInThreeWays() throws IOException {
        try (var server = server(
                CannedHttps.ok("Text/Plain; charset=utf-8", "hello"),
                "HTTP/1.1 103 Early Hints\r\nLink: x\r\n\r\nHTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n2;x=y\r\nhe\r\n3\r\nllo\r\n0\r\n\r\n",
                "HTTP/1.0 200\r\n\r\nhello")) {
            for (int i = 0; i < 3; i++) {
                var response = get(server, LIMITS);
                assertThat(response.status()).isEqualTo(200);
                assertThat(new String(response.body().unsafeArray(), StandardCharsets.US_ASCII)).isEqualTo("hello");
                assertThat(response.mediaType()).isEqualTo(i == 0 ? "text/plain" : "");
            }
            assertThat(server.requests().getFirst()).startsWith("GET /a?b=c HTTP/1.1\r\nHost: web.example.org\r\nConnection: close\r\n").contains("\r\nX-Field: y\r\n");
        }
    }

    @Test
    void aRedirectIsAnAnswerLikeAnyOther() throws IOException {
        try (var server = server("HTTP/1.1 302 Found\r\nLocation: https://127.0.0.1/\r\nContent-Length: 0\r\n\r\n")) {
            assertThat(get(server, LIMITS).status()).isEqualTo(302);
            assertThat(server.requests()).hasSize(1);
        }
    }

    @Test
    void onlyAddressesOfTheInternetArePublic() throws UnknownHostException {
        for (var inside : List.of(
                "0.0.0.0", "10.1.2.3", "100.64.0.1", "127.0.0.1", "169.254.169.254", "172.16.0.1", "192.0.0.8", "192.0.2.1", "192.168.0.1", "198.18.0.1",
                "198.51.100.1", "203.0.113.1", "224.0.0.1", "240.0.0.1", "255.255.255.255", "::", "::1", "::ffff:127.0.0.1", "::127.0.0.1", "fe80::1",
                "fec0::1", "fc00::1", "fd12::1", "ff02::1", "64:ff9b::7f00:1", "2002:7f00:1::", "2001::1", "2001:db8::1", "3fff::1", "4000::1")) {
            assertThat(PublicAddress.is(InetAddress.getByName(inside))).as(inside).isFalse();
        }
        for (var outside : List.of("1.1.1.1", "100.63.0.1", "172.32.0.1", "192.0.1.1", "198.20.0.1", "223.255.255.255", "2606:4700::1", "2a00::1", "2001:4860::1")) {
            assertThat(PublicAddress.is(InetAddress.getByName(outside))).as(outside).isTrue();
        }
    }
}
