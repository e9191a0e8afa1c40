package org.pintail.suite;

import java.util.ArrayList;
import java.util.List;
import org.pintail.suite.ConfigKey.Type;

/// Every key there is, in the order the documentation shows them.
final class ConfigKeys {
    private final List<ConfigKey> keys = new ArrayList<>();

    private ConfigKeys() {
        add("server.hostname", Type.TEXT, "", "name of this server; the machine's own if empty");
        add("server.drain", Type.DURATION, "30s", "how long running connections may finish on SIGTERM");
        add("log.level", Type.TEXT, "info", List.of("error", "warn", "info", "debug", "trace"), "what is logged");
        add("log.format", Type.TEXT, "text", List.of("text", "json"), "form of log lines");
        choice("store.engine", "rocksdb", List.of("rocksdb", "memory"), "where mail is kept; memory forgets all");
        add("store.path", Type.TEXT, "", "directory of the store; `store` in the data directory if empty");
        add("store.attachments-path", Type.TEXT, "", "another directory (disk) for attachments");
        choice("cluster.engine", "local", List.of("local"), "notifications, limits and locks");
        choice("search.engine", "none", List.of("none"), "full-text index");
        choice("spam.engine", "none", List.of("none"), "spam verdict");
        protocol("mx", "0.0.0.0:25", "");
        protocol("submission", "0.0.0.0:587", "0.0.0.0:465");
        protocol("imap", "0.0.0.0:143", "0.0.0.0:993");
        protocol("pop3", "0.0.0.0:110", "0.0.0.0:995");
        protocol("lmtp", "", "");
        protocol("api", "127.0.0.1:8080", "");
        add("api.token", Type.TEXT, "", "access token; made at first start if empty, `none` asks for no token (loopback only)");
        add("api.metrics", Type.YES_NO, "true", "serve GET /metrics");
        add("tls.certificate", Type.TEXTS, "", "PEM files of certificate chains, the first is the default");
        add("tls.key", Type.TEXTS, "", "PEM files of their private keys, in the same order");
        add("tls.client-authorities", Type.TEXT, "", "PEM file of authorities whose client certificates log in (SASL EXTERNAL)");
        add("oauth.introspection", Type.TEXT, "", "URL that tells whose an access token is (RFC 7662)");
        add("oauth.client-id", Type.TEXT, "", "name of this server at that URL");
        add("oauth.client-secret", Type.TEXT, "", "its password");
        add("oauth.jwks", Type.TEXT, "", "URL of the keys that sign access tokens, in place of the introspection");
        add("oauth.issuer", Type.TEXT, "", "`iss` a signed token must have; not looked at if empty");
        add("oauth.audience", Type.TEXT, "", "`aud` a signed token must have; needed with oauth.jwks");
        add("oauth.claim", Type.TEXT, "email", "what of a token names the user");
        add("mail.max-storage", Type.SIZE, "1GB", "quota of accounts that have none of their own");
        add("mail.max-message-size", Type.SIZE, "25MB", "largest message taken anywhere, at most 64MB");
        add("mail.max-mailboxes", Type.NUMBER, "1500", "mailboxes of one account");
        add("mail.max-recipients", Type.NUMBER, "2000", "recipients an account may send to in 24 hours");
        add("mail.password-cache", Type.DURATION, "2m", "how long a checked password is remembered");
        add("mx.max-recipients", Type.NUMBER, "100", "recipients of one transaction");
        add("delivery.route", Type.TEXT, "", "host:port that takes all outgoing mail instead of MX hosts");
        add("delivery.connections", Type.NUMBER, "50", "deliveries at once");
        add("delivery.per-domain", Type.NUMBER, "10", "deliveries at once to one domain");
        add("delivery.retries", Type.DURATIONS, "5m,7m,8m,25m,75m,2h,4h,4h,4h,4h,4h,4h,4h,4h,4h,4h,4h", "waits between attempts");
        add("delivery.max-recipients", Type.NUMBER, "400", "recipients of one submitted message");
        add("dns.servers", Type.TEXTS, "", "resolvers; the system's if empty");
        add("imap.connections-per-user", Type.NUMBER, "15", "IMAP sessions of one account at once");
    }

    static List<ConfigKey> all() {
        return List.copyOf(new ConfigKeys().keys);
    }

    private void protocol(String section, String listen, String listenTls) {
        add(section + ".listen", Type.ADDRESSES, listen, "address:port, port 0 picks a free one, empty closes it");
        add(section + ".listen-tls", Type.ADDRESSES, listenTls, "the same with TLS from the first byte");
        add(section + ".proxy-protocol", Type.YES_NO, "false", "clients come through a proxy that sends PROXY v1 or v2");
        add(section + ".max-connections", Type.NUMBER, "10000", "connections at once");
        add(section + ".max-per-address", Type.NUMBER, "1000", "connections of one client address at once");
    }

    private void choice(String name, String initial, List<String> choices, String help) {
        add(name, Type.TEXT, initial, choices, help);
    }

    private void add(String name, Type type, String initial, String help) {
        add(name, type, initial, List.of(), help);
    }

    private void add(String name, Type type, String initial, List<String> choices, String help) {
        keys.add(new ConfigKey(name, type, initial, choices, help));
    }
}
