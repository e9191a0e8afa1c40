package org.pintail.suite;

import java.util.ArrayList;
import java.util.List;
import org.pintail.suite.ConfigKey.Type;

/// Every key there is, in the order the documentation shows them.
final class ConfigKeys {
    private static final String TRUSTED_SEALERS = "google.com,microsoft.com,gmail.com,googlegroups.com,messagingengine.com,pobox.com,topicbox.com,"
            + "umich.edu,fastmail.com,fastmail.fm,one.com,securemx.jp,zone.eu,teliaklm.ee,forwardemail.net";
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
        add("tls.authorities", Type.TEXTS, "", "PEM files of authorities that other servers' certificates may come from, beside the system's");
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
        add("delivery.mta-sts", Type.YES_NO, "true", "keep to the MTA-STS policies of other domains");
        add("delivery.dane", Type.YES_NO, "true", "keep to the TLSA records of other domains, where DNSSEC proves them");
        add("srs.domain", Type.TEXT, "", "domain of return paths of forwarded mail, its MX is this server; server.hostname if empty, `none` leaves them");
        add("srs.secret", Type.TEXT, "", "made at first start and kept in the store if empty");
        add("dns.servers", Type.TEXTS, "", "resolvers, ip or ip:port; the system's if empty");
        choice("dns.dnssec", "resolver", List.of("off", "resolver", "validate"), "who proves answers: the resolvers (have one on this host), or this server");
        add("dns.trust-anchors", Type.TEXT, "", "file of DS or DNSKEY records to validate from; the keys of the root if empty");
        add("dns.timeout", Type.DURATION, "10s", "how long one question may take, with all retries");
        add("auth.verify", Type.YES_NO, "true", "check SPF, DKIM, ARC and DMARC of received mail");
        add("auth.exempt", Type.TEXTS, "127.0.0.0/8,::1", "clients (addresses or networks) whose mail is not checked");
        choice("auth.dmarc-failure", "reject", List.of("mark", "quarantine", "reject"), "the most that is done because a domain's DMARC policy asks for it");
        choice("auth.spf-failure", "mark", List.of("mark", "quarantine", "reject"), "what is done with mail that SPF says fail to");
        add("auth.spf-lookups", Type.NUMBER, "10", "DNS lookups of one SPF check; RFC 7208 says 10, some senders need more");
        choice("auth.organizational-domain", "list", List.of("list", "tree-walk"), "how DMARC finds it: public suffix list (RFC 7489) or DNS (RFC 9989)");
        add("auth.trusted-sealers", Type.TEXTS, TRUSTED_SEALERS, "domains whose ARC seals may stand for a DMARC pass");
        add("dkim.secret", Type.TEXT, "", "what private keys in the store are encrypted with, where they are");
        add("bimi.verify", Type.YES_NO, "true", "find and check the logos of domains whose mail passes DMARC");
        add("bimi.authorities", Type.TEXTS, "", "PEM files of authorities that mark certificates may come from, beside those that are known");
        add("reports.address", Type.TEXT, "", "address at the MX that takes DMARC and TLS reports of others, see `pintail reports`; none if empty");
        add("reports.send-tls", Type.YES_NO, "true", "send daily TLS reports (RFC 8460) to domains that ask for them");
        add("reports.send-dmarc", Type.YES_NO, "true", "send daily DMARC aggregate reports (RFC 7489) to domains that ask for them");
        add("reports.organization", Type.TEXT, "", "who reports, in words; server.hostname if empty");
        add("reports.contact", Type.TEXT, "", "sender and contact of reports; postmaster at server.hostname if empty");
        add("imap.connections-per-user", Type.NUMBER, "15", "IMAP sessions of one account at once");
        add("imap.recent", Type.YES_NO, "false", "show \\Recent to clients that do not enable IMAP4rev2 (RFC 3501); WildDuck and IMAP4rev2 have none");
        add("imap.message-limit", Type.NUMBER, "0", "messages that one FETCH, SEARCH, STORE, COPY or MOVE works on, announced as MESSAGELIMIT; 0 is any number");
        add("imap.save-limit", Type.NUMBER, "1000000", "messages that one COPY or APPEND makes, announced as SAVELIMIT where there is no message-limit; 0 is any number");
        add("aps.enabled", Type.YES_NO, "false", "wake Apple's mail clients through Apple's push service (XAPPLEPUSHSERVICE); needs a certificate of Apple's");
        add("aps.certificate", Type.TEXT, "", "PEM file of that certificate, on nodes with the role jobs");
        add("aps.key", Type.TEXT, "", "PEM file of its private key");
        add("aps.topic", Type.TEXT, "", "what the certificate is for, com.apple.mail.XServer. and a UUID; as the certificate says if empty");
        add("aps.url", Type.TEXT, "https://api.push.apple.com", "where push requests go");
        add("pop3.messages", Type.NUMBER, "250", "newest messages that POP3 lists; 0 lists all");
        add("pop3.login-delay", Type.DURATION, "0s", "time between two POP3 logins of an account");
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
