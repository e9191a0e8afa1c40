package org.pintail.suite;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.pintail.api.ApiServer;
import org.pintail.backend.Cluster;
import org.pintail.backend.Events;
import org.pintail.backend.Store;
import org.pintail.dns.Dns;
import org.pintail.fetch.HttpsClient;
import org.pintail.imap.ImapServer;
import org.pintail.lmtp.LmtpPolicy;
import org.pintail.mail.Chores;
import org.pintail.mail.DkimKeys;
import org.pintail.mail.DmarcResults;
import org.pintail.mail.Mail;
import org.pintail.mta.DailyReports;
import org.pintail.mta.Dispatcher;
import org.pintail.mta.Outbox;
import org.pintail.mta.SubmissionPolicy;
import org.pintail.mta.TlsResults;
import org.pintail.mx.MxPolicy;
import org.pintail.mx.MxSettings;
import org.pintail.net.Tls;
import org.pintail.pop3.Pop3Server;
import org.pintail.push.PushSender;
import org.pintail.sasl.Sasl;
import org.pintail.smtp.SmtpLimits;
import org.pintail.smtp.SmtpServer;
import org.pintail.srs.Srs;

/// The whole program, built top to bottom. Starting opens the store, then the listeners of the roles; closing drains them and closes
/// the store last.
public final class Suite implements AutoCloseable {
    private final Config config;
    private final Path data;
    private final String hostname;
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
    private final Listening listening;
    private @Nullable Dispatcher dispatcher;
    private @Nullable EveryMinute everyMinute;
    private @Nullable AdminServer admin;
    private @Nullable PushSender pushSender;
    private Events.@Nullable Watch queueWatch;

    private Suite(Config config, Path data) throws IOException {
        this.config = config;
        this.data = data;
        this.hostname = config.text("server.hostname", Hostname.ofThisMachine());
        Files.createDirectories(data);
        this.tls = TlsFiles.tls(config, data, hostname);
        this.listening = new Listening(config, tls);
        this.dns = MailAuthenticationWiring.resolver(config);
        this.cluster = ClusterEngine.open(config);
        this.store = StoreEngine.openOrClose(config, data, cluster);
        this.mail = new Mail(store, PartSettings.mail(config, hostname), store.clock());
        this.sasl = new Sasl(mail.authentication(), Tokens.of(config));
        this.chores = new Chores(store, store.chores());
        this.outbox = new Outbox(mail, PartSettings.mta(config, hostname));
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
        var push = PushWiring.of(config, authorities);
        var devices = push.map(p -> p.begin(mail));
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
            listening.protocol("mx", "mxs", new SmtpServer(policy, SmtpLimits.DEFAULT, spool));
        }
        if (roles.contains(Role.SUBMISSION)) {
            var policy = new SubmissionPolicy(mail, sasl, outbox, PartSettings.mta(config, hostname));
            listening.protocol("submission", "submissions", new SmtpServer(policy, SmtpLimits.DEFAULT, spool));
        }
        if (roles.contains(Role.LMTP)) {
            var policy = new LmtpPolicy(mail, config.number("mail.max-message-size"), outbox::forward);
            listening.protocol("lmtp", "lmtps", new SmtpServer(policy, SmtpLimits.DEFAULT, spool));
        }
        if (roles.contains(Role.IMAP)) {
            listening.protocol("imap", "imaps", new ImapServer(mail, sasl, devices, PartSettings.imap(config), spool, config.yes("imap.recent")));
        }
        if (roles.contains(Role.POP3)) {
            listening.protocol("pop3", "pop3s", new Pop3Server(mail, sasl, PartSettings.pop3(config)));
        }
        if (roles.contains(Role.API)) {
            openApi();
        }
        if (roles.contains(Role.DELIVERY)) {
            var sts = OutwardParts.sts(config, dns, web, store);
            var outward = new Dispatcher.Outward(dns, keys, srs, sts, config.yes("delivery.dane"), authorities, tlsResults);
            dispatcher = new Dispatcher(mail, outbox, PartSettings.mta(config, hostname), outward);
            dispatcher.start();
        }
        var works = new ArrayList<Runnable>(List.of(tlsResults::flush, dmarcResults::flush));
        if (roles.contains(Role.JOBS)) {
            works.add(OutwardParts.reports(config, hostname, outbox, reportParts(web), store.clock())::run);
        }
        everyMinute = new EveryMinute(works);
        if (roles.contains(Role.JOBS)) {
            chores.start();
            pushSender = push.map(p -> p.sender(mail)).orElse(null);
            if (pushSender != null) {
                pushSender.start();
            }
        }
        if (!ClusterEngine.isLocal(config)) {
            queueWatch = store.queue().watch(() -> cluster.signals().send(Dispatcher.TOPIC, "due"));
        }
        listening.health(mail.health());
        admin = AdminServer.open(AdminServer.socket(data), new Admin(mail, outbox, keys, OutwardParts.site(config, data, dns, web)));
    }

    private DailyReports.Parts reportParts(HttpsClient web) {
        return new DailyReports.Parts(
                store.documents(), dns, web, config.yes("reports.send-dmarc") ? dmarcResults : null, config.yes("reports.send-tls") ? tlsResults : null);
    }

    private void openApi() throws IOException {
        var token = config.text("api.token");
        var effective = token.equals("none") ? null : token.isEmpty() ? ApiToken.of(data) : token;
        var servers = PartSettings.servers(config, hostname);
        listening.api(effective != null, (address, withTls) -> ApiServer.open(
                mail, outbox, new ApiServer.Settings(address, withTls, effective, servers, config.yes("api.metrics"))));
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
        return listening.address(name);
    }

    /// `ready mx=127.0.0.1:2025 submission=…`
    String ready() {
        return listening.ready();
    }

    /// Certificates are read again; a broken file leaves the old ones in place and is told to the caller.
    void reload() throws IOException {
        tls.reload();
    }

    /// Says first that it is not ready, then takes no more, lets what runs come to its end, and closes the store last.
    @Override
    public void close() {
        mail.health().leave();
        if (!listening.isEmpty()) {
            pause(config.duration("server.leave"));
        }
        listening.drain(config.duration("server.drain"));
        chores.close();
        if (pushSender != null) {
            pushSender.close();
        }
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
        listening.close();
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
}
