package org.pintail.suite;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import org.pintail.backend.Store;
import org.pintail.mail.Mail;
import org.pintail.mta.Outbox;

/// The store opened for one administrative command while no server runs.
record OfflineSession(Store store, Admin admin) implements AutoCloseable {
    static OfflineSession open(Config config, Path data) throws IOException {
        if (config.text("store.engine").equals("memory")) {
            throw new ConfigError("store.engine = \"memory\": expected a running server, because this store is only in its memory");
        }
        Logging.configure(config);
        Files.createDirectories(data);
        var hostname = config.text("server.hostname", Hostname.ofThisMachine());
        var store = Suite.openStore(config, data);
        var mail = new Mail(store, Suite.mailSettings(config, hostname), Clock.systemUTC());
        return new OfflineSession(store, new Admin(mail, new Outbox(mail, Suite.mtaSettings(config, hostname))));
    }

    @Override
    public void close() {
        store.close();
    }
}
