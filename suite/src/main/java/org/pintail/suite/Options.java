package org.pintail.suite;

import java.nio.file.Path;
import java.util.List;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Model.OptionSpec;
import picocli.CommandLine.Model.PositionalParamSpec;
import picocli.CommandLine.ParseResult;

/// Options that several commands share, and short ways to read them.
final class Options {
    private Options() {}

    /// `--config`, `--data`, `--set`, `--help`.
    static CommandSpec withConfig(CommandSpec spec) {
        return spec.addOption(OptionSpec.builder("--config")
                        .paramLabel("FILE")
                        .type(String.class)
                        .description("configuration, default DIR/pintail.toml or ./pintail.toml")
                        .build())
                .addOption(OptionSpec.builder("--data")
                        .paramLabel("DIR")
                        .type(String.class)
                        .description("data directory, default $PINTAIL_DATA or ./data")
                        .build())
                .addOption(OptionSpec.builder("--set")
                        .paramLabel("KEY=VALUE")
                        .type(List.class)
                        .auxiliaryTypes(String.class)
                        .arity("1")
                        .description("overrides a key of the configuration; may be repeated")
                        .build())
                .addOption(OptionSpec.builder("-h", "--help")
                        .usageHelp(true)
                        .description("shows this help")
                        .build());
    }

    static CommandSpec json(CommandSpec spec) {
        return spec.addOption(OptionSpec.builder("--json").description("prints JSON for scripts").build());
    }

    static CommandSpec text(CommandSpec spec, String name, String label, String help) {
        return spec.addOption(OptionSpec.builder(name)
                .paramLabel(label)
                .type(String.class)
                .description(help)
                .build());
    }

    static CommandSpec flag(CommandSpec spec, String name, String help) {
        return spec.addOption(OptionSpec.builder(name).description(help).build());
    }

    static CommandSpec positional(CommandSpec spec, int index, String label, String help) {
        return spec.addPositional(PositionalParamSpec.builder()
                .index(Integer.toString(index))
                .arity("1")
                .paramLabel(label)
                .type(String.class)
                .description(help)
                .build());
    }

    static ParseResult deepest(ParseResult parsed) {
        var at = parsed;
        while (at.hasSubcommand()) {
            at = at.subcommand();
        }
        return at;
    }

    static String text(ParseResult command, String name, String otherwise) {
        return command.matchedOptionValue(name, otherwise);
    }

    static boolean has(ParseResult command, String name) {
        return command.hasMatchedOption(name);
    }

    static String positional(ParseResult command, int index) {
        return command.matchedPositionalValue(index, "");
    }

    static Path data(ParseResult command) {
        var fromEnvironment = System.getenv().getOrDefault("PINTAIL_DATA", "data");
        return Path.of(text(command, "--data", fromEnvironment)).toAbsolutePath().normalize();
    }

    static Config config(ParseResult command) {
        var named = text(command, "--config", "");
        if (!named.isEmpty() && !java.nio.file.Files.exists(Path.of(named))) {
            throw new ConfigError("--config " + named + ": no such file");
        }
        var inData = data(command).resolve("pintail.toml");
        var file = !named.isEmpty()
                ? Path.of(named)
                : java.nio.file.Files.exists(inData) ? inData : Path.of("pintail.toml");
        List<String> sets = command.matchedOptionValue("--set", List.of());
        return ConfigReader.read(file, System.getenv(), sets);
    }
}
