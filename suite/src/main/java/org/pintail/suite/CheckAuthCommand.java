package org.pintail.suite;

import java.io.IOException;
import java.io.PrintStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.pintail.address.IpText;
import org.pintail.auth.AuthReport;
import org.pintail.auth.ReceivedSpf;
import org.pintail.dkim.DkimResult;
import org.pintail.dkim.SignatureTags;
import org.pintail.dmarc.DmarcRecord;
import org.pintail.dmarc.DmarcVerdict;
import org.pintail.mime.Source;
import org.pintail.spf.SpfClient;
import org.pintail.spf.SpfVerdict;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParseResult;

/// `pintail check auth`: what the MX would find out about a message, every step of it.
final class CheckAuthCommand {
    private final PrintStream out;

    CheckAuthCommand(PrintStream out) {
        this.out = out;
    }

    static CommandSpec spec() {
        var spec = Options.withConfig(CommandSpec.create().name("auth"));
        spec.usageMessage()
                .description("Checks SPF, DKIM, ARC and DMARC of a message as if the client had just sent it, and shows each step. Asks the DNS.");
        Options.positional(spec, 0, "FILE", "the message as it came (.eml)");
        Options.text(spec, "--ip", "ADDRESS", "of the client");
        Options.text(spec, "--helo", "NAME", "the client's name in EHLO");
        Options.text(spec, "--from", "ADDRESS", "in MAIL FROM; empty for the null sender");
        return Options.json(spec);
    }

    int run(ParseResult command) throws IOException {
        var config = Options.config(command);
        var hostname = config.text("server.hostname", Hostname.ofThisMachine());
        Logging.configure(config);
        var ip = required(command, "--ip");
        var address = IpText.parse(ip).orElseThrow(() -> new ConfigError("--ip " + ip + ": expected an IPv4 or IPv6 address"));
        var client = new SpfClient(address, required(command, "--helo"), hostname);
        var from = required(command, "--from").replaceAll("^<(.*)>$", "$1");
        var file = Path.of(Options.positional(command, 0));
        if (!Files.isRegularFile(file)) {
            throw new ConfigError(file + ": no such file");
        }
        var dns = new RecordedDns(MailAuthenticationWiring.resolver(config));
        var message = Source.of(crlf(Files.readAllBytes(file)));
        var report = MailAuthenticationWiring.authentication(config, hostname, dns, Clock.systemUTC()).check(client, from, message);
        if (Options.has(command, "--json")) {
            out.println(new Json().write(json(report, client, dns)));
        } else {
            print(report, client, from, dns);
        }
        return 0;
    }

    private static String required(ParseResult command, String option) {
        if (!Options.has(command, option)) {
            throw new ConfigError("check auth: expected " + option);
        }
        return Options.text(command, option, "");
    }

    /// Files often have the line ends of the machine; mail has CRLF.
    private static byte[] crlf(byte[] bytes) {
        var text = new String(bytes, java.nio.charset.StandardCharsets.ISO_8859_1);
        return text.contains("\r\n") ? bytes : text.replace("\n", "\r\n").getBytes(java.nio.charset.StandardCharsets.ISO_8859_1);
    }

    private void print(AuthReport report, SpfClient client, String from, RecordedDns dns) {
        out.println("SPF      client " + IpText.show(client.address()) + ", MAIL FROM <" + from + ">, HELO " + client.helo());
        spf(report.mailFrom());
        report.helo().ifPresent(this::spf);
        out.println();
        out.println("DKIM     " + signatures(report));
        report.dkim().forEach(this::dkim);
        out.println();
        out.println("ARC      " + (report.arc().instances() == 0 ? "no chain" : "a chain of " + report.arc().instances()));
        arc(report);
        out.println();
        out.println("DMARC    author domain " + (report.dmarc().from().isEmpty() ? "not found" : report.dmarc().from()));
        dmarc(report.dmarc());
        line("asked", report.asked().word() + (report.vouched() ? " (a trusted ARC chain vouches for it)" : ""));
        out.println();
        out.println("DNS      " + dns.exchanges().size() + " questions");
        dns.exchanges().forEach(e -> {
            out.println("  " + e.type() + " " + e.name() + ": " + e.outcome() + (e.authenticated() ? " (authenticated)" : ""));
            e.records().forEach(r -> out.println("      " + r));
        });
        out.println();
        out.println(shown(report.results().field()));
        out.println(shown(ReceivedSpf.field(report.mailFrom(), client)));
    }

    private static String shown(String field) {
        return field.replace("\r\n", "\n");
    }

    private void line(String what, String value) {
        if (!value.isEmpty()) {
            out.println(String.format("  %-14s %s", what, value.replaceAll("\\p{Cntrl}", " ")));
        }
    }

    private void spf(SpfVerdict verdict) {
        line(verdict.identity() == SpfVerdict.Identity.HELO ? "HELO" : "MAIL FROM", verdict.result().word());
        line("  record of", verdict.domain());
        line("  matched", verdict.mechanism());
        line("  because", verdict.reason());
        line("  explanation", verdict.explanation().orElse(""));
        line("  lookups", verdict.lookups() + ", " + verdict.voids() + " of them found nothing");
    }

    private static String signatures(AuthReport report) {
        var count = switch (report.dkim().size()) {
            case 0 -> report.message().tooLarge() ? "header too large" : "no signature";
            case 1 -> "1 signature";
            default -> report.dkim().size() + " signatures";
        };
        return report.ignoredSignatures() > 0 ? count + " looked at, " + report.ignoredSignatures() + " more not" : count;
    }

    private void dkim(DkimResult result) {
        var verdict = result.verdict();
        line("result", verdict.status().word() + (verdict.comment().isEmpty() ? "" : ": " + verdict.comment()));
        result.tags().ifPresent(tags -> {
            line("  domain", tags.domain() + ", selector " + tags.selector() + ", for " + tags.identity());
            line("  algorithm", tags.algorithm().word() + ", " + tags.header().word() + "/" + tags.body().word()
                    + (verdict.keyBits() > 0 ? ", key of " + verdict.keyBits() + " bits" : ""));
            line("  signed", String.join(" ", tags.signedFields()));
            line("  body", bodySigned(result, tags));
            line("  made", tags.signedAt().map(Object::toString).orElse(""));
            line("  expires", tags.expires().map(Object::toString).orElse(""));
            tags.copied().forEach(field -> line("  as signed", field));
        });
    }

    private static String bodySigned(DkimResult result, SignatureTags tags) {
        return tags.length() == null ? "all of it" : "the first " + tags.length() + " bytes, " + result.unsigned() + " are not signed";
    }

    private void arc(AuthReport report) {
        line("result", report.arc().status().word() + (report.arc().reason().isEmpty() ? "" : ": " + report.arc().reason()));
        report.arc().links().forEach(link -> line("  i=" + link.instance(), link.sealer() + link.results()
                .map(r -> " found " + String.join(" ", r.rows().stream().map(row -> row.method() + "=" + row.result()).toList()))
                .orElse("")));
    }

    private void dmarc(DmarcVerdict verdict) {
        line("result", verdict.result().word() + (verdict.comment().isEmpty() ? "" : ": " + verdict.comment()));
        verdict.published().ifPresent(p -> {
            line("  policy of", p.domain() + ": " + policy(p.record()));
            line("  alignment", "SPF " + (p.record().strictSpf() ? "strict" : "relaxed") + (verdict.spfAligned() ? " yes" : " no") + ", DKIM "
                    + (p.record().strictDkim() ? "strict" : "relaxed") + (verdict.dkimAligned() ? " yes" : " no"));
        });
    }

    private static String policy(DmarcRecord record) {
        var parts = new ArrayList<String>(List.of("p=" + record.policy().word()));
        record.subdomains().ifPresent(sp -> parts.add("sp=" + sp.word()));
        record.nonexistent().ifPresent(np -> parts.add("np=" + np.word()));
        if (record.percent() < 100) {
            parts.add("pct=" + record.percent());
        }
        if (record.testing()) {
            parts.add("t=y");
        }
        return String.join(" ", parts);
    }

    private static Map<String, Object> json(AuthReport report, SpfClient client, RecordedDns dns) {
        var json = new LinkedHashMap<String, Object>();
        json.put("spf", spf(Optional.of(report.mailFrom())));
        json.put("helo", spf(report.helo()));
        json.put("dkim", report.dkim().stream().map(CheckAuthCommand::json).toList());
        json.put("dkimIgnored", report.ignoredSignatures());
        json.put("arc", Map.of(
                "result", report.arc().status().word(),
                "reason", report.arc().reason(),
                "instances", report.arc().instances(),
                "sealers", report.arc().links().stream().map(l -> l.sealer()).toList(),
                "vouched", report.vouched()));
        json.put("dmarc", json(report.dmarc(), report.asked().word()));
        json.put("dns", dns.exchanges());
        json.put("authenticationResults", report.results().field());
        json.put("receivedSpf", ReceivedSpf.field(report.mailFrom(), client));
        return json;
    }

    private static Map<String, Object> spf(Optional<SpfVerdict> verdict) {
        return verdict.<Map<String, Object>>map(v -> Map.of(
                        "result", v.result().word(),
                        "domain", v.domain(),
                        "sender", v.sender(),
                        "mechanism", v.mechanism(),
                        "reason", v.reason(),
                        "explanation", v.explanation().orElse(""),
                        "lookups", v.lookups(),
                        "voids", v.voids()))
                .orElse(Map.of());
    }

    private static Map<String, Object> json(DkimResult result) {
        var json = new LinkedHashMap<String, Object>();
        json.put("result", result.verdict().status().word());
        json.put("comment", result.verdict().comment());
        json.put("keyBits", result.verdict().keyBits());
        json.put("unsigned", result.unsigned());
        result.tags().ifPresent(tags -> {
            json.put("domain", tags.domain());
            json.put("selector", tags.selector());
            json.put("identity", tags.identity());
            json.put("algorithm", tags.algorithm().word());
            json.put("canonicalization", tags.header().word() + "/" + tags.body().word());
            json.put("signed", tags.signedFields());
        });
        return json;
    }

    private static Map<String, Object> json(DmarcVerdict verdict, String asked) {
        var json = new LinkedHashMap<String, Object>();
        json.put("result", verdict.result().word());
        json.put("from", verdict.from());
        json.put("comment", verdict.comment());
        json.put("spfAligned", verdict.spfAligned());
        json.put("dkimAligned", verdict.dkimAligned());
        json.put("asked", asked);
        verdict.published().ifPresent(p -> {
            json.put("domain", p.domain());
            json.put("policy", policy(p.record()));
        });
        return json;
    }
}
