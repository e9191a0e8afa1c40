package org.pintail.mta;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.http.HttpClient;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.cert.CertificateEncodingException;
import java.time.Clock;
import java.util.Base64;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.pintail.backend.Document;
import org.pintail.backend.memory.MemoryStore;
import org.pintail.certificate.TestCertificates;
import org.pintail.imap.ImapServer;
import org.pintail.imap.wire.ImapLimits;
import org.pintail.mail.Accounts;
import org.pintail.mail.Mail;
import org.pintail.mail.MailSettings;
import org.pintail.net.Listener;
import org.pintail.net.Tls;
import org.pintail.pop3.Pop3Limits;
import org.pintail.pop3.Pop3Server;
import org.pintail.sasl.Sasl;
import org.pintail.sasl.SignedTokens;
import org.pintail.smtp.SmtpLimits;
import org.pintail.smtp.SmtpServer;
import org.pintail.testkit.TestIssuer;

/// All three protocols that clients log in to, with accounts alice (password `secret`) and bob (disabled, password `secret`), an authority
/// that vouches for clients, and an issuer of tokens.
final class LoginFixture implements AutoCloseable {
    private final MemoryStore store = new MemoryStore(Clock.systemUTC());
    private final Mail mail = new Mail(store, MailSettings.defaults("mail.example.org"), Clock.systemUTC());
    private final TestCertificates.Identity authority = TestCertificates.authority("Clients", null);
    private final TestIssuer issuer = new TestIssuer();
    private final Map<LoginClient.Protocol, Listener> listeners = new EnumMap<>(LoginClient.Protocol.class);

    LoginFixture(Path directory) throws IOException {
        mail.accounts().create(Accounts.New.of("alice", "secret", "alice@example.org"));
        var bob = mail.accounts().create(Accounts.New.of("bob", "secret", "bob@example.org"));
        mail.accounts().update(bob.id(), Document.of("disabled", true));
        var own = TestCertificates.server(authority, "localhost");
        var pem = new Tls.Pem(directory.resolve("certificate.pem"), directory.resolve("key.pem"));
        write(pem.certificate(), "CERTIFICATE", der(own));
        write(pem.key(), "PRIVATE KEY", own.keys().getPrivate().getEncoded());
        var authorities = directory.resolve("authorities.pem");
        write(authorities, "CERTIFICATE", der(authority));
        var tls = Tls.load(List.of(pem), authorities);
        var check = new SignedTokens.Settings(issuer.url("/keys"), "https://login.example.org", "pintail", "email");
        var sasl = new Sasl(mail.authentication(), Optional.of(new SignedTokens(HttpClient.newHttpClient(), check, Clock.systemUTC())));
        var settings = new MtaSettings("mail.example.org", null, MtaFixture.RETRIES, 4, 4, 2000, 5, 25);
        listen(LoginClient.Protocol.IMAP, tls, new ImapServer(mail, sasl, Optional.empty(), ImapLimits.DEFAULT, directory, false));
        listen(LoginClient.Protocol.POP3, tls, new Pop3Server(mail, sasl, Pop3Limits.DEFAULT));
        var policy = new SubmissionPolicy(mail, sasl, new Outbox(mail, settings), settings);
        listen(LoginClient.Protocol.SUBMISSION, tls, new SmtpServer(policy, SmtpLimits.DEFAULT, directory));
    }

    private static void write(Path file, String label, byte[] der) throws IOException {
        var base64 = Base64.getMimeEncoder(64, new byte[] {'\n'}).encodeToString(der);
        Files.writeString(file, "-----BEGIN " + label + "-----\n" + base64 + "\n-----END " + label + "-----\n");
    }

    private static byte[] der(TestCertificates.Identity identity) {
        try {
            return identity.certificate().getEncoded();
        } catch (CertificateEncodingException e) {
            throw new AssertionError(e);
        }
    }

    private void listen(LoginClient.Protocol protocol, Tls tls, Listener.Service service) throws IOException {
        var anyPort = new InetSocketAddress(InetAddress.getLoopbackAddress(), 0);
        listeners.put(protocol, Listener.open(new Listener.Settings("login", anyPort, false, false, 100, 100), tls, service));
    }

    LoginClient connect(LoginClient.Protocol protocol) throws IOException {
        var listener = listeners.get(protocol);
        if (listener == null) {
            throw new IllegalStateException("not started: " + protocol);
        }
        return new LoginClient(protocol, listener.address());
    }

    TestCertificates.Identity authority() {
        return authority;
    }

    TestIssuer issuer() {
        return issuer;
    }

    /// `token` for alice from the issuer, valid for so many seconds.
    String token(String audience, long seconds) {
        return issuer.token(
                "RS256",
                "rsa",
                "{\"iss\":\"https://login.example.org\",\"aud\":\"" + audience + "\",\"exp\":" + (Clock.systemUTC().millis() / 1000 + seconds)
                        + ",\"email\":\"alice@example.org\"}");
    }

    @Override
    public void close() {
        listeners.values().forEach(Listener::close);
        issuer.close();
        store.close();
    }
}
