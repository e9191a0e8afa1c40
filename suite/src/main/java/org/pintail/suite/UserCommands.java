package org.pintail.suite;

import java.io.IOException;
import java.io.PrintStream;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.pintail.backend.AccountId;
import org.pintail.backend.Document;
import org.pintail.backend.ObjectId;
import org.pintail.mail.Account;
import org.pintail.mail.Accounts;
import org.pintail.mail.Mail;
import org.pintail.mail.Refusal;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParseResult;

/// `pintail user …`: accounts from the command line.
final class UserCommands {
    private static final int PAGE = 1000;
    private final Mail mail;
    private final Path directory;
    private final PrintStream out;
    private final PrintStream err;
    private final Json json = new Json();

    UserCommands(Mail mail, Path directory, PrintStream out, PrintStream err) {
        this.mail = mail;
        this.directory = directory;
        this.out = out;
        this.err = err;
    }

    static CommandSpec spec() {
        var spec = Options.withConfig(CommandSpec.create().name("user"));
        spec.usageMessage().description("Adds, lists, shows, changes and deletes accounts, on a running server or on its store.");
        spec.addSubcommand("add", withPassword(named("add", "Adds an account.", "NAME", "user name or address")));
        spec.addSubcommand("list", Options.json(described("list", "Lists all accounts.")));
        spec.addSubcommand(
                "show", Options.json(named("show", "Shows an account.", "NAME", "user name, address or id")));
        spec.addSubcommand(
                "passwd", withPassword(named("passwd", "Sets a password.", "NAME", "user name, address or id")));
        spec.addSubcommand(
                "delete", Options.json(named("delete", "Deletes an account with all its mail.", "NAME", "user name, address or id")));
        spec.addSubcommand("import", UserImport.spec());
        return spec;
    }

    private static CommandSpec described(String name, String description) {
        var spec = Options.withConfig(CommandSpec.create().name(name));
        spec.usageMessage().description(description);
        return spec;
    }

    private static CommandSpec named(String name, String description, String label, String help) {
        return Options.positional(described(name, description), 0, label, help);
    }

    private static CommandSpec withPassword(CommandSpec spec) {
        Options.text(spec, "--password", "PASSWORD", "the password; without any, one is made and printed");
        Options.flag(spec, "--password-stdin", "reads the password from the first line of standard input");
        if (spec.name().equals("add")) {
            Options.text(spec, "--address", "ADDRESS", "main address, default NAME or NAME@hostname");
            Options.text(spec, "--name", "TEXT", "the person's name");
            Options.text(spec, "--quota", "SIZE", "quota such as 5GB, default that of the configuration");
            Options.text(spec, "--language", "CODE", "language of the mailbox names, such as de");
        }
        return Options.json(spec);
    }

    int run(ParseResult command) throws IOException {
        return switch (command.commandSpec().name()) {
            case "add" -> add(command);
            case "list" -> list(command);
            case "show" -> show(command);
            case "passwd" -> passwd(command);
            case "delete" -> delete(command);
            case "import" -> new UserImport(mail, out, err).run(directory.resolve(Options.positional(command, 0)));
            default -> throw new ConfigError("user: expected add, list, show, passwd, delete or import");
        };
    }

    private int add(ParseResult command) {
        var given = Options.text(command, "--password", "");
        var password = given.isEmpty() ? Passwords.random() : given;
        var fields = new LinkedHashMap<String, @Nullable Object>();
        putText(fields, "name", Options.text(command, "--name", ""));
        var quota = Options.text(command, "--quota", "");
        if (!quota.isEmpty()) {
            fields.put("quota", size("--quota", quota));
        }
        var account = mail.accounts()
                .create(new Accounts.New(
                        Options.positional(command, 0),
                        password,
                        false,
                        false,
                        orNull(Options.text(command, "--address", "")),
                        false,
                        orNull(Options.text(command, "--language", "")),
                        new Document(fields)));
        var shown = describe(account);
        if (given.isEmpty()) {
            shown.put("password", password);
        }
        print(command, "added", shown);
        return 0;
    }

    private int list(ParseResult command) {
        @Nullable AccountId after = null;
        while (true) {
            var page = mail.accounts().list(after, PAGE);
            for (var account : page) {
                if (Options.has(command, "--json")) {
                    out.println(json.write(describe(account)));
                } else {
                    out.printf("%s  %-24s %-32s %12d%n", account.id().hex(), account.username(), account.address(), usage(account));
                }
            }
            if (page.size() < PAGE) {
                return 0;
            }
            after = page.getLast().id();
        }
    }

    private int show(ParseResult command) {
        print(command, "user", describe(find(Options.positional(command, 0))));
        return 0;
    }

    private int passwd(ParseResult command) {
        var account = find(Options.positional(command, 0));
        var given = Options.text(command, "--password", "");
        var password = given.isEmpty() ? Passwords.random() : given;
        mail.accounts().changePassword(account.id(), password, false);
        var shown = new LinkedHashMap<String, Object>(Map.of("username", account.username()));
        if (given.isEmpty()) {
            shown.put("password", password);
        }
        print(command, "password changed", shown);
        return 0;
    }

    private int delete(ParseResult command) {
        var account = find(Options.positional(command, 0));
        mail.accounts().delete(account.id());
        var shown = new LinkedHashMap<String, Object>();
        shown.put("username", account.username());
        shown.put("id", account.id().hex());
        print(command, "deleted", shown);
        return 0;
    }

    private Account find(String name) {
        var byId = ObjectId.parse(name).flatMap(id -> mail.accounts().find(new AccountId(id)));
        return byId.or(() -> mail.accounts().find(name))
                .or(() -> org.pintail.address.MailAddress.parse(name)
                        .flatMap(address -> mail.addresses().resolve(address, false))
                        .flatMap(found -> found instanceof org.pintail.mail.Addresses.Resolved.OfAccount of
                                ? mail.accounts().find(of.account())
                                : java.util.Optional.empty()))
                .orElseThrow(() -> new Refusal(Refusal.Code.NO_SUCH_USER, "no account named \"" + name + "\""));
    }

    private Map<String, Object> describe(Account account) {
        var shown = new LinkedHashMap<String, Object>();
        shown.put("id", account.id().hex());
        shown.put("username", account.username());
        shown.put("address", account.address());
        shown.put("name", account.name());
        shown.put("used", usage(account));
        shown.put("quota", mail.accounts().quota(account));
        shown.put("disabled", account.disabled());
        return shown;
    }

    private long usage(Account account) {
        return mail.accounts().usage(account.id());
    }

    private void print(ParseResult command, String what, Map<String, Object> shown) {
        if (Options.has(command, "--json")) {
            out.println(json.write(shown));
            return;
        }
        var line = new StringBuilder(what);
        shown.forEach((key, value) -> line.append(' ').append(key).append('=').append(value));
        out.println(line);
    }

    static long size(String option, String text) {
        try {
            return ConfigValue.size(text);
        } catch (IllegalArgumentException e) {
            throw new ConfigError(option + " " + text + ": expected a size such as 5GB");
        }
    }

    private static void putText(Map<String, @Nullable Object> fields, String name, String value) {
        if (!value.isEmpty()) {
            fields.put(name, value);
        }
    }

    private static @Nullable String orNull(String text) {
        return text.isEmpty() ? null : text;
    }
}
