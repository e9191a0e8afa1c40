package org.pintail.arc;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.pintail.dkim.TagList;
import org.pintail.header.Field;
import org.pintail.header.Headers;

/// The sets of a message put in order: RFC 8617 §5.2 steps 1 to 3.
///
/// @param broken why they are no chain, "" when they are one
/// @param highest the largest instance seen, 0 without any
record ArcChain(List<ArcSet> sets, String broken, int highest) {
    static final int MAX = 50; // RFC 8617 §4.2.1

    ArcChain {
        sets = List.copyOf(sets);
    }

    static ArcChain of(Headers headers) {
        var byName = new HashMap<String, Map<Integer, Field>>();
        int highest = 0;
        for (var field : headers.fields()) {
            var name = field.name().toLowerCase(Locale.ROOT);
            if (!name.equals("arc-authentication-results") && !name.equals("arc-message-signature") && !name.equals("arc-seal")) {
                continue;
            }
            int instance = instance(field);
            if (instance < 1 || instance > MAX) {
                return new ArcChain(List.of(), "invalid ARC instance", Math.max(highest, 1));
            }
            if (byName.computeIfAbsent(name, _ -> new HashMap<>()).put(instance, field) != null) {
                return new ArcChain(List.of(), "multiple ARC fields of one instance", Math.max(highest, instance));
            }
            highest = Math.max(highest, instance);
        }
        return of(byName, highest);
    }

    private static ArcChain of(Map<String, Map<Integer, Field>> byName, int highest) {
        var sets = new ArrayList<ArcSet>();
        for (int i = 1; i <= highest; i++) {
            var results = byName.getOrDefault("arc-authentication-results", Map.of()).get(i);
            var signature = byName.getOrDefault("arc-message-signature", Map.of()).get(i);
            var seal = byName.getOrDefault("arc-seal", Map.of()).get(i);
            if (results == null || signature == null || seal == null) {
                return new ArcChain(List.of(), "missing ARC field of instance " + i, highest);
            }
            try {
                var tags = TagList.parse(value(seal));
                var chain = tags.compact("cv").orElse("").toLowerCase(Locale.ROOT);
                sets.add(new ArcSet(i, results, signature, seal, tags.compact("d").orElse("").toLowerCase(Locale.ROOT), chain));
                var wanted = i == 1 ? "none" : "pass";
                boolean closing = i == highest && chain.equals("fail");
                if (!chain.equals(wanted) && !closing) {
                    return new ArcChain(List.of(), "invalid cv value of instance " + i, highest);
                }
            } catch (TagList.Malformed e) {
                return new ArcChain(List.of(), "malformed ARC-Seal of instance " + i, highest);
            }
        }
        return new ArcChain(sets, "", highest);
    }

    private static String value(Field field) {
        return field.raw().substring(field.raw().indexOf(':') + 1);
    }

    /// `i=`, first in ARC-Authentication-Results (RFC 8617 §4.1.1), anywhere in the others; 0 when it is no number.
    private static int instance(Field field) {
        var text = value(field);
        if (field.is("arc-authentication-results")) {
            int end = text.indexOf(';');
            text = end < 0 ? text : text.substring(0, end);
        }
        try {
            var i = TagList.parse(text).compact("i").orElse("");
            boolean number = !i.isEmpty() && i.length() <= 3 && i.chars().allMatch(c -> c >= '0' && c <= '9');
            return number ? Integer.parseInt(i) : 0;
        } catch (TagList.Malformed e) {
            return 0;
        }
    }
}
