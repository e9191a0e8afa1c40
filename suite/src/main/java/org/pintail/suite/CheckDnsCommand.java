package org.pintail.suite;

import java.io.PrintStream;
import java.time.Clock;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.pintail.mail.DkimKeys;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParseResult;

/// `pintail check dns DOMAIN`: which records of a domain are there, right or missing, with the text to publish.
final class CheckDnsCommand {
    private final DnsCheck.Site site;
    private final DkimKeys keys;
    private final Clock clock;
    private final PrintStream out;

    CheckDnsCommand(DnsCheck.Site site, DkimKeys keys, Clock clock, PrintStream out) {
        this.site = site;
        this.keys = keys;
        this.clock = clock;
        this.out = out;
    }

    static CommandSpec spec() {
        var spec = Options.withConfig(CommandSpec.create().name("dns"));
        spec.usageMessage()
                .description("Says which MX, SPF, DKIM, DMARC, MTA-STS, TLS-RPT, TLSA and BIMI records of a domain are there, right or missing, "
                        + "and what to publish. Asks the DNS and the web; changes nothing. Exit code 1 when something is missing or wrong.");
        Options.positional(spec, 0, "DOMAIN", "of mail, such as example.org");
        return Options.json(spec);
    }

    int run(ParseResult command) {
        var domain = DnsCheck.domain(Options.positional(command, 0));
        var findings = DnsCheck.of(site, keys, clock, domain);
        if (Options.has(command, "--json")) {
            var shown = new LinkedHashMap<String, Object>();
            shown.put("domain", domain);
            shown.put("records", findings.stream().map(CheckDnsCommand::json).toList());
            out.println(new Json().write(shown));
        } else {
            findings.forEach(this::show);
        }
        boolean good = findings.stream().allMatch(f -> f.state() == DnsCheck.State.OK || f.state() == DnsCheck.State.NOTE);
        return good ? 0 : 1;
    }

    private void show(DnsCheck.Finding finding) {
        out.printf(Locale.ROOT, "%-8s %-8s %s: %s%n", finding.state(), finding.kind(), finding.name(), printable(finding.text()));
        finding.found().forEach(f -> out.println("           is:      " + printable(f)));
        for (var text : finding.publish()) {
            for (var line : text.split("\n")) {
                out.println("           publish: " + line);
            }
        }
    }

    /// Records of strangers must not move the cursor.
    private static String printable(String text) {
        return text.replaceAll("[^\\x20-\\x7e]", "?");
    }

    private static Map<String, Object> json(DnsCheck.Finding finding) {
        var shown = new LinkedHashMap<String, Object>();
        shown.put("kind", finding.kind());
        shown.put("name", finding.name());
        shown.put("state", finding.state().name().toLowerCase(Locale.ROOT));
        shown.put("text", finding.text());
        shown.put("found", List.copyOf(finding.found()));
        shown.put("publish", finding.publish());
        return shown;
    }
}
