package org.pintail.api.rule;

import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// A path of a mailbox: no empty part, at most 128 levels of 512 characters.
public record MailboxPathRule(boolean emptyIsAbsent) implements Rule {
    private static final int MAX = 65_663;
    private static final int LEVELS = 128;
    private static final int PART = 512;

    @Override
    public @Nullable Object check(@Nullable Object input, Place place, Problems problems) {
        if (emptyIsAbsent && "".equals(input)) {
            return null;
        }
        if (!(TextRule.ANY.check(input, place, problems) instanceof String path)) {
            return null;
        }
        if (path.contains("//") || path.endsWith("/")) {
            problems.add(place, "with value \"" + path + "\" matches the inverted pattern: /\\/{2,}|\\/$/");
            return null;
        }
        int level = 1;
        int start = 0;
        for (int i = 0; i <= path.length(); i++) {
            if (i < path.length() && path.charAt(i) != '/') {
                continue;
            }
            if (i - start > PART) {
                problems.say(place, "Any part of the mailbox path cannot be longer than " + PART + " chars long");
                return null;
            }
            level += i < path.length() ? 1 : 0;
            start = i + 1;
        }
        if (level > LEVELS) {
            problems.say(place, "The mailbox path cannot be more than " + LEVELS + " levels deep");
            return null;
        }
        return path;
    }

    @Override
    public Map<String, Object> schema() {
        var out = new LinkedHashMap<String, Object>();
        out.put("type", "string");
        out.put("maxLength", MAX);
        return out;
    }
}
