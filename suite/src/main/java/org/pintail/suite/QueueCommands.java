package org.pintail.suite;

import java.io.PrintStream;
import java.time.Clock;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.pintail.backend.Queue;
import org.pintail.backend.QueueRow;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParseResult;

/// `pintail queue …`: what waits to be sent, and what to do about it.
final class QueueCommands {
    private static final int PAGE = 1000;
    private final Queue queue;
    private final Clock clock;
    private final PrintStream out;
    private final PrintStream err;
    private final Json json = new Json();

    QueueCommands(Queue queue, Clock clock, PrintStream out, PrintStream err) {
        this.queue = queue;
        this.clock = clock;
        this.out = out;
        this.err = err;
    }

    static CommandSpec spec() {
        var spec = Options.withConfig(CommandSpec.create().name("queue"));
        spec.usageMessage().description("Lists what waits to be sent, and holds, releases, retries or purges it.");
        spec.addSubcommand("list", Options.json(described("list", "Lists every recipient that waits, oldest first.")));
        spec.addSubcommand("hold", row("hold", "Keeps a recipient in the queue without trying."));
        spec.addSubcommand("release", row("release", "Ends a hold."));
        spec.addSubcommand("retry", row("retry", "Tries a recipient now."));
        spec.addSubcommand("purge", row("purge", "Removes a recipient without a bounce."));
        return spec;
    }

    private static CommandSpec described(String name, String description) {
        var spec = Options.withConfig(CommandSpec.create().name(name));
        spec.usageMessage().description(description);
        return spec;
    }

    private static CommandSpec row(String name, String description) {
        var spec = described(name, description);
        return Options.positional(Options.json(spec), 0, "ID.SEQ", "queue id and sequence number as listed, such as 18c2f….001");
    }

    int run(ParseResult command) {
        var name = command.commandSpec().name();
        if (name.equals("list")) {
            return list(Options.has(command, "--json"));
        }
        var text = Options.positional(command, 0);
        int dot = text.indexOf('.');
        if (dot < 1) {
            throw new ConfigError(text + ": expected ID.SEQ as `pintail queue list` shows it");
        }
        boolean done = act(name, text.substring(0, dot), text.substring(dot + 1));
        if (Options.has(command, "--json")) {
            out.println(json.write(Map.of("row", text, "action", name, "done", done)));
        } else if (done) {
            out.println(name + " " + text + ": done");
        } else {
            err.println("pintail: " + text + ": not in the queue, or being delivered right now");
        }
        return done ? 0 : 1;
    }

    private boolean act(String name, String id, String seq) {
        return switch (name) {
            case "hold" -> queue.hold(id, seq, true);
            case "release" -> queue.hold(id, seq, false);
            case "retry" -> queue.retryNow(id, seq, clock.instant());
            case "purge" -> queue.purge(id, seq, clock.instant());
            default -> throw new ConfigError("queue: expected list, hold, release, retry or purge");
        };
    }

    private int list(boolean asJson) {
        @Nullable QueueRow after = null;
        long count = 0;
        while (true) {
            var page = queue.list(after, PAGE);
            for (var row : page) {
                count++;
                out.println(asJson ? json.write(describe(row)) : line(row));
            }
            if (page.size() < PAGE) {
                break;
            }
            after = page.getLast();
        }
        if (!asJson) {
            out.println(count + (count == 1 ? " recipient" : " recipients") + " in the queue");
        }
        return 0;
    }

    private static String line(QueueRow row) {
        return row.id() + "." + row.seq() + " to=" + row.recipient() + " state=" + state(row) + " attempts=" + row.attempts()
                + " due=" + row.due() + (row.lastResponse().isEmpty() ? "" : " last=\"" + row.lastResponse() + "\"");
    }

    private static String state(QueueRow row) {
        if (row.held()) {
            return "held";
        }
        return row.lease() != 0 ? "sending" : row.attempts() > 0 ? "deferred" : "queued";
    }

    private static Map<String, Object> describe(QueueRow row) {
        var shown = new LinkedHashMap<String, Object>();
        shown.put("id", row.id());
        shown.put("seq", row.seq());
        shown.put("recipient", row.recipient());
        shown.put("state", state(row));
        shown.put("attempts", row.attempts());
        shown.put("created", row.created().toString());
        shown.put("due", row.due().toString());
        shown.put("lastResponse", row.lastResponse());
        return shown;
    }
}
