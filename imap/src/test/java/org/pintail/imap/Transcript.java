package org.pintail.imap;

import java.io.IOException;
import java.net.SocketTimeoutException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/// A dialogue kept in a file. `C:` is sent, `S:` must come; a digit in front picks the connection. `$name` binds at first sight and must
/// match afterwards, `...` matches the rest of a line. Untagged lines that are not listed are passed over unless the head says `strict`.
/// `S: closed` waits for the end of the stream.
record Transcript(Path file, List<String> given, List<Step> steps) {
    private static final Pattern PARTS = Pattern.compile("\\$[a-z]+|\\.\\.\\.$");

    record Step(int line, int connection, boolean client, String text) {}

    static Transcript read(Path file) throws IOException {
        var given = new ArrayList<String>();
        var steps = new ArrayList<Step>();
        int number = 0;
        for (var line : Files.readAllLines(file)) {
            number++;
            if (line.isBlank() || line.startsWith("#")) {
                continue;
            }
            if (line.startsWith("given: ")) {
                given.addAll(List.of(line.substring(7).split(", ")));
                continue;
            }
            int connection = Character.isDigit(line.charAt(0)) ? line.charAt(0) - '0' : 1;
            var rest = Character.isDigit(line.charAt(0)) ? line.substring(2) : line;
            if (!rest.startsWith("C:") && !rest.startsWith("S:")) {
                throw new IOException(file + ":" + number + ": neither C: nor S:");
            }
            var text = rest.length() > 3 ? rest.substring(3) : "";
            steps.add(new Step(number, connection, rest.startsWith("C:"), text));
        }
        return new Transcript(file, given, steps);
    }

    boolean strict() {
        return given.contains("strict");
    }

    /// Plays it; `server` opens connection n on first use.
    void play(Connections server) throws IOException {
        Map<Integer, Wire> wires = new HashMap<>();
        Map<String, String> bound = new HashMap<>();
        Set<Integer> closed = new HashSet<>();
        try {
            for (var step : steps) {
                var wire = wires.get(step.connection);
                if (wire == null) {
                    wire = server.open(!given.contains("not logged in"));
                    wires.put(step.connection, wire);
                }
                if (step.client) {
                    wire.send(fill(step.text, bound));
                } else if (step.text.equals("closed")) {
                    expectClosed(step, wire);
                    closed.add(step.connection);
                } else {
                    expect(step, wire, bound);
                }
            }
        } finally {
            for (var wire : wires.values()) {
                wire.close();
            }
        }
    }

    interface Connections {
        Wire open(boolean loggedIn) throws IOException;
    }

    /// One end of a connection.
    interface Wire extends AutoCloseable {
        void send(String line) throws IOException;

        @Nullable String receive() throws IOException;

        @Override
        void close() throws IOException;
    }

    private void expectClosed(Step step, Wire wire) throws IOException {
        var line = wire.receive();
        while (line != null) {
            if (strict()) {
                throw new AssertionError(where(step) + "expected the end, got: " + line);
            }
            line = wire.receive();
        }
    }

    private void expect(Step step, Wire wire, Map<String, String> bound) throws IOException {
        @Nullable String before = null;
        while (true) {
            String line;
            try {
                line = wire.receive();
            } catch (SocketTimeoutException silent) {
                throw new AssertionError(where(step) + "nothing came, expected: " + step.text + "\n  before: " + before, silent);
            }
            if (line == null) {
                throw new AssertionError(where(step) + "connection closed, expected: " + step.text);
            }
            if (matches(step.text, line, bound)) {
                return;
            }
            before = line;
            if (strict() || !line.startsWith("* ")) {
                throw new AssertionError(where(step) + "expected: " + step.text + "\n     got: " + line);
            }
        }
    }

    private String where(Step step) {
        return file.getFileName() + ":" + step.line + ": ";
    }

    private static String fill(String text, Map<String, String> bound) {
        var filled = text;
        for (var e : bound.entrySet()) {
            filled = filled.replace("$" + e.getKey(), e.getValue());
        }
        return filled;
    }

    private static boolean matches(String expected, String line, Map<String, String> bound) {
        var pattern = new StringBuilder();
        var fresh = new ArrayList<String>();
        var parts = PARTS.matcher(expected);
        int at = 0;
        while (parts.find()) {
            pattern.append(Pattern.quote(expected.substring(at, parts.start())));
            var name = parts.group().substring(1);
            if (parts.group().equals("...")) {
                pattern.append(".*");
            } else if (bound.containsKey(name)) {
                pattern.append(Pattern.quote(bound.getOrDefault(name, "")));
            } else if (fresh.contains(name)) {
                pattern.append("\\k<").append(name).append('>');
            } else {
                fresh.add(name);
                pattern.append("(?<").append(name).append(">[^ )\\]]+)");
            }
            at = parts.end();
        }
        pattern.append(Pattern.quote(expected.substring(at)));
        var match = Pattern.compile(pattern.toString(), Pattern.DOTALL).matcher(line);
        if (!match.matches()) {
            return false;
        }
        for (var name : fresh) {
            bound.put(name, match.group(name));
        }
        return true;
    }
}
