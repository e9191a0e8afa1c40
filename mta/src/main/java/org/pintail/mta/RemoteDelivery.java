package org.pintail.mta;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.UnknownHostException;
import java.time.Duration;
import java.util.Collections;
import java.util.List;
import javax.net.ssl.SSLException;
import org.jspecify.annotations.Nullable;
import org.pintail.address.MailAddress;
import org.pintail.mime.Source;
import org.pintail.smtp.SmtpClient;
import org.pintail.smtp.SmtpReply;

/// Hands a message to the servers of a domain, or to the configured route: hosts in order until one gives an answer that counts.
final class RemoteDelivery implements AutoCloseable {
    private static final int CLOSING = 421; // RFC 5321 §4.2.3: of an idle connection it says nothing about the message
    private static final Duration CONNECT = Duration.ofSeconds(30);
    private static final Duration COMMAND = Duration.ofMinutes(5);
    private final MtaSettings settings;
    private final MxResolver resolver;
    private final ConnectionPool pool = new ConnectionPool();

    RemoteDelivery(MtaSettings settings, MxResolver resolver) {
        this.settings = settings;
        this.resolver = resolver;
    }

    /// One reply per recipient; network failures come as temporary replies. Blocking.
    List<SmtpReply> deliver(String domain, String sender, List<String> recipients, Source message) {
        SmtpReply last = new SmtpReply(451, "4.4.1", "No server of " + domain + " could be reached");
        try {
            for (var host : hosts(domain)) {
                for (var address : host.addresses()) {
                    var outcome = attempt(new InetSocketAddress(address, port()), host.name(), sender, recipients, message);
                    if (outcome.isFinal()) {
                        return perRecipient(outcome.replies(), recipients.size());
                    }
                    last = outcome.replies().getFirst();
                }
            }
        } catch (SmtpReply.Refused e) {
            last = e.reply();
        }
        return Collections.nCopies(recipients.size(), last);
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

    private Outcome attempt(InetSocketAddress server, String name, String sender, List<String> recipients, Source message) {
        var reused = pool.take(server);
        if (reused != null) {
            try {
                var replies = send(reused, sender, recipients, message);
                if (replies.getFirst().code() != CLOSING) {
                    return new Outcome(true, replies);
                }
            } catch (IOException | SmtpReply.Refused e) {
                reused.client().close(); // the server had enough of the old connection; a new one decides
            }
        }
        try {
            return new Outcome(true, send(open(server, name), sender, recipients, message));
        } catch (SmtpReply.Refused e) {
            return new Outcome(!e.reply().temporary(), List.of(e.reply()));
        } catch (IOException e) {
            return new Outcome(false, List.of(new SmtpReply(451, "4.4.1", "Cannot deliver to " + name + ": " + e.getMessage())));
        }
    }

    private ConnectionPool.Pooled open(InetSocketAddress server, String name) throws IOException {
        var tls = new SmtpClient.Settings(settings.hostname(), SmtpClient.TlsMode.OPPORTUNISTIC, false, CONNECT, COMMAND, false);
        try {
            return pool.open(server, name, tls);
        } catch (SSLException e) {
            // RFC 7435 §3: a handshake that fails must not be worse than a server without TLS
            return pool.open(server, name, new SmtpClient.Settings(settings.hostname(), SmtpClient.TlsMode.NONE, false, CONNECT, COMMAND, false));
        }
    }

    private List<SmtpReply> send(ConnectionPool.Pooled connection, String sender, List<String> recipients, Source message)
            throws IOException {
        var from = onWire(sender);
        var to = recipients.stream().map(RemoteDelivery::onWire).toList();
        boolean utf8 = !ascii(from) || !to.stream().allMatch(RemoteDelivery::ascii);
        @Nullable List<SmtpReply> replies = null;
        try {
            replies = connection.client().send(from, to, message, utf8).perRecipient();
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
