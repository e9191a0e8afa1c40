package org.pintail.api.rule;

/// Where a value stands in the input: `label` as people write it (`to[0].address`), `key` as answers list it (`to,0,address`).
public record Place(String label, String key) {
    public static final Place ROOT = new Place("", "");

    public Place field(String name) {
        return key.isEmpty() ? new Place(name, name) : new Place(label + "." + name, key + "," + name);
    }

    public Place item(int index) {
        return new Place(label + "[" + index + "]", key + "," + index);
    }
}
