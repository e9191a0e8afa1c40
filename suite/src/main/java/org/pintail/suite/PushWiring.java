package org.pintail.suite;

import java.io.IOException;
import java.net.URI;
import java.net.URISyntaxException;
import java.nio.file.Path;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.util.Optional;
import javax.naming.InvalidNameException;
import javax.naming.ldap.LdapName;
import javax.net.ssl.TrustManager;
import javax.net.ssl.X509TrustManager;
import javax.security.auth.x500.X500Principal;
import org.jspecify.annotations.Nullable;
import org.pintail.mail.Mail;
import org.pintail.net.ClientIdentity;
import org.pintail.net.Tls;
import org.pintail.push.ApplePush;
import org.pintail.push.PushSender;

/// Waking Apple's mail clients, where the configuration has it.
final class PushWiring {
    private static final Duration RETRY = Duration.ofSeconds(5);
    private final Config config;
    private final @Nullable ClientIdentity identity;
    private final String topic;

    private PushWiring(Config config, @Nullable ClientIdentity identity, String topic) {
        this.config = config;
        this.identity = identity;
        this.topic = topic;
    }

    /// Empty where it is off. Throws [ConfigError] when the certificate or its topic are missing.
    static Optional<PushWiring> of(Config config, X509TrustManager authorities) {
        if (!config.yes("aps.enabled")) {
            return Optional.empty();
        }
        var identity = identity(config, authorities);
        var topic = config.text("aps.topic");
        if (topic.isEmpty()) {
            topic = identity == null ? "" : topic(identity.certificate());
        }
        if (topic.isEmpty()) {
            throw new ConfigError("aps.topic: expected com.apple.mail.XServer. and a UUID, or aps.certificate with a UID that says it");
        }
        return Optional.of(new PushWiring(config, identity, topic));
    }

    private static @Nullable ClientIdentity identity(Config config, X509TrustManager authorities) {
        var certificate = config.text("aps.certificate");
        var key = config.text("aps.key");
        if (certificate.isEmpty() != key.isEmpty()) {
            throw new ConfigError("aps.certificate, aps.key: expected both or none");
        }
        if (certificate.isEmpty()) {
            return null;
        }
        try {
            return ClientIdentity.read(new Tls.Pem(Path.of(certificate), Path.of(key)), new TrustManager[] {authorities});
        } catch (IOException e) {
            throw new ConfigError("aps.certificate: expected readable PEM files (" + e.getMessage() + ")");
        }
    }

    /// The UID of the subject.
    private static String topic(X509Certificate certificate) {
        try {
            for (var rdn : new LdapName(certificate.getSubjectX500Principal().getName(X500Principal.RFC2253)).getRdns()) {
                if (rdn.getType().equalsIgnoreCase("UID") && rdn.getValue() instanceof String uid) {
                    return uid;
                }
            }
            return "";
        } catch (InvalidNameException e) {
            throw new ConfigError("aps.certificate: expected a subject that can be read (" + e.getMessage() + ")");
        }
    }

    /// What hears of new messages from now on, and takes registrations.
    ApplePush begin(Mail mail) {
        var push = new ApplePush(mail, topic);
        mail.mailstore().tell(push);
        return push;
    }

    /// For a node with the role jobs.
    PushSender sender(Mail mail) {
        if (identity == null) {
            throw new ConfigError("aps.certificate: expected the certificate from Apple, for the role jobs of this node");
        }
        var url = config.text("aps.url");
        try {
            var service = new URI(url);
            if (!"https".equals(service.getScheme()) || service.getHost() == null) {
                throw new URISyntaxException(url, "no https");
            }
            return new PushSender(mail, new PushSender.Settings(service, topic, identity, RETRY));
        } catch (URISyntaxException e) {
            throw new ConfigError("aps.url = \"" + url + "\": expected https:// and a host");
        }
    }
}
