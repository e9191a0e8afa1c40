package org.pintail.suite;

import java.io.IOException;
import java.io.PrintStream;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.pintail.backend.AccountId;
import org.pintail.backend.Flags;
import org.pintail.backend.Mailbox;
import org.pintail.backend.MessageRow;
import org.pintail.backend.StoreException;
import org.pintail.mail.Account;
import org.pintail.mail.Mail;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParseResult;

/// `pintail check`: does the store agree with itself? Counters against rows, usage against sizes, and with `--bodies` every byte.
final class CheckCommand {
    private static final int PAGE = 100;
    private final Mail mail;
    private final PrintStream out;
    private long accounts;
    private long messages;
    private long bytes;
    private final List<String> problems = new ArrayList<>();
    private boolean json;

    CheckCommand(Mail mail, PrintStream out) {
        this.mail = mail;
        this.out = out;
    }

    static CommandSpec spec() {
        var spec = Options.withConfig(CommandSpec.create().name("check"));
        spec.usageMessage()
                .description("Compares counters, sizes and references of every mailbox; changes nothing. Exit code 1 when something is wrong.");
        spec.addSubcommand("auth", CheckAuthCommand.spec());
        spec.addSubcommand("dns", CheckDnsCommand.spec());
        return Options.flag(Options.json(spec), "--bodies", "also reads every message from its first to its last byte");
    }

    int run(ParseResult command) {
        boolean bodies = Options.has(command, "--bodies");
        json = Options.has(command, "--json");
        @Nullable AccountId after = null;
        while (true) {
            var page = mail.accounts().list(after, PAGE);
            for (var account : page) {
                check(account, bodies);
            }
            if (page.size() < PAGE) {
                break;
            }
            after = page.getLast().id();
        }
        tell();
        return problems.isEmpty() ? 0 : 1;
    }

    private void tell() {
        var counts = new LinkedHashMap<String, Object>();
        counts.put("accounts", accounts);
        counts.put("messages", messages);
        counts.put("bytes", bytes);
        counts.put("queue", mail.store().queue().count());
        counts.put("attachments", mail.store().attachments().count());
        if (json) {
            counts.put("problems", problems);
            out.println(new Json().write(counts));
        } else {
            counts.put("problems", problems.size());
            var line = new StringBuilder("checked");
            counts.forEach((name, value) -> line.append(' ').append(name).append('=').append(value));
            out.println(line);
        }
    }

    private void check(Account account, boolean bodies) {
        accounts++;
        long size = 0;
        for (var mailbox : mail.folders().list(account.id())) {
            size += check(account, mailbox, bodies);
        }
        expect(account.username() + ": usage", mail.accounts().usage(account.id()), size);
    }

    private long check(Account account, Mailbox mailbox, boolean bodies) {
        var where = account.username() + "/" + mailbox.path();
        long size = 0;
        long unseen = 0;
        long lastUid = 0;
        var rows = mail.mailstore().messages().rows(mailbox.id());
        for (var row : rows) {
            messages++;
            bytes += row.size();
            size += row.size();
            unseen += row.flags().has(Flags.SEEN) ? 0 : 1;
            if (row.uid() <= lastUid || row.uid() >= mailbox.uidNext() || row.modSeq() > mailbox.highestModSeq()) {
                problem(where + ": uid " + row.uid() + " is out of order or beyond uidNext or highestModSeq");
            }
            lastUid = row.uid();
            if (bodies) {
                read(where, row);
            }
        }
        expect(where + ": messages", mailbox.messages(), rows.size());
        expect(where + ": unseen", mailbox.unseen(), unseen);
        expect(where + ": size", mailbox.size(), size);
        return size;
    }

    private void read(String where, MessageRow row) {
        try (var in = mail.mailstore().messages().open(row).open()) {
            long length = in.transferTo(java.io.OutputStream.nullOutputStream());
            expect(where + ": length of uid " + row.uid(), row.size(), length);
        } catch (IOException | StoreException e) {
            problem(where + ": uid " + row.uid() + " cannot be read: " + e.getMessage());
        }
    }

    private void expect(String what, long kept, long counted) {
        if (kept != counted) {
            problem(what + " says " + kept + ", counted " + counted);
        }
    }

    private void problem(String text) {
        problems.add(text);
        if (!json) {
            out.println("PROBLEM " + text); // at once: a check may take long
        }
    }
}
