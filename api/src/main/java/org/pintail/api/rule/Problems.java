package org.pintail.api.rule;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/// What is wrong with some input, all of it.
public final class Problems {
    private final List<String> texts = new ArrayList<>();
    private final Map<String, String> byKey = new LinkedHashMap<>();

    /// `what` follows the quoted label: `must be a number`.
    public void add(Place place, String what) {
        say(place, "\"" + place.label() + "\" " + what);
    }

    /// A whole sentence about a value.
    public void say(Place place, String text) {
        texts.add(text);
        byKey.putIfAbsent(place.key(), text);
    }

    int count() {
        return texts.size();
    }

    public boolean isEmpty() {
        return texts.isEmpty();
    }

    /// All of them as one text.
    public String text() {
        return String.join(". ", texts);
    }

    /// The first problem of each value.
    public Map<String, String> details() {
        return new LinkedHashMap<>(byKey);
    }
}
