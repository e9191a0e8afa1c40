package org.pintail.query;

import java.util.ArrayList;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import org.pintail.query.SearchQuery.And;
import org.pintail.query.SearchQuery.BadQuery;
import org.pintail.query.SearchQuery.Keyword;
import org.pintail.query.SearchQuery.Not;
import org.pintail.query.SearchQuery.Or;
import org.pintail.query.SearchQuery.Phrase;
import org.pintail.query.SearchQuery.Word;

/// Reads a search query.
///
///     query   = all *( OR all )
///     all     = item *( [AND] item )
///     item    = ["-"] ( "(" query ")" / keyword / quoted / word )
///     keyword = name ":" ( quoted / word )
///
/// `AND` and `OR` in any case. A quoted string without white space is a word. An unclosed quote ends with the text.
final class QueryParser {
    private static final int MAX_DEPTH = 32;
    /// After these a blank may stand: `from: john`.
    private static final Set<String> WITH_BLANK = Set.of("from", "to", "cc", "bcc", "subject", "in");
    private final String text;
    private int at;
    private int depth;

    QueryParser(String text) {
        this.text = text;
    }

    Optional<SearchQuery> parse() {
        blanks();
        if (atEnd()) {
            return Optional.empty();
        }
        var query = query();
        if (!atEnd()) {
            throw new BadQuery("the end", "\")\"");
        }
        return Optional.of(query);
    }

    private SearchQuery query() {
        var parts = new ArrayList<SearchQuery>();
        do {
            parts.add(all());
        } while (operator("OR"));
        return parts.size() == 1 ? parts.getFirst() : new Or(parts);
    }

    private SearchQuery all() {
        var parts = new ArrayList<SearchQuery>();
        do {
            parts.add(item());
            blanks();
        } while (operator("AND") || !atEnd() && text.charAt(at) != ')' && !sees("OR"));
        return parts.size() == 1 ? parts.getFirst() : new And(parts);
    }

    private SearchQuery item() {
        blanks();
        if (atEnd() || text.charAt(at) == ')' || sees("AND") || sees("OR")) {
            throw new BadQuery("a word", atEnd() ? "the end" : accept(')') ? "\")\"" : "\"" + bare() + "\"");
        }
        boolean not = accept('-');
        if (not) {
            blanks();
        }
        var item = accept('(') ? group() : term();
        return not ? new Not(item) : item;
    }

    private SearchQuery group() {
        if (++depth > MAX_DEPTH) {
            throw new BadQuery("at most " + MAX_DEPTH + " levels of parentheses", "more");
        }
        var inner = query();
        if (!accept(')')) {
            throw new BadQuery("\")\"", "the end");
        }
        depth--;
        return inner;
    }

    private SearchQuery term() {
        if (accept('"')) {
            return quotedTerm();
        }
        int start = at;
        while (!atEnd() && !isDelimiter(text.charAt(at)) && text.charAt(at) != ':') {
            at++;
        }
        var name = text.substring(start, at);
        if (name.isEmpty() || !accept(':')) {
            at = start;
            return new Word(bare());
        }
        var lower = name.toLowerCase(Locale.ROOT);
        if (WITH_BLANK.contains(lower)) {
            blanks();
        }
        return new Keyword(lower, accept('"') ? quoted() : bare());
    }

    private SearchQuery quotedTerm() {
        var quoted = quoted();
        return quoted.chars().anyMatch(Character::isWhitespace) ? new Phrase(quoted) : new Word(quoted);
    }

    /// Up to the closing quote or the end; `\"` is a quote.
    private String quoted() {
        var out = new StringBuilder();
        while (!atEnd() && !accept('"')) {
            if (text.startsWith("\\\"", at)) {
                at++;
            }
            out.append(text.charAt(at++));
        }
        return out.toString();
    }

    /// Up to white space, a parenthesis or a quote.
    private String bare() {
        int start = at;
        while (!atEnd() && !isDelimiter(text.charAt(at))) {
            at++;
        }
        return text.substring(start, at);
    }

    private static boolean isDelimiter(char c) {
        return Character.isWhitespace(c) || c == '(' || c == ')' || c == '"';
    }

    private boolean operator(String word) {
        blanks();
        if (!sees(word)) {
            return false;
        }
        at += word.length();
        return true;
    }

    private boolean sees(String word) {
        int end = at + word.length();
        return text.regionMatches(true, at, word, 0, word.length()) && (end == text.length() || isDelimiter(text.charAt(end)));
    }

    private boolean accept(char c) {
        if (atEnd() || text.charAt(at) != c) {
            return false;
        }
        at++;
        return true;
    }

    private void blanks() {
        while (!atEnd() && Character.isWhitespace(text.charAt(at))) {
            at++;
        }
    }

    private boolean atEnd() {
        return at == text.length();
    }
}
