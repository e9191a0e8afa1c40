package org.pintail.suite;

import java.io.IOException;
import java.io.PrintStream;
import java.nio.file.Files;
import java.util.concurrent.CountDownLatch;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParseResult;

/// `pintail serve`: runs the server until SIGTERM.
final class ServeCommand {
    private static final Logger LOG = LoggerFactory.getLogger(ServeCommand.class);

    private ServeCommand() {}

    static CommandSpec spec() {
        var spec = Options.withConfig(CommandSpec.create().name("serve"));
        spec.usageMessage()
                .description(
                        "Runs the server. Prints one line `ready mx=… imap=…` when every listener is up.",
                        "SIGTERM drains and ends it, SIGHUP reads certificates again.");
        return Options.text(
                spec, "--roles", "ROLES", "what this node does, default all: imap,pop3,api,lmtp,mx,submission,delivery,jobs");
    }

    static int run(ParseResult command, PrintStream out) throws IOException {
        var config = Options.config(command);
        var data = Options.data(command);
        Logging.configure(config);
        var roles = Options.has(command, "--roles") ? Role.parse(Options.text(command, "--roles", "")) : Role.all();
        boolean firstStart = !Files.exists(ApiToken.file(data));
        var suite = Suite.start(config, data, roles);
        if (firstStart && Files.exists(ApiToken.file(data))) {
            LOG.info("api token made file={}", ApiToken.file(data));
        }
        out.println(suite.ready());
        out.flush();
        awaitEnd(suite, () -> {});
        return 0;
    }

    /// Blocks until the process is told to end (SIGTERM, SIGINT), then drains the suite. `afterwards` runs when everything is closed.
    static void awaitEnd(Suite suite, Runnable afterwards) {
        var told = new CountDownLatch(1);
        Signals.on("TERM", told::countDown);
        Signals.on("INT", told::countDown);
        Signals.on("HUP", () -> reload(suite));
        try {
            told.await();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        suite.close();
        afterwards.run();
    }

    private static void reload(Suite suite) {
        try {
            suite.reload();
            LOG.info("certificates read again");
        } catch (IOException e) {
            LOG.error("certificates not read, the old ones stay error={}", e.toString());
        }
    }
}
