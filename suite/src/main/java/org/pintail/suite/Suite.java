package org.pintail.suite;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.pintail.api.ApiServer;
import org.pintail.api.MailServers;
import org.pintail.backend.Cluster;
import org.pintail.backend.Events;
import org.pintail.backend.Store;
import org.pintail.backend.memory.MemoryStore;
import org.pintail.dns.Dns;
import org.pintail.fetch.HttpsClient;
import org.pintail.imap.ImapLimits;
import org.pintail.imap.ImapServer;
import org.pintail.lmtp.LmtpPolicy;
import org.pintail.mail.Chores;
import org.pintail.mail.DkimKeys;
import org.pintail.mail.DmarcResults;
import org.pintail.mail.Mail;
import org.pintail.mail.MailSettings;
import org.pintail.mta.DailyReports;
import org.pintail.mta.Dispatcher;
import org.pintail.mta.MtaSettings;
import org.pintail.mta.Outbox;
import org.pintail.mta.SubmissionPolicy;
import org.pintail.mta.TlsResults;
import org.pintail.mx.MxPolicy;
import org.pintail.mx.MxSettings;
import org.pintail.net.Listener;
import org.pintail.net.Tls;
import org.pintail.pop3.Pop3Limits;
import org.pintail.pop3.Pop3Server;
import org.pintail.sasl.Sasl;
import org.pintail.rocksdb.RocksStore;
import org.pintail.smtp.SmtpLimits;
import org.pintail.smtp.SmtpServer;
import org.pintail.srs.Srs;

/// The whole program, built top to bottom. Starting opens the store, then the listeners of the roles; closing drains them and closes
/// the store last.
public final class Suite implements AutoCloseable {
    private final Config config;
    private final Path data;
    private final String hostname;
    private final List<Listener> listeners = new ArrayList<>();
    private final Map<String, List<InetSocketAddress>> bound = new LinkedHashMap<>();
    private final Cluster cluster;
    private final Store store;
    private final Chores chores;
    private final Mail mail;
    private final Sasl sasl;
    private final Outbox outbox;
    private final Tls tls;
    private final Dns dns;
    private final @Nullable Srs srs;
    private final TlsResults tlsResults;
    private final DmarcResults dmarcResults;
    private final DkimKeys keys;
    private final List<ApiServer> apis = new ArrayList<>();
    private @Nullable Dispatcher dispatcher;
    private @Nullable EveryMinute everyMinute;
    private @Nullable AdminServer admin;
    private @Nullable HealthServer health;
    private Events.@Nullable Watch queueWatch;

    private Suite(Config config, Path data) throws IOException {
        this.config = config;
        this.data = data;
        this.hostname = config.text("server.hostname", Hostname.ofThisMachine());
        Files.createDirectories(data);
        this.tls = openTls();
        this.dns = MailAuthenticationWiring.resolver(config);
        this.cluster = ClusterEngine.open(config);
        this.store = openStoreOrClose(config, data, cluster);
        this.mail = new Mail(store, mailSettings(), store.clock());
        this.sasl = new Sasl(mail.authentication(), Tokens.of(config));
        this.chores = new Chores(store, store.chores());
        this.outbox = new Outbox(mail, mtaSettings());
        this.srs = OutwardParts.srs(config, hostname, store, store.clock());
        this.dmarcResults = new DmarcResults(store.documents(), store.clock());
        this.tlsResults = new TlsResults(store.documents(), store.clock());
        this.keys = new DkimKeys(store.documents(), config.text("dkim.secret"), mail.clock());
    }

    /// Opens everything the roles need. On failure what was opened is closed again.
    public static Suite start(Config config, Path data, Set<Role> roles) throws IOException {
        var suite = new Suite(config, data);
        try {
            suite.open(roles);
            return suite;
        } catch (IOException | RuntimeException e) {
            suite.close();
            throw e;
        }
    }

    private void open(Set<Role> roles) throws IOException {
        var spool = Files.createDirectories(data.resolve("spool"));
        var authorities = OutwardParts.authorities(config);
        var web = OutwardParts.web(dns, authorities);
        if (roles.contains(Role.MX)) {
            var policy = new MxPolicy(
                    mail,
                    new MxSettings(hostname, config.number("mail.max-message-size"), config.count("mx.max-recipients"), 100),
                    new MxPolicy.Parts(
                            outbox::forward,
                            MailAuthenticationWiring.atMx(
                                    config, hostname, dns,
                                    new MailAuthenticationWiring.AtMx(
                                            keys, dmarcResults, OutwardParts.indicators(config, dns, web, store), store.clock())),
                            srs,
                            OutwardParts.receivedReports(config, store)));
            listen("mx", "mxs", new SmtpServer(policy, SmtpLimits.DEFAULT, spool));
        }
        if (roles.contains(Role.SUBMISSION)) {
            var policy = new SubmissionPolicy(mail, sasl, outbox, mtaSettings());
            listen("submission", "submissions", new SmtpServer(policy, SmtpLimits.DEFAULT, spool));
        }
        if (roles.contains(Role.LMTP)) {
            var policy = new LmtpPolicy(mail, config.number("mail.max-message-size"), outbox::forward);
            listen("lmtp", "lmtps", new SmtpServer(policy, SmtpLimits.DEFAULT, spool));
        }
        if (roles.contains(Role.IMAP)) {
            listen("imap", "imaps", new ImapServer(mail, sasl, imapLimits(), spool));
        }
        if (roles.contains(Role.POP3)) {
            listen("pop3", "pop3s", new Pop3Server(mail, sasl, pop3Limits()));
        }
        if (roles.contains(Role.API)) {
            openApi();
        }
        if (roles.contains(Role.DELIVERY)) {
            var sts = OutwardParts.sts(config, dns, web, store);
            var outward = new Dispatcher.Outward(dns, keys, srs, sts, config.yes("delivery.dane"), authorities, tlsResults);
            dispatcher = new Dispatcher(mail, outbox, mtaSettings(), outward);
            dispatcher.start();
        }
        var works = new ArrayList<Runnable>(List.of(tlsResults::flush, dmarcResults::flush));
        if (roles.contains(Role.JOBS)) {
            works.add(OutwardParts.reports(config, hostname, outbox, reportParts(web), store.clock())::run);
        }
        everyMinute = new EveryMinute(works);
        if (roles.contains(Role.JOBS)) {
            chores.start();
        }
        if (!ClusterEngine.isLocal(config)) {
            queueWatch = store.queue().watch(() -> cluster.signals().send(Dispatcher.TOPIC, "due"));
        }
        openHealth();
        admin = AdminServer.open(AdminServer.socket(data), new Admin(mail, outbox, keys, OutwardParts.site(config, data, dns, web)));
    }

    private DailyReports.Parts reportParts(HttpsClient web) {
        return new DailyReports.Parts(
                store.documents(), dns, web, config.yes("reports.send-dmarc") ? dmarcResults : null, config.yes("reports.send-tls") ? tlsResults : null);
    }

    private void openHealth() throws IOException {
        var addresses = config.addresses("health.listen");
        if (addresses.isEmpty()) {
            return;
        }
        try {
            health = HealthServer.open(addresses, mail.health());
            bound.put("health", health.addresses());
        } catch (IOException e) {
            throw cannotListen("health", false, addresses.getFirst(), e);
        }
    }

    private void listen(String section, String tlsName, Listener.Service service) throws IOException {
        listen(section, section, false, config.addresses(section + ".listen"), service);
        listen(section, tlsName, true, config.addresses(section + ".listen-tls"), service);
    }

    private void listen(
            String section, String name, boolean withTls, List<InetSocketAddress> addresses, Listener.Service service)
            throws IOException {
        for (var address : addresses) {
            var settings = new Listener.Settings(
                    name,
                    address,
                    withTls,
                    config.yes(section + ".proxy-protocol"),
                    config.count(section + ".max-connections"),
                    config.count(section + ".max-per-address"));
            try {
                var listener = Listener.open(settings, tls, service);
                listeners.add(listener);
                bound.computeIfAbsent(name, _ -> new ArrayList<>()).add(listener.address());
            } catch (IOException e) {
                throw cannotListen(section, withTls, address, e);
            }
        }
    }

    private void openApi() throws IOException {
        var token = config.text("api.token");
        var effective = token.equals("none") ? null : token.isEmpty() ? ApiToken.of(data) : token;
        openApi("api", false, config.addresses("api.listen"), effective);
        openApi("apis", true, config.addresses("api.listen-tls"), effective);
    }

    private void openApi(String name, boolean withTls, List<InetSocketAddress> addresses, @Nullable String token) {
        for (var address : addresses) {
            if (token == null && !address.getAddress().isLoopbackAddress()) {
                throw new ConfigError(
                        "api.token = \"none\": expected a token, because the API listens on " + Addresses.show(address));
            }
            try {
                var settings = new ApiServer.Settings(address, withTls ? tls : null, token, mailServers(), config.yes("api.metrics"));
                var server = ApiServer.open(mail, outbox, settings);
                apis.add(server);
                bound.computeIfAbsent(name, _ -> new ArrayList<>()).add(server.address());
            } catch (java.io.UncheckedIOException e) {
                throw cannotListen("api", withTls, address, e);
            }
        }
    }

    private MailServers mailServers() {
        return new MailServers(endpoint("client.imap", 993), endpoint("client.pop3", 995), endpoint("client.smtp", 465));
    }

    private MailServers.Endpoint endpoint(String key, int port) {
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

    private static ConfigError cannotListen(String section, boolean withTls, InetSocketAddress address, Exception why) {
        return new ConfigError(section + (withTls ? ".listen-tls" : ".listen") + " = \"" + Addresses.show(address)
                + "\": cannot listen there (" + why.getMessage() + "); expected an address of this machine and a free port");
    }

    private Tls openTls() throws IOException {
        var certificates = config.texts("tls.certificate");
        var keys = config.texts("tls.key");
        if (certificates.size() != keys.size()) {
            throw new ConfigError("tls.key: expected as many files as tls.certificate has (" + certificates.size() + ")");
        }
        var authorities = config.text("tls.client-authorities");
        if (certificates.isEmpty() && !authorities.isEmpty()) {
            throw new ConfigError("tls.client-authorities: expected tls.certificate and tls.key beside it");
        }
        if (certificates.isEmpty()) {
            return Tls.selfSigned(data.resolve("tls"), List.of(hostname, "localhost"));
        }
        var pems = new ArrayList<Tls.Pem>();
        for (int i = 0; i < keys.size(); i++) {
            pems.add(new Tls.Pem(Path.of(certificates.get(i)), Path.of(keys.get(i))));
        }
        try {
            return authorities.isEmpty() ? Tls.load(pems) : Tls.load(pems, Path.of(authorities));
        } catch (IOException e) {
            throw new ConfigError("tls.certificate: expected readable PEM files (" + e.getMessage() + ")");
        }
    }

    private static Store openStoreOrClose(Config config, Path data, Cluster cluster) {
        try {
            return openStore(config, data, cluster);
        } catch (RuntimeException e) {
            cluster.close();
            throw e;
        }
    }

    static Store openStore(Config config, Path data, Cluster cluster) {
        return switch (config.text("store.engine")) {
            case "memory" -> new MemoryStore(Clock.systemUTC(), cluster);
            case "mongodb" -> MongoEngine.open(config, cluster);
            default -> openRocks(config, data, cluster);
        };
    }

    private static Store openRocks(Config config, Path data, Cluster cluster) {
        var path = Path.of(config.text("store.path", data.resolve("store").toString()));
        var attachments = config.text("store.attachments-path");
        var defaults = RocksStore.Settings.at(path);
        return RocksStore.open(
                new RocksStore.Settings(
                        path, attachments.isEmpty() ? null : Path.of(attachments), defaults.segmentBytes()),
                Clock.systemUTC(),
                cluster);
    }

    private MailSettings mailSettings() {
        return mailSettings(config, hostname);
    }

    static MailSettings mailSettings(Config config, String hostname) {
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

    private MtaSettings mtaSettings() {
        return mtaSettings(config, hostname);
    }

    static MtaSettings mtaSettings(Config config, String hostname) {
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

    private Pop3Limits pop3Limits() {
        var d = Pop3Limits.DEFAULT;
        return new Pop3Limits(d.line(), d.idle(), (int) Math.min(config.number("pop3.messages"), Integer.MAX_VALUE), config.duration("pop3.login-delay"));
    }

    private ImapLimits imapLimits() {
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
                config.count("imap.connections-per-user"));
    }

    Mail mail() {
        return mail;
    }

    Outbox outbox() {
        return outbox;
    }

    String hostname() {
        return hostname;
    }

    /// The first bound address of a listener by its name in [#ready].
    InetSocketAddress address(String name) {
        var addresses = bound.get(name);
        if (addresses == null) {
            throw new IllegalStateException("no listener " + name);
        }
        return addresses.getFirst();
    }

    /// `ready mx=127.0.0.1:2025 submission=…`
    String ready() {
        var line = new StringBuilder("ready");
        bound.forEach((name, addresses) -> line.append(' ')
                .append(name)
                .append('=')
                .append(String.join(",", addresses.stream().map(Addresses::show).toList())));
        return line.toString();
    }

    /// Certificates are read again; a broken file leaves the old ones in place and is told to the caller.
    void reload() throws IOException {
        tls.reload();
    }

    /// Says first that it is not ready, then takes no more, lets what runs come to its end, and closes the store last.
    @Override
    public void close() {
        mail.health().leave();
        if (!listeners.isEmpty()) {
            pause(config.duration("server.leave"));
        }
        var grace = config.duration("server.drain");
        var drains = new ArrayList<Thread>();
        for (var listener : listeners) {
            drains.add(Thread.ofPlatform().name("drain").start(() -> listener.drain(grace)));
        }
        for (var drain : drains) {
            join(drain, grace.plusSeconds(5));
        }
        apis.forEach(ApiServer::close);
        chores.close();
        if (dispatcher != null) {
            dispatcher.close();
        }
        if (everyMinute != null) {
            everyMinute.close();
        }
        if (admin != null) {
            admin.close();
        }
        if (queueWatch != null) {
            queueWatch.close();
        }
        if (health != null) {
            health.close();
        }
        store.close();
        cluster.close();
    }

    private static void pause(Duration time) {
        try {
            TimeUnit.MILLISECONDS.sleep(time.toMillis());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private static void join(Thread thread, Duration atMost) {
        try {
            thread.join(atMost);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
