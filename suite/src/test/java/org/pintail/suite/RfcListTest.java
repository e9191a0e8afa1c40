package org.pintail.suite;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

/// `docs/rfcs.md` against the code: every RFC that the code cites stands there, with a state.
class RfcListTest {
    private static final Path ROOT = Path.of("").toAbsolutePath().resolve("..").normalize();
    private static final Pattern CITED = Pattern.compile("\\bRFC (\\d{3,5})((?:(?: ?,| and| to) (?:RFC )?\\d{3,5}\\b)*)");
    private static final Pattern NUMBER = Pattern.compile("\\d{3,5}");
    private static final List<String> STATES = List.of("Yes", "Partial", "No");

    @Test
    void everyRfcThatIsCitedIsListedWithItsState() throws IOException {
        var listed = listed();
        assertThat(listed).hasSizeGreaterThan(50);
        var cited = cited();
        assertThat(cited).hasSizeGreaterThan(30);
        cited.keySet().removeAll(listed);
        assertThat(cited).as("cited in code and not in docs/rfcs.md").isEmpty();
    }

    /// Numbers from the rows of the tables, whose third column is the state.
    private static TreeSet<String> listed() throws IOException {
        var numbers = new TreeSet<String>();
        for (var line : Files.readAllLines(ROOT.resolve("docs/rfcs.md"))) {
            var cells = line.split("\\|", -1);
            if (cells.length < 5 || !cells[1].matches("[\\d, ]*\\d[\\d, ]*")) {
                continue;
            }
            assertThat(STATES).as(line).contains(cells[3].strip());
            NUMBER.matcher(cells[1]).results().forEach(n -> assertThat(numbers.add(n.group())).as("twice: " + n.group()).isTrue());
        }
        return numbers;
    }

    /// Each RFC, and the first file that cites it.
    private static TreeMap<String, String> cited() throws IOException {
        var found = new TreeMap<String, String>();
        for (var file : sources()) {
            CITED.matcher(Files.readString(file)).results().forEach(citation -> {
                found.putIfAbsent(citation.group(1), ROOT.relativize(file).toString());
                NUMBER.matcher(citation.group(2)).results().forEach(n -> found.putIfAbsent(n.group(), ROOT.relativize(file).toString()));
            });
        }
        return found;
    }

    private static List<Path> sources() throws IOException {
        var sources = new ArrayList<Path>();
        try (var modules = Files.list(ROOT)) {
            for (var module : modules.sorted().toList()) {
                var main = module.resolve("src/main/java");
                if (Files.isDirectory(main)) {
                    try (var files = Files.walk(main)) {
                        files.filter(f -> f.toString().endsWith(".java")).sorted().forEach(sources::add);
                    }
                }
            }
        }
        assertThat(sources).hasSizeGreaterThan(100);
        return sources;
    }
}
