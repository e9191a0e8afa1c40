package org.pintail.suite;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Semaphore;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;
import org.pintail.backend.Document;
import org.pintail.backend.StoreException;
import org.pintail.mail.Accounts;
import org.pintail.mail.Mail;
import org.pintail.mail.Refusal;
import picocli.CommandLine.Model.CommandSpec;

/// `pintail user import FILE.csv`: many accounts at once. The first line names the columns; a line that cannot be used is reported with its
/// number and the rest goes on.
final class UserImport {
    private static final List<String> COLUMNS = List.of("username", "password", "address", "name", "quota", "language");
    private static final int AT_ONCE = 16;
    private static final int REPORT_EVERY = 1000;
    private final Mail mail;
    private final PrintStream out;
    private final PrintStream err;
    private final AtomicInteger added = new AtomicInteger();
    private final AtomicInteger failed = new AtomicInteger();

    UserImport(Mail mail, PrintStream out, PrintStream err) {
        this.mail = mail;
        this.out = out;
        this.err = err;
    }

    static CommandSpec spec() {
        var spec = Options.withConfig(CommandSpec.create().name("import"));
        spec.usageMessage()
                .description(
                        "Adds the accounts of a CSV file. Its first line names the columns: " + String.join(", ", COLUMNS) + ".",
                        "Only username is required. A password that is a supported hash ($pbkdf2…, $2b$…, $6$…, $argon2…) is taken as it is;"
                                + " without a password nobody can log in.");
        return Options.positional(spec, 0, "FILE.csv", "the file");
    }

    /// 0 when every line was imported, 1 otherwise.
    int run(Path file) throws IOException {
        try (var lines = Files.newBufferedReader(file)) {
            var columns = columns(lines);
            var slots = new Semaphore(AT_ONCE);
            var record = new ArrayList<String>();
            for (int number = 2; CsvRecord.read(lines, record); number++) {
                slots.acquireUninterruptibly();
                var row = List.copyOf(record);
                int at = number;
                Thread.ofVirtual().name("import").start(() -> {
                    try {
                        add(columns, row, at);
                    } finally {
                        slots.release();
                    }
                });
            }
            slots.acquireUninterruptibly(AT_ONCE);
        } catch (NoSuchFileException e) {
            throw new ConfigError(file + ": no such file");
        }
        out.println("imported added=" + added + " failed=" + failed);
        return failed.get() == 0 ? 0 : 1;
    }

    private static List<String> columns(BufferedReader lines) throws IOException {
        var header = new ArrayList<String>();
        CsvRecord.read(lines, header);
        var unknown = header.stream().filter(c -> !COLUMNS.contains(c)).toList();
        if (!unknown.isEmpty() || !header.contains("username")) {
            throw new ConfigError("line 1: expected columns out of " + String.join(", ", COLUMNS) + ", username among them; found "
                    + String.join(", ", header));
        }
        return List.copyOf(header);
    }

    private void add(List<String> columns, List<String> row, int line) {
        try {
            if (row.size() != columns.size()) {
                throw new Refusal(
                        Refusal.Code.INVALID, "expected " + columns.size() + " columns, found " + row.size());
            }
            mail.accounts().create(account(columns, row));
            int done = added.incrementAndGet();
            if (done % REPORT_EVERY == 0) {
                out.println("added " + done);
            }
        } catch (Refusal | ConfigError e) {
            failed.incrementAndGet();
            err.println("line " + line + ": " + e.getMessage());
        } catch (StoreException e) {
            failed.incrementAndGet();
            err.println("line " + line + ": not stored: " + e.getMessage());
        }
    }

    private static Accounts.New account(List<String> columns, List<String> row) {
        var password = cell(columns, row, "password");
        var name = cell(columns, row, "name");
        var quota = cell(columns, row, "quota");
        var fields = Document.EMPTY;
        if (name != null) {
            fields = fields.with("name", name);
        }
        if (quota != null) {
            fields = fields.with("quota", UserCommands.size("quota", quota));
        }
        return new Accounts.New(
                row.get(columns.indexOf("username")),
                password,
                password != null && password.startsWith("$"),
                false,
                cell(columns, row, "address"),
                false,
                cell(columns, row, "language"),
                fields);
    }

    private static @Nullable String cell(List<String> columns, List<String> row, String column) {
        int at = columns.indexOf(column);
        return at < 0 || row.get(at).isEmpty() ? null : row.get(at);
    }
}
