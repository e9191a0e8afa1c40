package org.pintail.query;

import java.util.List;
import java.util.Optional;

/// What somebody typed to find mail, as a tree.
public sealed interface SearchQuery {
    /// All of them. Plain words among them are one thing: any of them is enough unless the caller wants all.
    record And(List<SearchQuery> parts) implements SearchQuery {
        public And {
            parts = List.copyOf(parts);
        }
    }

    /// Any of them.
    record Or(List<SearchQuery> parts) implements SearchQuery {
        public Or {
            parts = List.copyOf(parts);
        }
    }

    record Not(SearchQuery part) implements SearchQuery {}

    /// A word of the text.
    record Word(String text) implements SearchQuery {}

    /// Words next to each other, with white space between and around them as given.
    record Phrase(String text) implements SearchQuery {}

    /// `name:value`, the name in lower case.
    record Keyword(String name, String value) implements SearchQuery {}

    /// Empty when nothing was asked for. Throws [BadQuery].
    static Optional<SearchQuery> parse(String text) {
        return new QueryParser(text).parse();
    }

    /// The query cannot be read; the message says what was expected.
    final class BadQuery extends RuntimeException {
        private static final long serialVersionUID = 1L;

        BadQuery(String expected, String found) {
            super("expected " + expected + ", found " + found, null, false, false);
        }
    }
}
