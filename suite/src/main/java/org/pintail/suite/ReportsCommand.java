package org.pintail.suite;

import java.io.PrintStream;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.pintail.backend.Document;
import org.pintail.backend.Store;
import org.pintail.mail.ReceivedReports;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParseResult;

/// `pintail reports`: what others reported about our domains.
final class ReportsCommand {
    private static final int PAGE = 100;
    private final Store store;
    private final PrintStream out;

    ReportsCommand(Store store, PrintStream out) {
        this.store = store;
        this.out = out;
    }

    static CommandSpec spec() {
        var spec = Options.withConfig(CommandSpec.create().name("reports"));
        spec.usageMessage()
                .description("Lists DMARC and TLS reports that were received at reports.address in the last 90 days, newest first.");
        return Options.json(spec);
    }

    int run(ParseResult command) {
        boolean asJson = Options.has(command, "--json");
        long count = 0;
        @Nullable Document after = null;
        while (true) {
            var page = ReceivedReports.list(store, after, PAGE);
            for (var report : page) {
                count++;
                out.println(asJson ? new Json().write(json(report)) : line(report));
            }
            if (page.size() < PAGE) {
                break;
            }
            after = page.getLast();
        }
        if (!asJson) {
            out.println(count + (count == 1 ? " report" : " reports"));
        }
        return 0;
    }

    private static String line(Document r) {
        return r.string("kind", "") + " domain=" + shown(r, "domain") + " from=" + time(r, "begin") + " to=" + time(r, "end") + " good=" + r.number("good")
                + " failed=" + r.number("failed") + " by=\"" + shown(r, "organization") + "\"" + (r.bool("confirmed") ? "" : " (sender not confirmed)");
    }

    /// Texts of strangers must not move the cursor.
    private static String shown(Document r, String name) {
        return r.string(name, "").replaceAll("[^\\x20-\\x7e]", "?");
    }

    private static String time(Document r, String name) {
        return r.instant(name).map(Instant::toString).orElse("");
    }

    private static Map<String, Object> json(Document r) {
        var shown = new LinkedHashMap<String, Object>();
        for (var name : List.of("kind", "domain", "organization", "reportId")) {
            shown.put(name, r.string(name, ""));
        }
        for (var name : List.of("begin", "end", "received")) {
            shown.put(name, time(r, name));
        }
        shown.put("confirmed", r.bool("confirmed"));
        shown.put("good", r.number("good"));
        shown.put("failed", r.number("failed"));
        shown.put("rows", r.documents("rows").stream().map(Document::fields).toList());
        return shown;
    }
}
