package org.pintail.suite;

import java.io.IOException;
import java.io.PrintStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.pintail.backend.Document;
import org.pintail.backend.Documents;
import org.pintail.dkim.Algorithm;
import org.pintail.dkim.SigningKey;
import org.pintail.mail.DkimKeys;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParseResult;

/// `pintail dkim`: keys to sign mail with, and what the DNS must say for them.
final class DkimCommands {
    private static final int PAGE = 100;
    private final DkimKeys keys;
    private final Clock clock;
    private final Path directory;
    private final PrintStream out;

    DkimCommands(DkimKeys keys, Clock clock, Path directory, PrintStream out) {
        this.keys = keys;
        this.clock = clock;
        this.directory = directory;
        this.out = out;
    }

    static CommandSpec spec() {
        var root = CommandSpec.create().name("dkim");
        root.usageMessage().description("Keys that outgoing mail is signed with. DOMAIN may be *.example.com (all below) or * (all that have no other).");
        var create = one("create", "Makes a key (RSA, 2048 bits) and prints the DNS record to publish. An earlier key of the domain is replaced.");
        Options.text(create, "--selector", "NAME", "default: the date, as in d20260301");
        Options.text(create, "--key", "FILE", "takes this private key (PEM) instead of making one");
        Options.flag(create, "--ed25519", "makes an Ed25519 key as well; mail gets two signatures");
        root.addSubcommand("create", create);
        root.addSubcommand("show", one("show", "Prints the DNS records of a domain's keys."));
        root.addSubcommand("list", Options.json(Options.withConfig(CommandSpec.create().name("list"))));
        root.addSubcommand("delete", one("delete", "Deletes the keys of a domain; its mail is not signed any more."));
        return root;
    }

    private static CommandSpec one(String name, String help) {
        var spec = Options.json(Options.withConfig(CommandSpec.create().name(name)));
        spec.usageMessage().description(help);
        return Options.positional(spec, 0, "DOMAIN", "whose mail is signed");
    }

    int run(ParseResult command) throws IOException {
        boolean json = Options.has(command, "--json");
        return switch (command.commandSpec().name()) {
            case "create" -> create(command, json);
            case "show" -> show(Options.positional(command, 0), json);
            case "list" -> list(json);
            default -> delete(Options.positional(command, 0), json);
        };
    }

    private int create(ParseResult command, boolean json) throws IOException {
        var domain = Options.positional(command, 0);
        var date = DateTimeFormatter.ofPattern("yyyyMMdd").format(LocalDate.ofInstant(clock.instant(), ZoneOffset.UTC));
        var selector = Options.text(command, "--selector", "d" + date);
        if (!selector.matches("[A-Za-z0-9]([A-Za-z0-9_.-]{0,61}[A-Za-z0-9])?")) {
            throw new ConfigError("--selector " + selector + ": expected letters, digits, - and .");
        }
        var made = new ArrayList<DkimKeys.Key>();
        made.add(new DkimKeys.Key(domain, selector, key(Options.text(command, "--key", ""))));
        if (Options.has(command, "--ed25519") && made.getFirst().key().algorithm() != Algorithm.ED25519_SHA256) {
            made.add(new DkimKeys.Key(domain, selector + "-ed", SigningKey.generateEd25519()));
        }
        keys.put(domain, made, "");
        return show(domain, json);
    }

    private SigningKey key(String file) throws IOException {
        if (file.isEmpty()) {
            return SigningKey.generateRsa();
        }
        try {
            return SigningKey.parse(Files.readString(directory.resolve(file)));
        } catch (IllegalArgumentException e) {
            throw new ConfigError("--key " + file + ": " + e.getMessage());
        }
    }

    private int show(String domain, boolean json) {
        var document = keys.find(domain).orElse(null);
        if (document == null) {
            throw new ConfigError(domain + ": no key");
        }
        var records = records(document);
        if (json) {
            out.println(new Json().write(Map.of("domain", document.string("domain", ""), "records", records)));
            return 0;
        }
        for (var record : records) {
            out.println("name   " + record.get("name"));
            out.println("TXT    " + record.get("value"));
            out.println("zone   " + record.get("zone"));
            out.println();
        }
        return 0;
    }

    private List<Map<String, String>> records(Document document) {
        var found = new ArrayList<Map<String, String>>();
        var domain = document.string("domain", "");
        for (var key : keys.of(domain)) {
            var record = new LinkedHashMap<String, String>();
            var of = domain.startsWith("*") ? "DOMAIN" : key.domain(); // a key for many: the record goes under each of them
            record.put("name", key.selector() + "._domainkey." + of);
            record.put("value", key.key().record());
            record.put("zone", key.key().zoneLine(key.selector(), of));
            found.add(record);
        }
        return found;
    }

    private int list(boolean json) {
        Documents.@Nullable Place after = null;
        while (true) {
            var page = keys.list(after, PAGE);
            for (var document : page) {
                var line = Map.of(
                        "domain", document.string("domain", ""),
                        "selector", document.string("selector", ""),
                        "fingerprint", document.string("fingerprint", ""));
                out.println(json ? new Json().write(line) : line.get("domain") + "  " + line.get("selector") + "  " + line.get("fingerprint"));
            }
            if (page.size() < PAGE) {
                return 0;
            }
            var last = page.getLast();
            after = new Documents.Place(List.of(last.string("domain", "")), last.id());
        }
    }

    private int delete(String domain, boolean json) {
        if (!keys.delete(domain)) {
            throw new ConfigError(domain + ": no key");
        }
        out.println(json ? new Json().write(Map.of("deleted", domain)) : "deleted " + domain);
        return 0;
    }
}
