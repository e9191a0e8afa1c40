package org.pintail.suite;

import java.io.IOException;
import java.io.PrintStream;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import org.pintail.backend.Document;
import org.pintail.mail.Accounts;
import org.pintail.mail.Refusal;
import org.pintail.mime.Source;
import org.pintail.net.Listener;
import org.pintail.net.Tls;
import org.pintail.smtp.SmtpClient;
import org.pintail.smtp.SmtpLimits;
import org.pintail.smtp.SmtpServer;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParseResult;

/// `pintail demo`: everything on loopback, two accounts, real mail through the MX, outgoing mail captured in files.
final class DemoCommand {
    private static final String HOSTNAME = "demo.localhost";
    private static final List<String> SETTINGS = List.of(
            "server.hostname=" + HOSTNAME,
            "server.drain=2s",
            "log.level=warn");
    private static final Map<String, Integer> PORTS = Map.of(
            "mx.listen", 2025,
            "submission.listen", 2587,
            "submission.listen-tls", 2465,
            "imap.listen", 2143,
            "imap.listen-tls", 2993,
            "pop3.listen", 2110,
            "pop3.listen-tls", 2995,
            "lmtp.listen", 2024,
            "api.listen", 8080);

    private DemoCommand() {}

    static CommandSpec spec() {
        var spec = Options.withConfig(CommandSpec.create().name("demo"));
        spec.usageMessage()
                .description(
                        "Starts everything on loopback with a throw-away store, two accounts and some mail, and prints how to use it.",
                        "With --data DIR the store stays there. Outgoing mail is captured in files.");
        return Options.flag(spec, "--once", "ends as soon as everything is up and the mail is there");
    }

    static int run(ParseResult command, PrintStream out) throws IOException {
        boolean keep = Options.has(command, "--data");
        var data = keep ? Options.data(command) : Files.createTempDirectory("pintail-demo-");
        var outgoing = Files.createDirectories(data.resolve("outgoing"));
        try (var sink = sink(data, outgoing)) {
            var sets = new ArrayList<>(SETTINGS);
            PORTS.forEach((key, port) -> sets.add(key + "=127.0.0.1:" + freeOr(port)));
            sets.add("delivery.route=" + org.pintail.suite.Addresses.show(sink.address()));
            List<String> more = command.matchedOptionValue("--set", List.of());
            sets.addAll(more);
            var config = ConfigReader.read(data.resolve("pintail.toml"), Map.of(), sets);
            Logging.configure(config);
            var suite = Suite.start(config, data, EnumSet.allOf(Role.class));
            feed(suite);
            out.print(new DemoGuide(suite, data, outgoing).text());
            out.println(suite.ready());
            out.flush();
            if (Options.has(command, "--once")) {
                suite.close();
            } else {
                ServeCommand.awaitEnd(suite, () -> {
                    if (!keep) {
                        DirectoryTree.delete(data);
                    }
                });
            }
        }
        if (!keep && Options.has(command, "--once")) {
            DirectoryTree.delete(data);
        }
        return 0;
    }

    /// `port`, or 0 (any) where somebody has it: a demo does not fail for that, and prints what it got.
    private static int freeOr(int port) {
        try (var probe = new ServerSocket()) {
            probe.setReuseAddress(true);
            probe.bind(new InetSocketAddress("127.0.0.1", port));
            return port;
        } catch (IOException taken) {
            return 0;
        }
    }

    private static Listener sink(Path data, Path outgoing) throws IOException {
        var spool = Files.createDirectories(data.resolve("spool"));
        var settings = new Listener.Settings(
                "outgoing", new InetSocketAddress("127.0.0.1", 0), false, false, 100, 100);
        var tls = Tls.selfSigned(data.resolve("tls"), List.of(HOSTNAME, "localhost"));
        return Listener.open(settings, tls, new SmtpServer(new CapturePolicy(outgoing), SmtpLimits.DEFAULT, spool));
    }

    private static void feed(Suite suite) throws IOException {
        for (var person : List.of(DemoGuide.ALICE, DemoGuide.BOB)) {
            try {
                var accounts = suite.mail().accounts();
                var made = accounts.create(Accounts.New.of(person, DemoGuide.PASSWORD, person + "@" + HOSTNAME));
                accounts.update(made.id(), Document.of("uploadSentMessages", true)); // so that what is sent can be looked at
            } catch (Refusal e) {
                if (e.code() != Refusal.Code.USER_EXISTS) {
                    throw e;
                }
            }
        }
        var settings = new SmtpClient.Settings(
                "client.example", SmtpClient.TlsMode.OPPORTUNISTIC, null, Duration.ofSeconds(5), Duration.ofSeconds(30), false);
        try (var client = SmtpClient.connect(suite.address("mx"), HOSTNAME, settings)) {
            for (var message : DemoMail.messages(HOSTNAME)) {
                var outcome = client.send(
                        message.sender(), List.of(message.recipient()), Source.of(message.bytes()), message.utf8());
                var reply = outcome.perRecipient().getFirst();
                if (!reply.positive()) {
                    throw new IOException("the MX refused a message of the demo: " + reply.code() + " " + reply.text());
                }
            }
        }
    }
}
