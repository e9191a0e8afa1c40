package org.pintail.testkit;

import java.util.Arrays;
import java.util.List;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/// Lines as RFCs write them: `C:` from the client, `S:` from the server; `...` stands for anything. Blank lines are passed over.
record Dialogue(List<Step> steps) {
    Dialogue {
        steps = List.copyOf(steps);
    }

    record Step(boolean client, String text) {
        boolean matches(String line) {
            var pattern = Arrays.stream(text.split(Pattern.quote("..."), -1)).map(Pattern::quote).collect(Collectors.joining(".*"));
            return Pattern.compile(pattern, Pattern.DOTALL).matcher(line).matches();
        }
    }

    static Dialogue parse(String text) {
        return new Dialogue(text.lines().filter(line -> !line.isBlank()).map(Dialogue::step).toList());
    }

    private static Step step(String line) {
        if (!line.startsWith("C:") && !line.startsWith("S:")) {
            throw new IllegalArgumentException("neither C: nor S: " + line);
        }
        return new Step(line.startsWith("C:"), line.length() > 3 ? line.substring(3) : "");
    }
}
