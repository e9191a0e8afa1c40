package org.pintail.suite;

import java.io.IOException;
import java.io.PrintStream;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import picocli.CommandLine;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.ParseResult;

/// Reads a command line and runs it. Exit codes: 0 done, 1 failed, 2 wrong use or configuration.
final class CommandLineInterface {
    static final int WRONG_USE = 2;
    private final PrintStream out;
    private final PrintStream err;

    CommandLineInterface(PrintStream out, PrintStream err) {
        this.out = out;
        this.err = err;
    }

    private static CommandLine commandLine() {
        var root = CommandSpec.create().name("pintail").mixinStandardHelpOptions(true);
        root.version("Pintail " + Version.TEXT);
        root.usageMessage()
                .description("A complete mail server: MX, submission, IMAP, POP3, LMTP and an HTTP API in one program.")
                .footer("", "`pintail COMMAND --help` tells more about each. Exit codes: 0 done, 1 failed, 2 wrong use.");
        root.addSubcommand("serve", ServeCommand.spec());
        root.addSubcommand("demo", DemoCommand.spec());
        root.addSubcommand("user", UserCommands.spec());
        root.addSubcommand("queue", QueueCommands.spec());
        root.addSubcommand("dkim", DkimCommands.spec());
        root.addSubcommand("check", CheckCommand.spec());
        root.addSubcommand("reports", ReportsCommand.spec());
        root.addSubcommand("store", StoreCommands.spec());
        root.addSubcommand("config", ConfigCommand.spec());
        return new CommandLine(root);
    }

    int run(List<String> args) {
        var line = commandLine();
        try {
            var parsed = line.parseArgs(args.toArray(String[]::new));
            return run(parsed, args);
        } catch (ParameterException e) {
            err.println(e.getMessage());
            e.getCommandLine().usage(err);
            return WRONG_USE;
        } catch (ConfigError e) {
            e.problems().forEach(problem -> err.println("pintail: " + problem));
            return WRONG_USE;
        } catch (org.pintail.mail.Refusal e) {
            err.println("pintail: " + e.text());
            return 1;
        } catch (org.pintail.backend.StoreException | IOException e) {
            err.println("pintail: " + e.getMessage());
            return 1;
        }
    }

    private int run(ParseResult root, List<String> args) throws IOException {
        var deepest = Options.deepest(root);
        if (deepest.isUsageHelpRequested()) {
            deepest.commandSpec().commandLine().usage(new PrintWriter(out, true));
            return 0;
        }
        if (root.isVersionHelpRequested()) {
            out.println("Pintail " + Version.TEXT);
            return 0;
        }
        boolean whole = deepest.commandSpec().name().equals("check"); // it does something without a word behind it
        if (!root.hasSubcommand() || !whole && deepest.commandSpec().subcommands().size() > 0) {
            deepest.commandSpec().commandLine().usage(new PrintWriter(err, true));
            return WRONG_USE;
        }
        var command = root.subcommand();
        return switch (command.commandSpec().name()) {
            case "serve" -> ServeCommand.run(command, out);
            case "demo" -> DemoCommand.run(command, out);
            case "config" -> ConfigCommand.run(out);
            case "check" -> deepest.commandSpec().name().equals("auth") ? new CheckAuthCommand(out).run(deepest) : administer(deepest, args);
            case "store" -> new StoreCommands(out).run(deepest);
            default -> administer(deepest, args);
        };
    }

    /// Administration goes to the running server of the data directory, or straight to the store when none runs.
    private int administer(ParseResult command, List<String> args) throws IOException {
        var data = Options.data(command);
        var prepared = Passwords.fromStandardInput(new ArrayList<>(args), System.in);
        var socket = AdminServer.socket(data);
        if (AdminServer.answers(socket)) {
            return AdminServer.send(socket, Path.of("").toAbsolutePath(), prepared, out, err);
        }
        try (var session = OfflineSession.open(Options.config(command), data)) {
            return session.admin().run(prepared, Path.of("").toAbsolutePath(), out, err);
        }
    }

    /// Parses for [Admin], which runs where the store is open.
    static ParseResult parse(List<String> args) {
        return commandLine().parseArgs(args.toArray(String[]::new));
    }
}
