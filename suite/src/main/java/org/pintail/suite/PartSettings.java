package org.pintail.suite;

import org.pintail.api.MailServers;
import org.pintail.imap.wire.ImapLimits;
import org.pintail.mail.MailSettings;
import org.pintail.mta.MtaSettings;
import org.pintail.pop3.Pop3Limits;

/// What the configuration says to each part, in the part's own words.
final class PartSettings {
    private PartSettings() {}

    static MailSettings mail(Config config, String hostname) {
        var d = MailSettings.defaults(hostname);
        return new MailSettings(
                hostname,
                config.number("mail.max-storage"),
                config.count("mail.max-mailboxes"),
                config.number("mail.max-message-size"),
                d.authFailures(),
                d.authWindow(),
                d.authLogTime(),
                config.duration("mail.password-cache"),
                config.count("mail.max-recipients"));
    }

    static MtaSettings mta(Config config, String hostname) {
        var route = config.text("delivery.route");
        return new MtaSettings(
                hostname,
                route.isEmpty() ? null : route,
                config.durations("delivery.retries"),
                config.count("delivery.connections"),
                config.count("delivery.per-domain"),
                config.number("mail.max-message-size"),
                config.count("delivery.max-recipients"),
                25);
    }

    static Pop3Limits pop3(Config config) {
        var d = Pop3Limits.DEFAULT;
        return new Pop3Limits(d.line(), d.idle(), (int) Math.min(config.number("pop3.messages"), Integer.MAX_VALUE), config.duration("pop3.login-delay"));
    }

    static ImapLimits imap(Config config) {
        var d = ImapLimits.DEFAULT;
        return new ImapLimits(
                d.preLogin(),
                d.command(),
                d.literal(),
                config.number("mail.max-message-size"),
                d.nesting(),
                d.errors(),
                d.idle(),
                d.idleTotal(),
                config.count("imap.connections-per-user"),
                messageLimit(config, "imap.message-limit"),
                messageLimit(config, "imap.save-limit"),
                d.notified());
    }

    /// RFC 9738 §3 has clients expect no less than 1000.
    private static int messageLimit(Config config, String key) {
        int limit = config.count(key);
        if (limit > 0 && limit < 1000) {
            throw new ConfigError(key + " = " + limit + ": expected 0 (no limit) or at least 1000");
        }
        return limit;
    }

    static MailServers servers(Config config, String hostname) {
        return new MailServers(endpoint(config, hostname, "client.imap", 993), endpoint(config, hostname, "client.pop3", 995), endpoint(config, hostname, "client.smtp", 465));
    }

    private static MailServers.Endpoint endpoint(Config config, String hostname, String key, int port) {
        var text = config.text(key);
        if (text.isEmpty()) {
            return new MailServers.Endpoint(hostname, port);
        }
        int colon = text.lastIndexOf(':');
        if (colon < 1 || !text.substring(colon + 1).matches("\\d{1,5}")) {
            throw new ConfigError(key + " = \"" + text + "\": expected host:port");
        }
        return new MailServers.Endpoint(text.substring(0, colon), Integer.parseInt(text.substring(colon + 1)));
    }
}
