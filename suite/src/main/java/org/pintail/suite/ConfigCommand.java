package org.pintail.suite;

import java.io.PrintStream;
import picocli.CommandLine.Model.CommandSpec;

/// `pintail config`: every key with its default, as a configuration file to start from.
final class ConfigCommand {
    private ConfigCommand() {}

    static CommandSpec spec() {
        var spec = Options.withConfig(CommandSpec.create().name("config"));
        spec.usageMessage().description("Prints every configuration key with its default and what it is for.");
        return spec;
    }

    static int run(PrintStream out) {
        var section = "";
        for (var key : ConfigKeys.all()) {
            if (!key.section().equals(section)) {
                section = key.section();
                out.println();
                out.println("[" + section + "]");
            }
            out.println("# " + key.help() + " (" + key.expected() + ")");
            out.println("# " + key.name().substring(section.length() + 1) + " = " + quoted(key));
        }
        return 0;
    }

    private static String quoted(ConfigKey key) {
        if (key.type().isList()) {
            return key.initial().isEmpty() ? "[]" : "[\"" + key.initial().replace(",", "\", \"") + "\"]";
        }
        return switch (key.type()) {
            case NUMBER, YES_NO -> key.initial();
            default -> "\"" + key.initial() + "\"";
        };
    }
}
