package org.pintail.mta;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.UnknownHostException;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.util.Collections;
import java.util.List;
import javax.net.ssl.SSLException;
import org.jspecify.annotations.Nullable;
import org.pintail.address.MailAddress;
import org.pintail.certificate.CertificateCheck;
import org.pintail.certificate.CertificateRefused;
import org.pintail.mime.Source;
import org.pintail.smtp.SmtpClient;
import org.pintail.smtp.SmtpReply;
import org.pintail.tlsrpt.TlsReport;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Hands a message to the servers of a domain, or to the configured route: hosts in order until one gives an answer that counts.
final class RemoteDelivery implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(RemoteDelivery.class);
    private static final int CLOSING = 421; // RFC 5321 §4.2.3: of an idle connection it says nothing about the message
    private static final Duration CONNECT = Duration.ofSeconds(30);
    private static final Duration COMMAND = Duration.ofMinutes(5);
    private final MtaSettings settings;
    private final MxResolver resolver;
    private final TransportSecurity security;
    private final TlsResults results;
    private final ConnectionPool pool = new ConnectionPool();

    RemoteDelivery(MtaSettings settings, MxResolver resolver, TransportSecurity security, TlsResults results) {
        this.settings = settings;
        this.resolver = resolver;
        this.security = security;
        this.results = results;
    }

    /// One reply per recipient; network failures come as temporary replies. Blocking.
    List<SmtpReply> deliver(String domain, Mail mail) {
        SmtpReply last = new SmtpReply(451, "4.4.1", "No server of " + domain + " could be reached");
        try {
            boolean anyTls = settings.route() != null || mail.anyTls(); // the route is the operator's own word; no other domain has a say in it
            var promise = !anyTls ? security.promise(domain) : null;
            for (var host : hosts(domain)) {
                switch (anyTls ? opportunistic(domain, host) : security.of(domain, promise, host, port())) {
                    case TransportSecurity.Withhold withhold -> last = withhold.reply();
                    case TransportSecurity.Connect connect -> {
                        for (var address : host.addresses()) {
                            var wanted = connect.security();
                            var server = new ConnectionPool.Server(
                                    new InetSocketAddress(address, port()), connect.serverName(), wanted.enforced(), wanted.check());
                            var outcome = attempt(server, wanted.policy(), mail);
                            if (outcome.isFinal()) {
                                return perRecipient(outcome.replies(), mail.recipients().size());
                            }
                            last = outcome.replies().getFirst();
                        }
                    }
                }
            }
        } catch (SmtpReply.Refused e) {
            last = e.reply();
        }
        return Collections.nCopies(mail.recipients().size(), last);
    }

    /// What is to be handed over. `anyTls`: whatever policies say about TLS (RFC 8460 §5.3: a report about them must arrive).
    record Mail(String sender, List<String> recipients, Source message, boolean anyTls) {
        Mail {
            recipients = List.copyOf(recipients);
        }
    }

    private static TransportSecurity.Verdict opportunistic(String domain, MxResolver.Host host) {
        return new TransportSecurity.Connect(Security.opportunistic(domain), host.name());
    }

    private static List<SmtpReply> perRecipient(List<SmtpReply> replies, int count) {
        return replies.size() == count ? replies : Collections.nCopies(count, replies.getFirst());
    }

    private List<MxResolver.Host> hosts(String domain) {
        if (settings.route() == null) {
            return resolver.hosts(domain);
        }
        var host = settings.route().substring(0, settings.route().lastIndexOf(':'));
        try {
            return List.of(new MxResolver.Host(host, List.of(InetAddress.getAllByName(host))));
        } catch (UnknownHostException e) {
            throw new SmtpReply.Refused(new SmtpReply(451, "4.4.3", "The route " + host + " cannot be resolved"));
        }
    }

    private int port() {
        var route = settings.route();
        return route == null ? settings.smtpPort() : Integer.parseInt(route.substring(route.lastIndexOf(':') + 1));
    }

    /// `isFinal`: the server spoke about this message; otherwise the next host is tried.
    private record Outcome(boolean isFinal, List<SmtpReply> replies) {}

    private Outcome attempt(ConnectionPool.Server server, TlsReport.Policy policy, Mail mail) {
        var reused = pool.take(server);
        if (reused != null) {
            try {
                var replies = send(reused, mail);
                if (replies.getFirst().code() != CLOSING) {
                    return new Outcome(true, replies);
                }
            } catch (Lease.Lost e) {
                return lost(e);
            } catch (IOException | SmtpReply.Refused e) {
                reused.client().close(); // the server had enough of the old connection; a new one decides
            }
        }
        try {
            return new Outcome(true, send(open(server, policy), mail));
        } catch (SmtpReply.Refused e) {
            return new Outcome(!e.reply().temporary(), List.of(e.reply()));
        } catch (Lease.Lost e) {
            return lost(e);
        } catch (SmtpClient.NoTls | SSLException e) {
            return new Outcome(false, List.of(new SmtpReply(451, "4.7.5", "TLS as " + policy.type() + " asks cannot be had from "
                    + server.name() + ": " + e.getMessage())));
        } catch (IOException e) {
            return new Outcome(false, List.of(new SmtpReply(451, "4.4.1", "Cannot deliver to " + server.name() + ": " + e.getMessage())));
        }
    }

    /// Another node has the message: no other host is tried, and what is said here settles nothing.
    private static Outcome lost(Lease.Lost e) {
        return new Outcome(true, List.of(new SmtpReply(451, "4.3.0", String.valueOf(e.getMessage()))));
    }

    private ConnectionPool.Pooled open(ConnectionPool.Server server, TlsReport.Policy policy) throws IOException {
        return server.enforced() ? openSecured(server, policy) : openAnyhow(server, policy);
    }

    private ConnectionPool.Pooled openSecured(ConnectionPool.Server server, TlsReport.Policy policy) throws IOException {
        try {
            var opened = pool.open(server, with(SmtpClient.TlsMode.REQUIRED, server.check()));
            succeeded(policy);
            return opened;
        } catch (SmtpClient.NoTls e) {
            failed(server, policy, new Problem("starttls-not-supported", String.valueOf(e.getMessage()), ""));
            throw e;
        } catch (SSLException e) {
            failed(server, policy, new Problem(reason(e), String.valueOf(e.getMessage()), ""));
            throw e;
        }
    }

    /// TLS when it can be had. A certificate that is not what a policy under test wants is reported and taken (RFC 8461 §5).
    private ConnectionPool.Pooled openAnyhow(ConnectionPool.Server server, TlsReport.Policy policy) throws IOException {
        var check = server.check();
        var observed = check == null ? null : new Observed(check);
        try {
            var opened = pool.open(server, with(SmtpClient.TlsMode.OPPORTUNISTIC, observed));
            var problem = observed == null ? null : observed.problem();
            var from = opened.client().localAddress().getHostAddress();
            if (!opened.client().secure()) {
                failed(server, policy, new Problem("starttls-not-supported", "", from));
            } else if (problem != null) {
                failed(server, policy, new Problem(problem.reason().word(), String.valueOf(problem.getMessage()), from));
            } else {
                succeeded(policy);
            }
            return opened;
        } catch (SSLException e) {
            failed(server, policy, new Problem(reason(e), String.valueOf(e.getMessage()), ""));
            // RFC 7435 §3: a handshake that fails must not be worse than a server without TLS
            return pool.open(server, with(SmtpClient.TlsMode.NONE, null));
        }
    }

    private static String reason(SSLException e) {
        return CertificateRefused.causeOf(e).map(r -> r.reason().word()).orElse("validation-failure");
    }

    private SmtpClient.Settings with(SmtpClient.TlsMode tls, @Nullable CertificateCheck check) {
        return new SmtpClient.Settings(settings.hostname(), tls, check, CONNECT, COMMAND, false);
    }

    /// With a route, sessions are with our own server and nothing to tell the domain of the recipient.
    private void succeeded(TlsReport.Policy policy) {
        if (settings.route() == null) {
            results.success(policy);
        }
    }

    private void failed(ConnectionPool.Server server, TlsReport.Policy policy, Problem problem) {
        if (settings.route() != null) {
            return;
        }
        LOG.debug("tls not as wanted domain={} policy={} host={} result={} reason=\"{}\"", policy.domain(), policy.type(), server.name(), problem.type(), problem.text());
        var ip = server.address().getAddress().getHostAddress();
        results.failure(policy, new TlsReport.Failure(problem.type(), problem.from(), server.name(), ip, problem.text(), 1));
    }

    /// What was wrong with TLS: a result type of RFC 8460, more words, and our own address if it is known.
    private record Problem(String type, String text, String from) {}

    /// Lets every certificate pass and remembers what was wrong with it.
    private static final class Observed implements CertificateCheck {
        private final CertificateCheck check;
        private volatile @Nullable CertificateRefused problem;

        Observed(CertificateCheck check) {
            this.check = check;
        }

        @Nullable CertificateRefused problem() {
            return problem;
        }

        @Override
        public void check(List<X509Certificate> chain) {
            try {
                check.check(chain);
            } catch (CertificateRefused e) {
                problem = e;
            }
        }
    }

    private List<SmtpReply> send(ConnectionPool.Pooled connection, Mail mail) throws IOException {
        var from = onWire(mail.sender());
        var to = mail.recipients().stream().map(RemoteDelivery::onWire).toList();
        boolean utf8 = !ascii(from) || !to.stream().allMatch(RemoteDelivery::ascii);
        @Nullable List<SmtpReply> replies = null;
        try {
            replies = connection.client().send(from, to, mail.message(), utf8).perRecipient();
            return replies;
        } finally {
            if (replies != null && replies.stream().allMatch(SmtpReply::positive)) {
                pool.give(connection);
            } else {
                connection.client().close();
            }
        }
    }

    /// With the domain as A-labels (RFC 5891 §5.4), for only a local part beyond ASCII needs SMTPUTF8.
    private static String onWire(String address) {
        return MailAddress.parse(address)
                .filter(a -> ascii(a.local()))
                .map(a -> new MailAddress(a.local(), a.asciiDomain()).toString())
                .orElse(address);
    }

    private static boolean ascii(String text) {
        return text.chars().allMatch(c -> c < 0x80);
    }

    void sweep() {
        pool.sweep();
    }

    @Override
    public void close() {
        pool.close();
    }
}
