package org.pintail.backend;

import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/// The flags of a message: the five system flags of RFC 9051 §2.3.2 as bits, and keywords in the case they came in.
/// Keywords compare case-insensitively. Keywords are sorted, so equal sets are equal values.
public record Flags(int system, List<String> keywords) {
    public static final int SEEN = 1;
    public static final int ANSWERED = 2;
    public static final int FLAGGED = 4;
    public static final int DELETED = 8;
    public static final int DRAFT = 16;
    public static final Flags NONE = new Flags(0, List.of());
    private static final List<String> NAMES = List.of("\\Seen", "\\Answered", "\\Flagged", "\\Deleted", "\\Draft");

    public Flags {
        keywords = keywords.size() < 2 ? List.copyOf(keywords) : normal(keywords);
    }

    private static List<String> normal(List<String> keywords) {
        var seen = new LinkedHashSet<String>();
        var unique = new ArrayList<String>();
        for (var k : keywords) {
            if (seen.add(k.toLowerCase(Locale.ROOT))) {
                unique.add(k);
            }
        }
        unique.sort(String.CASE_INSENSITIVE_ORDER);
        return List.copyOf(unique);
    }

    /// From names such as `\Seen` and `$Forwarded`. A backslash name that is no system flag is refused.
    public static Flags of(List<String> names) {
        int bits = 0;
        var keywords = new ArrayList<String>();
        for (var name : names) {
            var bit = systemBit(name);
            if (bit.isPresent()) {
                bits |= bit.get();
            } else if (name.startsWith("\\")) {
                throw new IllegalArgumentException("no such system flag: " + name);
            } else {
                keywords.add(name);
            }
        }
        return new Flags(bits, keywords);
    }

    public static Flags of(String... names) {
        return of(List.of(names));
    }

    /// The bit of a system flag by its name, any case.
    public static Optional<Integer> systemBit(String name) {
        for (int i = 0; i < NAMES.size(); i++) {
            if (NAMES.get(i).equalsIgnoreCase(name)) {
                return Optional.of(1 << i);
            }
        }
        return Optional.empty();
    }

    public boolean has(int bit) {
        return (system & bit) != 0;
    }

    public boolean hasKeyword(String keyword) {
        return keywords.stream().anyMatch(keyword::equalsIgnoreCase);
    }

    public Flags plus(Flags more) {
        var all = new ArrayList<>(keywords);
        all.addAll(more.keywords);
        return new Flags(system | more.system, all);
    }

    public Flags minus(Flags less) {
        return new Flags(
                system & ~less.system,
                keywords.stream().filter(k -> !less.hasKeyword(k)).toList());
    }

    /// System flags first, then keywords.
    public List<String> names() {
        var names = new ArrayList<String>();
        for (int i = 0; i < NAMES.size(); i++) {
            if (has(1 << i)) {
                names.add(NAMES.get(i));
            }
        }
        names.addAll(keywords);
        return names;
    }
}
