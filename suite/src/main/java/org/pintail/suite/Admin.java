package org.pintail.suite;

import java.io.IOException;
import java.io.PrintStream;
import java.nio.file.Path;
import java.util.List;
import org.pintail.backend.StoreException;
import org.pintail.mail.DkimKeys;
import org.pintail.mail.Mail;
import org.pintail.mail.Refusal;
import org.pintail.mta.Outbox;

/// Runs administrative commands where the store is open: in the server, or in a short-lived process when none runs.
final class Admin {
    private final Mail mail;
    private final Outbox outbox;
    private final DkimKeys keys;
    private final DnsCheck.Site site;

    Admin(Mail mail, Outbox outbox, DkimKeys keys, DnsCheck.Site site) {
        this.site = site;
        this.keys = keys;
        this.mail = mail;
        this.outbox = outbox;
    }

    /// `args` are the whole command line, `directory` is where it was given.
    int run(List<String> args, Path directory, PrintStream out, PrintStream err) {
        var parsed = CommandLineInterface.parse(args).subcommand();
        try {
            return switch (parsed.commandSpec().name()) {
                case "user" -> new UserCommands(mail, directory, out, err).run(parsed.subcommand());
                case "queue" -> new QueueCommands(outbox.queue(), mail.clock(), out, err).run(parsed.subcommand());
                case "reports" -> new ReportsCommand(mail.store(), out).run(parsed);
                case "dkim" -> new DkimCommands(keys, mail.clock(), directory, out).run(parsed.subcommand());
                case "check" -> parsed.hasSubcommand()
                        ? new CheckDnsCommand(site, keys, mail.clock(), out).run(parsed.subcommand())
                        : new CheckCommand(mail, out).run(parsed);
                default -> throw new ConfigError(parsed.commandSpec().name() + ": expected an administrative command");
            };
        } catch (ConfigError e) {
            e.problems().forEach(problem -> err.println("pintail: " + problem));
            return CommandLineInterface.WRONG_USE;
        } catch (Refusal e) {
            err.println("pintail: " + e.text());
            return 1;
        } catch (StoreException | IOException e) {
            err.println("pintail: " + e.getMessage());
            return 1;
        }
    }
}
