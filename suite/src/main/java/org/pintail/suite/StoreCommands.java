package org.pintail.suite;

import java.io.IOException;
import java.io.PrintStream;
import org.pintail.backend.Store;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParseResult;

/// `pintail store …`: moving an installation from one kind of store to another, and checking one. No server may use an embedded store
/// meanwhile, and none may change what is copied.
final class StoreCommands {
    private final PrintStream out;

    StoreCommands(PrintStream out) {
        this.out = out;
    }

    static CommandSpec spec() {
        var spec = Options.withConfig(CommandSpec.create().name("store"));
        spec.usageMessage().description("Copies a store into another, or checks one.");
        var copy = Options.withConfig(CommandSpec.create().name("copy"));
        copy.usageMessage().description(
                "Copies accounts, mailboxes, messages and the queue with all their ids, uids and modseqs, then compares every byte.",
                "What only another program that shares the database speaks of stays behind and is counted.",
                "Stop the servers first. Begin again after an interruption: what was copied stays.");
        Options.text(copy, "--from", "STORE", "rocksdb:DIR or mongodb://host/database");
        Options.text(copy, "--to", "STORE", "rocksdb:DIR or mongodb://host/database");
        Options.flag(copy, "--into", "adds to a target that is not empty");
        spec.addSubcommand("copy", copy);
        var check = Options.withConfig(CommandSpec.create().name("check"));
        check.usageMessage().description(
                "Compares counters, references and indexes with what they count. Exit code 1 when something is wrong and was left so.");
        Options.text(check, "--store", "STORE", "rocksdb:DIR or mongodb://host/database, default that of the configuration");
        Options.flag(check, "--repair", "puts right what is wrong");
        spec.addSubcommand("check", check);
        return spec;
    }

    int run(ParseResult command) throws IOException {
        Logging.configure(Options.config(command)); // before a store opens: what it reads and writes is nobody's to see
        return command.commandSpec().name().equals("copy") ? copy(command) : check(command);
    }

    private static StoreAddress address(ParseResult command, String option) {
        var text = Options.text(command, option, "");
        if (text.isEmpty()) {
            throw new ConfigError(option + ": expected rocksdb:DIR or mongodb://host/database");
        }
        return new StoreAddress(text);
    }

    private int copy(ParseResult command) throws IOException {
        var from = address(command, "--from");
        var to = address(command, "--to");
        if (from.equals(to)) {
            throw new ConfigError("--to: expected another store than --from");
        }
        var config = Options.config(command);
        try (var source = from.open(config, true);
                var target = to.open(config, false)) {
            long began = System.nanoTime();
            var result = new StoreCopy(source, target, new StoreCopy.Progress(out)).run(Options.has(command, "--into"));
            result.problems().forEach(p -> out.println("PROBLEM " + p));
            result.left().forEach((kind, count) -> out.println("LEFT BEHIND " + kind + ": " + count));
            double seconds = (System.nanoTime() - began) / 1e9;
            out.printf(
                    "copied %s to %s: documents=%d mailboxes=%d messages=%d bytes=%d queued=%d seconds=%.1f left-behind=%d problems=%d%n", from.shown(),
                    to.shown(), result.documents(), result.mailboxes(), result.messages(), result.bytes(), result.queued(), seconds,
                    result.left().values().stream().mapToLong(Long::longValue).sum(), result.problems().size());
            return result.problems().isEmpty() ? 0 : 1;
        }
    }

    private int check(ParseResult command) throws IOException {
        boolean repair = Options.has(command, "--repair");
        try (var store = store(command)) {
            long problems = store.check(repair, text -> out.println("PROBLEM " + text));
            out.println("checked problems=" + problems + (repair && problems > 0 ? " repaired" : ""));
            return problems == 0 || repair ? 0 : 1;
        }
    }

    private static Store store(ParseResult command) throws IOException {
        var config = Options.config(command);
        var named = Options.text(command, "--store", "");
        return named.isEmpty()
                ? OfflineSession.open(config, Options.data(command)).store()
                : new StoreAddress(named).open(config, true);
    }
}
