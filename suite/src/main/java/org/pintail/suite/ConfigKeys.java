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
        add("server.leave", Type.DURATION, "0s", "how long the node says that it is not ready before that, for a load balancer to notice");
        add("log.level", Type.TEXT, "info", List.of("error", "warn", "info", "debug", "trace"), "what is logged");
        add("log.format", Type.TEXT, "text", List.of("text", "json"), "form of log lines");
        choice("store.engine", "rocksdb", List.of("rocksdb", "mongodb", "memory"), "where mail is kept; memory forgets all");
        add("store.path", Type.TEXT, "", "directory of the store; `store` in the data directory if empty");
        add("store.attachments-path", Type.TEXT, "", "another directory (disk) for attachments");
        add("store.url", Type.TEXT, "", "mongodb: mongodb://host,host/database of the mail");
        add("store.users-database", Type.TEXT, "", "mongodb: database of accounts and addresses; that of the mail if empty");
        add("store.attachments-database", Type.TEXT, "", "mongodb: database of attachments; that of the mail if empty");
        add("store.queue-database", Type.TEXT, "zone-mta", "mongodb: database of outbound mail");
        choice("cluster.engine", "local", List.of("local", "redis"), "notifications, limits, locks and jobs; redis when several nodes share a store");
        add("cluster.url", Type.TEXT, "", "redis://host:port/db, rediss:// with TLS, redis-sentinel://host:port,host:port/db#master, rediss-sentinel://");
        add("cluster.password", Type.TEXT, "", "password of Redis, if it is not in the url");
        add("cluster.sentinel-password", Type.TEXT, "", "password of the Sentinels");
        add("cluster.authorities", Type.TEXT, "", "PEM file of certificates that Redis is trusted by; the JDK's if empty");
        add("cluster.timeout", Type.DURATION, "1s", "an answer of Redis that takes longer counts as none");
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
        add("health.listen", Type.ADDRESSES, "", "address:port for GET /health/live and /health/ready over plain HTTP, whatever the node does");
        add("client.imap", Type.TEXT, "", "host:port (TLS from the first byte) that profiles tell mail programs; port 993 of this server if empty");
        add("client.pop3", Type.TEXT, "", "the same for POP3; port 995 if empty");
        add("client.smtp", Type.TEXT, "", "the same for submission; port 465 if empty");
        add("tls.certificate", Type.TEXTS, "", "PEM files of certificate chains, the first is the default");
        add("tls.key", Type.TEXTS, "", "PEM files of their private keys, in the same order");
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
