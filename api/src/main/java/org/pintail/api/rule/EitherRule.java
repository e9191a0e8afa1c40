package org.pintail.api.rule;

import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// The first of several rules that fits; `what` says what was expected.
public record EitherRule(List<Rule> rules, String what) implements Rule {
    public EitherRule {
        rules = List.copyOf(rules);
    }

    @Override
    public @Nullable Object check(@Nullable Object input, Place place, Problems problems) {
        for (var rule : rules) {
            var tried = new Problems();
            var value = rule.check(input, place, tried);
            if (tried.isEmpty()) {
                return value;
            }
        }
        problems.add(place, what);
        return null;
    }

    @Override
    public Map<String, Object> schema() {
        return Map.of("oneOf", rules.stream().map(Rule::schema).toList());
    }
}
