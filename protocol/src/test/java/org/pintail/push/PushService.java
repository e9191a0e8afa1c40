package org.pintail.push;

import io.helidon.common.tls.Tls;
import io.helidon.common.tls.TlsClientAuth;
import io.helidon.http.HeaderNames;
import io.helidon.http.Status;
import io.helidon.webserver.WebServer;
import io.helidon.webserver.http.ServerRequest;
import java.net.InetAddress;
import java.net.URI;
import java.security.GeneralSecurityException;
import java.security.cert.X509Certificate;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.LinkedBlockingQueue;
import javax.net.ssl.SSLContext;
import javax.net.ssl.TrustManager;
import org.pintail.certificate.TestCertificates;

/// What Apple's service is to its senders: HTTP/2 over TLS, for those who show a certificate. Says what it is told to, else that all is well.
final class PushService implements AutoCloseable {
    private static final int OK = 200;
    final TestCertificates.Identity authority = TestCertificates.authority("Push Authority", null);
    final LinkedBlockingQueue<Asked> asked = new LinkedBlockingQueue<>();
    private final ConcurrentLinkedQueue<Answer> answers = new ConcurrentLinkedQueue<>();
    private final WebServer server;

    /// A request as it came.
    record Asked(String protocol, String path, String topic, long expiration, String sender, String body) {}

    /// What is answered.
    record Answer(int status, String reason) {}

    PushService() throws GeneralSecurityException {
        var context = SSLContext.getInstance("TLS");
        var own = TestCertificates.server(authority, "localhost");
        context.init(own.keyManagers(), new TrustManager[] {TestCertificates.trusting(authority.certificate())}, null);
        server = WebServer.builder()
                .address(InetAddress.getLoopbackAddress())
                .port(0)
                .shutdownHook(false)
                .tls(Tls.builder().sslContext(context).clientAuth(TlsClientAuth.REQUIRED).build())
                .routing(routing -> routing.post("/3/device/{token}", (request, response) -> {
                    asked.add(read(request));
                    var answer = answers.poll();
                    if (answer == null) {
                        response.status(OK).send();
                    } else {
                        response.status(Status.create(answer.status)).send("{\"reason\":\"" + answer.reason + "\"}");
                    }
                }))
                .build()
                .start();
    }

    private static Asked read(ServerRequest request) {
        var sender = request.remotePeer().tlsCertificates().orElseThrow()[0];
        return new Asked(
                request.prologue().protocol() + "/" + request.prologue().protocolVersion(),
                request.path().path(),
                request.headers().get(HeaderNames.create("apns-topic")).get(),
                Long.parseLong(request.headers().get(HeaderNames.create("apns-expiration")).get()),
                ((X509Certificate) sender).getSubjectX500Principal().getName(),
                request.content().as(String.class));
    }

    /// The next request is answered so.
    void answer(int status, String reason) {
        answers.add(new Answer(status, reason));
    }

    URI address() {
        return URI.create("https://localhost:" + server.port());
    }

    @Override
    public void close() {
        server.stop();
    }
}
