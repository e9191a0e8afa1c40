package org.pintail.fetch;

import java.io.BufferedInputStream;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.cert.CertificateException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.function.Predicate;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLException;
import javax.net.ssl.SSLSocket;
import javax.net.ssl.TrustManager;
import javax.net.ssl.X509TrustManager;
import org.jspecify.annotations.Nullable;
import org.pintail.backend.Bytes;
import org.pintail.dns.Dns;
import org.pintail.dns.DnsType;

/// One request, one answer, one connection (RFC 9112 with `Connection: close`). The name is looked up here, so that the address that was
/// judged is the address that is connected to. Blocking.
public final class HttpsClient {
    private static final int MAX_ADDRESSES = 4;
    private final Dns dns;
    private final Settings settings;

    /// @param authorities who signs certificates of servers
    /// @param allowed addresses that may be connected to; [PublicAddress#is] but for tests
    /// @param port of `https` URLs that name none: 443 but for tests
    /// @param connect time for one connection to come up
    public record Settings(X509TrustManager authorities, Predicate<InetAddress> allowed, int port, Duration connect) {
        public static Settings of(X509TrustManager authorities) {
            return new Settings(authorities, PublicAddress::is, 443, Duration.ofSeconds(5));
        }
    }

    /// `maxBytes` bounds the body of the answer, `time` everything from look-up to last byte.
    public record Limits(int maxBytes, Duration time) {}

    /// `fields` beside Host, Connection and Content-Length.
    public record Request(String method, URI uri, Map<String, String> fields, Bytes body) {
        public Request {
            fields = Map.copyOf(fields);
        }

        public static Request get(URI uri, Map<String, String> fields) {
            return new Request("GET", uri, fields, Bytes.EMPTY);
        }
    }

    /// `fields`: names in lower case, the first of each. A redirect is an answer like any other; nobody follows it.
    public record Response(int status, Map<String, String> fields, Bytes body) {
        public Response {
            fields = Map.copyOf(fields);
        }

        /// Media type without parameters, lower case, "" when there is none.
        public String mediaType() {
            return fields.getOrDefault("content-type", "").split(";", 2)[0].strip().toLowerCase(Locale.ROOT);
        }
    }

    public HttpsClient(Dns dns, Settings settings) {
        this.dns = dns;
        this.settings = settings;
    }

    /// Throws [FetchFailed].
    public Response send(Request request, Limits limits) {
        long end = System.nanoTime() + limits.time().toNanos();
        var host = host(request.uri());
        FetchFailed last = new FetchFailed(FetchFailed.Kind.NETWORK, host + " has no address");
        for (var address : addresses(host)) {
            try {
                return send(request, host, address, limits.maxBytes(), end);
            } catch (IOException e) {
                boolean late = System.nanoTime() >= end;
                last = new FetchFailed(
                        FetchFailed.Kind.NETWORK, late ? host + " took longer than " + limits.time().toSeconds() + " s" : host + ": " + e.getMessage(), e);
                if (late) {
                    break;
                }
            }
        }
        throw last;
    }

    private static String host(URI uri) {
        var host = uri.getHost();
        if (!"https".equalsIgnoreCase(uri.getScheme())) {
            throw new FetchFailed(FetchFailed.Kind.REFUSED, "expected an https URL");
        }
        if (host == null || uri.getRawUserInfo() != null) {
            throw new FetchFailed(FetchFailed.Kind.REFUSED, "expected an https URL with a host name");
        }
        boolean name = host.indexOf('.') > 0 && !host.startsWith("[") && !Character.isDigit(host.charAt(host.lastIndexOf('.', host.length() - 2) + 1));
        if (!name) {
            throw new FetchFailed(FetchFailed.Kind.REFUSED, "expected a host name, found " + host);
        }
        return host;
    }

    private List<InetAddress> addresses(String host) {
        var found = new ArrayList<InetAddress>();
        var v4 = dns.ask(host, DnsType.A);
        var v6 = dns.ask(host, DnsType.AAAA);
        found.addAll(v4.records());
        found.addAll(v6.records());
        if (found.isEmpty()) {
            var why = v4.failed() ? v4.problem() : v6.failed() ? v6.problem() : "no address";
            throw new FetchFailed(FetchFailed.Kind.NETWORK, host + ": " + why);
        }
        var allowed = found.stream().filter(settings.allowed()).limit(MAX_ADDRESSES).toList();
        if (allowed.isEmpty()) {
            throw new FetchFailed(FetchFailed.Kind.REFUSED, host + " has no public address");
        }
        return allowed;
    }

    private Response send(Request request, String host, InetAddress address, int maxBytes, long end) throws IOException {
        int port = request.uri().getPort() < 0 ? settings.port() : request.uri().getPort();
        var plain = new Socket();
        var watchdog = Thread.ofVirtual().name("fetch-timeout").start(() -> closeAt(end, plain)); // reads have time-outs, handshakes none as a whole
        try (plain) {
            plain.connect(new InetSocketAddress(address, port), Math.toIntExact(settings.connect().toMillis()));
            plain.setSoTimeout(Math.toIntExact(Math.max(1, (end - System.nanoTime()) / 1_000_000)));
            try (var socket = (SSLSocket) context().getSocketFactory().createSocket(plain, host, port, true)) {
                var parameters = socket.getSSLParameters();
                parameters.setEndpointIdentificationAlgorithm("HTTPS");
                socket.setSSLParameters(parameters);
                handshake(socket, host);
                var out = socket.getOutputStream();
                out.write(head(request, host));
                out.write(request.body().unsafeArray());
                out.flush();
                return new ResponseReader(new BufferedInputStream(socket.getInputStream()), maxBytes).read();
            }
        } finally {
            watchdog.interrupt();
        }
    }

    private static void handshake(SSLSocket socket, String host) throws IOException {
        try {
            socket.startHandshake();
        } catch (SSLException e) {
            int depth = 0;
            for (@Nullable Throwable t = e; t != null && depth < 10; t = t.getCause(), depth++) {
                if (t instanceof CertificateException) {
                    throw new FetchFailed(FetchFailed.Kind.CERTIFICATE, "the certificate of " + host + ": " + t.getMessage(), e);
                }
            }
            throw e;
        }
    }

    private static void closeAt(long end, Socket socket) {
        try {
            Thread.sleep(Duration.ofNanos(Math.max(0, end - System.nanoTime())));
            socket.close();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt(); // the answer came in time
        } catch (IOException e) {
            throw new java.io.UncheckedIOException(e);
        }
    }

    private SSLContext context() throws IOException {
        try {
            var context = SSLContext.getInstance("TLS");
            context.init(null, new TrustManager[] {settings.authorities()}, null);
            return context;
        } catch (GeneralSecurityException e) {
            throw new IOException("cannot set up TLS: " + e.getMessage(), e);
        }
    }

    /// A `URI` holds neither spaces nor line breaks, and `fields` are ours.
    private static byte[] head(Request request, String host) {
        var uri = request.uri();
        var path = uri.getRawPath() == null || uri.getRawPath().isEmpty() ? "/" : uri.getRawPath();
        var head = new StringBuilder(request.method() + " " + path);
        if (uri.getRawQuery() != null) {
            head.append('?').append(uri.getRawQuery());
        }
        head.append(" HTTP/1.1\r\nHost: ").append(host);
        if (uri.getPort() >= 0) {
            head.append(':').append(uri.getPort());
        }
        head.append("\r\nConnection: close\r\nAccept-Encoding: identity\r\nUser-Agent: Pintail\r\n");
        request.fields().forEach((name, value) -> head.append(name).append(": ").append(value).append("\r\n"));
        int length = request.body().unsafeArray().length;
        if (length > 0) {
            head.append("Content-Length: ").append(length).append("\r\n");
        }
        return head.append("\r\n").toString().getBytes(StandardCharsets.UTF_8);
    }
}
