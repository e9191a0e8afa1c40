package org.pintail.suite;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.tomlj.Toml;
import org.tomlj.TomlArray;
import org.tomlj.TomlTable;

/// Reads the configuration: defaults, then the TOML file, then the environment, then `--set`. All problems are found before any is reported.
final class ConfigReader {
    private final Map<String, ConfigKey> keys = new LinkedHashMap<>();
    private final Map<String, Object> values = new LinkedHashMap<>();
    private final List<String> problems = new ArrayList<>();

    private ConfigReader() {
        for (var key : ConfigKeys.all()) {
            keys.put(key.name(), key);
            values.put(key.name(), ConfigValue.read(key, key.initial()));
        }
    }

    /// `sets` are `section.key=value`. A missing file is no error. Throws [ConfigError].
    static Config read(Path file, Map<String, String> environment, List<String> sets) {
        var reader = new ConfigReader();
        reader.file(file);
        reader.environment(environment);
        sets.forEach(reader::assignment);
        if (!reader.problems.isEmpty()) {
            throw new ConfigError(reader.problems);
        }
        return new Config(reader.values);
    }

    private void file(Path file) {
        if (!Files.exists(file)) {
            return;
        }
        try {
            var toml = Toml.parse(file);
            toml.errors().forEach(e -> problems.add(file + ": " + e));
            for (var section : toml.keySet()) {
                if (toml.get(List.of(section)) instanceof TomlTable table) {
                    table.keySet().forEach(key -> entry(file, section, key, table));
                } else {
                    problems.add(file + ": \"" + section + "\" stands outside a section; expected [section] key = value");
                }
            }
        } catch (IOException e) {
            problems.add("cannot read " + file + ": " + e.getMessage());
        }
    }

    private void entry(Path file, String section, String key, TomlTable table) {
        var at = table.inputPositionOf(List.of(key));
        var where = file + (at == null ? "" : " line " + at.line() + " column " + at.column());
        set(where, section + "." + key, text(table.get(List.of(key))));
    }

    private static String text(Object value) {
        if (value instanceof TomlArray list) {
            return String.join(",", list.toList().stream().map(String::valueOf).toList());
        }
        return String.valueOf(value);
    }

    private void environment(Map<String, String> environment) {
        for (var key : keys.values()) {
            var value = environment.get(key.environment());
            if (value != null) {
                set(key.environment(), key.name(), value);
            }
        }
    }

    private void assignment(String set) {
        int equals = set.indexOf('=');
        if (equals < 1) {
            problems.add("--set " + set + ": expected section.key=value");
            return;
        }
        set("--set", set.substring(0, equals).strip(), set.substring(equals + 1).strip());
    }

    private void set(String where, String name, String value) {
        var key = keys.get(name);
        if (key == null) {
            problems.add(where + ": unknown key " + name + nearest(name));
            return;
        }
        try {
            values.put(name, ConfigValue.read(key, value));
        } catch (IllegalArgumentException e) {
            problems.add(where + ": " + name + " = \"" + value + "\": expected " + key.expected());
        }
    }

    /// A hint for a slip of the pen: a known key of the same section, or of the same last word.
    private String nearest(String name) {
        var section = name.contains(".") ? name.substring(0, name.indexOf('.')) : name;
        var same = keys.values().stream()
                .filter(k -> k.section().equals(section))
                .map(ConfigKey::name)
                .toList();
        return same.isEmpty() ? "; sections are " + sections() : "; [" + section + "] has " + String.join(", ", same);
    }

    private String sections() {
        return String.join(", ", keys.values().stream().map(ConfigKey::section).distinct().toList());
    }
}
