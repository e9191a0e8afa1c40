package org.pintail.imap;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.pintail.backend.Bytes;
import org.pintail.imap.search.SearchKey;
import org.pintail.imap.search.SearchParser;
import org.pintail.imap.search.SearchProgram;
import org.pintail.imap.wire.BadCommand;
import org.pintail.imap.wire.CommandLines;
import org.pintail.imap.wire.ImapReader;
import org.pintail.imap.wire.No;

/// Search keys that were stored under a name: FILTER — RFC 5466. They are annotations of the server, `/private/filters/values/NAME` before
/// `/shared/filters/values/NAME`, and may name one another.
final class SearchFilters {
    private static final int DEEPEST = 10;
    private static final int MOST = 100; // of one search, each as often as it is named
    private final Authenticated session;
    private @Nullable Map<String, Bytes> entries;
    private int left = MOST;

    SearchFilters(Authenticated session) {
        this.session = session;
    }

    /// What `program` searches for: with filters in place of their names, about the mailbox as it is now, what has happened taken in. Refuses
    /// what cannot be searched.
    SearchProgram begin(SearchProgram program) throws IOException {
        if (!program.charsetKnown()) {
            throw new No("BADCHARSET (UTF-8)", "Unknown charset");
        }
        var announcer = session.dialogue().announcer();
        var resolved = resolve(program);
        if (resolved.usesNumbers()) {
            announcer.requireNumbers();
        }
        if (resolved.usesModSeq()) {
            announcer.enableCondstore();
        }
        announcer.refresh();
        return resolved;
    }

    /// The program with what its filters say in place of their names.
    private SearchProgram resolve(SearchProgram program) throws IOException {
        return program.usesFilters() ? resolve(program, DEEPEST) : program;
    }

    private SearchProgram resolve(SearchProgram program, int depth) throws IOException {
        var merged = new Merged(program);
        var key = resolve(program.key(), depth, merged);
        return new SearchProgram(key, merged.modSeq, merged.numbers, merged.fixed, false, program.charsetKnown());
    }

    /// What is to be known of all that was put together.
    private static final class Merged {
        private boolean modSeq;
        private boolean numbers;
        private boolean fixed;

        Merged(SearchProgram of) {
            add(of);
        }

        void add(SearchProgram more) {
            modSeq |= more.usesModSeq();
            numbers |= more.usesNumbers();
            fixed |= more.fixed();
        }
    }

    private SearchKey resolve(SearchKey key, int depth, Merged merged) throws IOException {
        return switch (key) {
            case SearchKey.Filter(var name) -> {
                var stored = resolve(read(name, depth), depth - 1);
                merged.add(stored);
                yield stored.key();
            }
            case SearchKey.And(var keys) -> {
                var resolved = new ArrayList<SearchKey>(keys.size());
                for (var k : keys) {
                    resolved.add(resolve(k, depth, merged));
                }
                yield new SearchKey.And(resolved);
            }
            case SearchKey.Or(var a, var b) -> new SearchKey.Or(resolve(a, depth, merged), resolve(b, depth, merged));
            case SearchKey.Not(var k) -> new SearchKey.Not(resolve(k, depth, merged));
            case SearchKey.All _,
                    SearchKey.InSet _,
                    SearchKey.Recent _,
                    SearchKey.Among _,
                    SearchKey.Flag _,
                    SearchKey.Dated _,
                    SearchKey.SentDay _,
                    SearchKey.Within _,
                    SearchKey.Size _,
                    SearchKey.ModSeq _,
                    SearchKey.ObjectIdIs _,
                    SearchKey.InEnvelope _,
                    SearchKey.Header _,
                    SearchKey.Text _ -> key;
        };
    }

    private SearchProgram read(String name, int depth) throws IOException {
        var known = entries == null ? Metadata.of(session, "").entries() : entries;
        entries = known;
        var lower = name.toLowerCase(Locale.ROOT);
        var value = known.getOrDefault("/private/filters/values/" + lower, known.get("/shared/filters/values/" + lower));
        if (value == null || depth == 0 || --left < 0) {
            throw undefined(name);
        }
        try {
            var reader = new ImapReader(new Stored(value), session.dialogue().limits(), Path.of(""));
            reader.loggedIn(true);
            reader.nextCommand();
            var program = new SearchParser(reader).program();
            if (program.charsetKnown()) {
                return program;
            }
        } catch (BadCommand notAProgram) {
            throw undefined(name);
        }
        throw undefined(name);
    }

    /// RFC 5466 §3.1
    private static No undefined(String name) {
        return new No("UNDEFINED-FILTER " + name, "No such filter, or one that cannot be read");
    }

    /// A stored program as the line of a command; it has no literals.
    private record Stored(Bytes value) implements CommandLines.Input {
        @Override
        public byte[] readLine(int limit) {
            var text = " " + new String(value.unsafeArray(), StandardCharsets.UTF_8);
            if (text.length() > limit || List.of("\r", "\n", "\0").stream().anyMatch(text::contains)) {
                throw new BadCommand("a filter is one line");
            }
            return text.getBytes(StandardCharsets.UTF_8);
        }

        @Override
        public int read(byte[] into, int from, int length) {
            return -1;
        }

        @Override
        public void goOn(String text) {
            throw new BadCommand("a filter has no literals");
        }
    }
}
