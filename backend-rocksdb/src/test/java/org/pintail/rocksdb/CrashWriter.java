package org.pintail.rocksdb;

import java.io.FileDescriptor;
import java.io.FileOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Clock;
import java.util.Arrays;
import java.util.Random;
import org.pintail.backend.Mailbox;
import org.pintail.backend.MessageRow;
import org.pintail.backend.StoreException;

/// The process that [CrashTest] kills: threads that change a store as fast as they can ([CrashThread]), while compaction runs and somebody
/// reads. Its ledger on standard output: before an operation `I thread number operation`, after it was acknowledged `A thread number [uid]`,
/// `C segments` after each round of compaction, and `E error` when something went wrong that should not.
final class CrashWriter {
    static final long SEGMENT = 128 << 10;
    private final RocksStore store;
    private final PrintStream ledger = new PrintStream(new FileOutputStream(FileDescriptor.out), false, StandardCharsets.US_ASCII);

    private CrashWriter(RocksStore store) {
        this.store = store;
    }

    /// Arguments: directory, seed, threads.
    public static void main(String[] args) {
        var writer = new CrashWriter(RocksStore.open(new RocksStore.Settings(Path.of(args[0]), null, SEGMENT), Clock.systemUTC()));
        long seed = Long.parseLong(args[1]);
        int threads = Integer.parseInt(args[2]);
        writer.say("ready");
        for (int i = 0; i < threads; i++) {
            var thread = new CrashThread(writer.store, writer::say, i, new Random(seed * 1000 + i));
            writer.start(thread::run);
        }
        writer.start(writer::compact);
        writer.start(() -> writer.read(new Random(seed), threads));
    }

    private void start(Runnable work) {
        Thread.ofPlatform().start(() -> {
            try {
                work.run();
            } catch (RuntimeException | Error e) {
                e.printStackTrace();
                say("E " + e);
                Runtime.getRuntime().halt(3);
            }
        });
    }

    private synchronized void say(String line) {
        ledger.print(line + "\n");
        ledger.flush();
    }

    private void compact() {
        while (true) {
            try {
                store.tidy();
                say("C " + store.figures().get("compacted_segments"));
            } catch (IOException e) {
                throw new IllegalStateException(e);
            }
        }
    }

    /// What is there can be read at any moment, byte for byte, whoever moves it meanwhile.
    private void read(Random random, int threads) {
        while (true) {
            for (var m : store.mailboxes().list(CrashState.account(random.nextInt(threads)))) {
                try {
                    var rows = store.messages().rows(m.id());
                    if (!rows.isEmpty()) {
                        read(m, rows.get(random.nextInt(rows.size())));
                    }
                } catch (StoreException.Missing e) {
                    if (store.mailboxes().find(m.id()).isPresent()) {
                        throw e;
                    }
                } catch (IOException e) {
                    throw new IllegalStateException(e);
                }
            }
        }
    }

    private void read(Mailbox in, MessageRow row) throws IOException {
        try {
            store.messages().content(row);
            if (!Arrays.equals(store.messages().open(row).readAll(), CrashMail.raw(CrashMail.seedOf(row)))) {
                throw new IllegalStateException("not what was stored: " + row);
            }
        } catch (StoreException.Missing e) {
            if (store.messages().row(in.id(), row.uid()).isPresent()) {
                throw e;
            }
        }
    }
}
