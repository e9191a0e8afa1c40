package org.pintail.suite;

import java.io.IOException;
import java.nio.file.Path;
import java.time.Clock;
import java.util.ArrayList;
import javax.net.ssl.X509TrustManager;
import org.jspecify.annotations.Nullable;
import org.pintail.address.MailAddress;
import org.pintail.backend.Store;
import org.pintail.bimi.MarkCertificate;
import org.pintail.dns.Dns;
import org.pintail.fetch.Authorities;
import org.pintail.fetch.HttpsClient;
import org.pintail.mail.ReceivedReports;
import org.pintail.mail.SharedSecret;
import org.pintail.mta.DailyReports;
import org.pintail.mta.Outbox;
import org.pintail.mta.StsPolicies;
import org.pintail.mx.BimiImages;
import org.pintail.mx.BimiIndicators;
import org.pintail.srs.Srs;

/// What reaches out of this host, as the configuration wants it: return paths of forwards, policies of other domains.
final class OutwardParts {
    private OutwardParts() {}

    /// Null when return paths stay as they are.
    static @Nullable Srs srs(Config config, String hostname, Store store, Clock clock) {
        var domain = config.text("srs.domain", hostname);
        if (domain.equals("none")) {
            return null;
        }
        var secret = config.text("srs.secret");
        return new Srs(secret.isEmpty() ? SharedSecret.of(store.documents(), "srs", clock) : secret, domain);
    }

    static X509TrustManager authorities(Config config) {
        try {
            return Authorities.systemAnd(config.texts("tls.authorities").stream().map(Path::of).toList());
        } catch (IOException e) {
            throw new ConfigError("tls.authorities: expected readable PEM files (" + e.getMessage() + ")");
        }
    }

    /// What `check dns` compares with; `data` has the certificate when none is configured.
    static DnsCheck.Site site(Config config, Path data, Dns dns, HttpsClient web) {
        var configured = config.texts("tls.certificate");
        var certificate = configured.isEmpty() ? data.resolve("tls").resolve("certificate.pem") : Path.of(configured.getFirst());
        return new DnsCheck.Site(dns, web, config.text("server.hostname", Hostname.ofThisMachine()), certificate);
    }

    /// Null when no logos are wanted.
    static @Nullable BimiIndicators indicators(Config config, Dns dns, HttpsClient web, Store store) {
        if (!config.yes("bimi.verify")) {
            return null;
        }
        var authorities = new ArrayList<>(MarkCertificate.knownAuthorities());
        try {
            for (var file : config.texts("bimi.authorities")) {
                authorities.addAll(Authorities.read(Path.of(file)));
            }
        } catch (IOException e) {
            throw new ConfigError("bimi.authorities: expected readable PEM files (" + e.getMessage() + ")");
        }
        return new BimiIndicators(dns, new BimiImages(web, store.documents(), authorities, store.clock()));
    }

    static HttpsClient web(Dns dns, X509TrustManager authorities) {
        return new HttpsClient(dns, HttpsClient.Settings.of(authorities));
    }

    static @Nullable StsPolicies sts(Config config, Dns dns, HttpsClient web, Store store) {
        return config.yes("delivery.mta-sts") ? new StsPolicies(dns, web, store.documents(), store.clock()) : null;
    }

    /// Null when no address is configured for them.
    static @Nullable ReceivedReports receivedReports(Config config, Store store) {
        var text = config.text("reports.address");
        if (text.isEmpty()) {
            return null;
        }
        var address = MailAddress.parse(text)
                .orElseThrow(() -> new ConfigError("reports.address = \"" + text + "\": expected an address such as reports@example.org"));
        return new ReceivedReports(store, address, store.clock());
    }

    static DailyReports reports(Config config, String hostname, Outbox outbox, DailyReports.Parts parts, Clock clock) {
        var contact = config.text("reports.contact", "postmaster@" + hostname);
        if (MailAddress.parse(contact).isEmpty()) {
            throw new ConfigError("reports.contact = \"" + contact + "\": expected an address such as postmaster@example.org");
        }
        var sender = new DailyReports.Sender(hostname, config.text("reports.organization", hostname), contact);
        return new DailyReports(outbox, parts, sender, clock);
    }
}
