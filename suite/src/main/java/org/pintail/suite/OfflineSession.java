package org.pintail.suite;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.pintail.backend.Cluster;
import org.pintail.backend.Store;
import org.pintail.mail.DkimKeys;
import org.pintail.mail.Mail;
import org.pintail.mta.Outbox;

/// The store opened for one administrative command while no server runs.
record OfflineSession(Store store, Cluster cluster, Admin admin) implements AutoCloseable {
    static OfflineSession open(Config config, Path data) throws IOException {
        if (config.text("store.engine").equals("memory")) {
            throw new ConfigError("store.engine = \"memory\": expected a running server, because this store is only in its memory");
        }
        Logging.configure(config);
        Files.createDirectories(data);
        var hostname = config.text("server.hostname", Hostname.ofThisMachine());
        var dns = MailAuthenticationWiring.resolver(config);
        var cluster = ClusterEngine.open(config);
        var store = Suite.openStore(config, data, cluster);
        var mail = new Mail(store, Suite.mailSettings(config, hostname), store.clock());
        var keys = new DkimKeys(store.documents(), config.text("dkim.secret"), mail.clock());
        var site = OutwardParts.site(config, data, dns, OutwardParts.web(dns, OutwardParts.authorities(config)));
        return new OfflineSession(store, cluster, new Admin(mail, new Outbox(mail, Suite.mtaSettings(config, hostname)), keys, site));
    }

    @Override
    public void close() {
        store.close();
        cluster.close();
    }
}
