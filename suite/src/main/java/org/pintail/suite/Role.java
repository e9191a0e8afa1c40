package org.pintail.suite;

import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;

/// What a node can do; `--roles` picks.
enum Role {
    MX,
    SUBMISSION,
    IMAP,
    POP3,
    LMTP,
    API,
    DELIVERY,
    JOBS;

    /// Reads `imap,pop3`; throws [ConfigError] for a word that is no role.
    static Set<Role> parse(String text) {
        var roles = EnumSet.noneOf(Role.class);
        var problems = new ArrayList<String>();
        for (var word : text.split(",", -1)) {
            try {
                roles.add(valueOf(word.strip().toUpperCase(Locale.ROOT)));
            } catch (IllegalArgumentException e) {
                problems.add("--roles: \"" + word + "\": expected some of " + names());
            }
        }
        if (!problems.isEmpty()) {
            throw new ConfigError(problems);
        }
        return roles;
    }

    static Set<Role> all() {
        return EnumSet.allOf(Role.class);
    }

    private static String names() {
        return String.join(",", List.of(values()).stream().map(r -> r.name().toLowerCase(Locale.ROOT)).toList());
    }
}
