package org.pintail.query;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import java.util.random.RandomGeneratorFactory;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.pintail.query.SearchQuery.And;
import org.pintail.query.SearchQuery.BadQuery;
import org.pintail.query.SearchQuery.Keyword;
import org.pintail.query.SearchQuery.Not;
import org.pintail.query.SearchQuery.Or;
import org.pintail.query.SearchQuery.Phrase;
import org.pintail.query.SearchQuery.Word;

class SearchQueryTest {
    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "and            | expected a word, found \"and\"",
                "foo OR         | expected a word, found the end",
                "foo AND OR bar | expected a word, found \"OR\"",
                "()             | expected a word, found \")\"",
                "(foo           | expected \")\", found the end",
                "foo)           | expected the end, found \")\"",
            })
    void whatCannotBeReadSaysWhatWasExpected(String text, String problem) {
        assertThatThrownBy(() -> SearchQuery.parse(text)).isInstanceOf(BadQuery.class).hasMessage(problem);
    }

    @Test
    void parenthesesAreCounted() {
        assertThatThrownBy(() -> SearchQuery.parse("(".repeat(500) + "x"))
                .hasMessage("expected at most 32 levels of parentheses, found more");
    }

    @Test
    void nothingIsNoQuery() {
        assertThat(SearchQuery.parse(" \t ")).isEmpty();
    }

    @Test
    void andBindsTighterThanOr() {
        assertThat(parsed("a b or c and d"))
                .isEqualTo(new Or(List.of(new And(List.of(new Word("a"), new Word("b"))), new And(List.of(new Word("c"), new Word("d"))))));
    }

    @Test
    void groupsAreParts() {
        assertThat(parsed("(a OR subject:b) -c"))
                .isEqualTo(new And(List.of(new Or(List.of(new Word("a"), new Keyword("subject", "b"))), new Not(new Word("c")))));
    }

    @Test
    void quotedTextIsAPhraseWhereItHasWhiteSpace() {
        assertThat(parsed("\"one\"")).isEqualTo(new Word("one"));
        assertThat(parsed("\" one two\"")).isEqualTo(new Phrase(" one two"));
        assertThat(parsed("\"say \\\"hi\\\"\"")).isEqualTo(new Phrase("say \"hi\""));
        assertThat(parsed("\"never closed")).isEqualTo(new Phrase("never closed"));
    }

    @Test
    void namesAreLowerCaseAndValuesAsGiven() {
        assertThat(parsed("FROM:Ann")).isEqualTo(new Keyword("from", "Ann"));
        assertThat(parsed("in:\"Sub (dub)\"")).isEqualTo(new Keyword("in", "Sub (dub)"));
        assertThat(parsed("from: ann")).isEqualTo(new Keyword("from", "ann"));
        assertThat(parsed("id: 5")).isEqualTo(new And(List.of(new Keyword("id", ""), new Word("5"))));
        assertThat(parsed("id:5:*")).isEqualTo(new Keyword("id", "5:*"));
    }

    @Test
    void wordsThatOnlyBeginAsOperatorsAreWords() {
        assertThat(parsed("order android not"))
                .isEqualTo(new And(List.of(new Word("order"), new Word("android"), new Word("not"))));
    }

    @Test
    void anyTextIsAQueryOrRefused() {
        long seed = System.nanoTime();
        var random = RandomGeneratorFactory.of("L64X128MixRandom").create(seed);
        var pieces = List.of("(", ")", "\"", "-", ":", " ", "or", "AND", "a", "in:", "\\", "ü");
        for (int i = 0; i < 20_000; i++) {
            var text = new StringBuilder();
            for (int n = random.nextInt(12); n > 0; n--) {
                text.append(pieces.get(random.nextInt(pieces.size())));
            }
            try {
                assertThat(SearchQuery.parse(text.toString())).isNotNull();
            } catch (BadQuery e) {
                assertThat(e.getMessage()).as("seed %s: %s", seed, text).startsWith("expected ");
            }
        }
    }

    private static SearchQuery parsed(String text) {
        return SearchQuery.parse(text).orElseThrow();
    }
}
