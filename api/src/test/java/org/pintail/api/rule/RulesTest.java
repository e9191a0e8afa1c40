package org.pintail.api.rule;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.pintail.backend.Bytes;
import org.pintail.backend.ObjectId;

/// Every rule with input that it refuses, and with input that it takes and what becomes of it.
class RulesTest {
    private static final String ID = "5f0c1a2b3c4d5e6f70818283";

    static Stream<Arguments> bad() {
        var rows = new ArrayList<Arguments>();
        rows.add(row("a number is no text", Rules.text(), 5, "\"x\" must be a string"));
        rows.add(row("null is no text", Rules.text(), null, "\"x\" must be a string"));
        rows.add(row("an empty text is not taken for none", Rules.text(), "", "\"x\" is not allowed to be empty"));
        rows.add(row("too short", Rules.text().min(3), "ab", "\"x\" length must be at least 3 characters long"));
        rows.add(row("too long", Rules.text().max(3), "abcd", "\"x\" length must be less than or equal to 3 characters long"));
        rows.add(row("not one of", Rules.text().among("a", "b"), "c", "\"x\" must be one of [a, b]"));
        rows.add(row("false is text only where said", Rules.text(), false, "\"x\" must be a string"));
        rows.add(row("true is never text", Rules.text().withFalse(), true, "\"x\" must be a string"));
        rows.add(row("words are no number", Rules.number(), "five", "\"x\" must be a number"));
        rows.add(row("nothing is no number", Rules.number(), "", "\"x\" must be a number"));
        rows.add(row("a list is no number", Rules.number(), List.of(1), "\"x\" must be a number"));
        rows.add(row("below", Rules.number(1, 250), 0, "\"x\" must be greater than or equal to 1"));
        rows.add(row("above", Rules.number(1, 250), "251", "\"x\" must be less than or equal to 250"));
        rows.add(row("beyond 53 bits", Rules.number(), "9007199254740993", "\"x\" must be a safe number"));
        rows.add(row("a huge exponent costs nothing", Rules.number(), "1e999999999", "\"x\" must be a number"));
        rows.add(row("maybe is no boolean", Rules.bool(), "maybe", "\"x\" must be a boolean"));
        rows.add(row("2 is no boolean", Rules.bool(), 2, "\"x\" must be a boolean"));
        rows.add(row("no date", Rules.date(), "yesterday", "\"x\" must be a valid date"));
        rows.add(row("no such day", Rules.date(), "2026-02-30", "\"x\" must be a valid date"));
        rows.add(row("false as text", Rules.dateOrFalse(), "false", "\"x\" must be a valid date"));
        rows.add(row("beyond all dates", Rules.date(), 8_640_000_000_000_001L, "\"x\" must be a valid date"));
        rows.add(row("short id", Rules.objectId(), ID.substring(1), "\"x\" length must be 24 characters long"));
        rows.add(row("no domain", Rules.email(), "ann", "\"x\" must be a valid email"));
        rows.add(row("domain without a dot", Rules.email(), "ann@localhost", "\"x\" must be a valid email"));
        rows.add(row("a pattern is no address", Rules.email(), "*@example.org", "\"x\" must be a valid email"));
        rows.add(row("no star", Rules.wildcard(), "ann@example.org", "\"x\" must be a wildcard address"));
        rows.add(row("neither", Rules.emailOrWildcard(), "ann", "\"x\" must be a valid email"));
        rows.add(row("letters of one alphabet", Rules.username(), "ömyuser", null));
        rows.add(row("two dots", Rules.username(), "a..b", null));
        rows.add(row("no address of a host", Rules.ip(), "300.1.1.1", null));
        rows.add(row("no network", Rules.ip(), "10.0.0.0/8", null));
        rows.add(row("no scheme", Rules.uri(), "example.org", "\"x\" must be a valid uri"));
        rows.add(row("another scheme", Rules.uri("smtp", "smtps"), "ftp://example.org", "\"x\" must be a valid uri with a scheme matching the smtp|smtps pattern"));
        rows.add(row("no target", Rules.target(), "ftp://example.org", "\"x\" must be a valid email or a uri with scheme smtp, smtps, http or https"));
        rows.add(row("no list", Rules.listOf(Rules.number()), 5, "\"x\" must be an array"));
        rows.add(row("no JSON list", Rules.listOf(Rules.number()), "[1,", "\"x\" must be an array"));
        rows.add(row("an item", Rules.listOf(Rules.number()), List.of(1, "two"), "\"x[1]\" must be a number"));
        rows.add(row("twice", Rules.scopes(), List.of("imap", "imap"), "\"x[1]\" contains a duplicate value"));
        rows.add(row("too many", new ListRule(Rules.number(), 2, false, false, false), List.of(1, 2, 3), "\"x\" must contain less than or equal to 2 items"));
        rows.add(row("no object", Rules.person(), "Ann", "\"x\" must be of type object"));
        rows.add(row("a field missing", Rules.person(), Map.of("name", "Ann"), "\"x.address\" is required"));
        rows.add(row("a field too many", Rules.person(), Map.of("address", "a@example.org", "age", 5), "\"x.age\" is not allowed"));
        rows.add(row("metaData of a list", Rules.meta(), "[1]", "\"x\" must be an object or the JSON of an object"));
        rows.add(row("metaData beyond 1 MiB", Rules.meta(), Map.of("a", "b".repeat(1 << 20)), "\"x\" must be less than or equal to 1048576 characters of JSON"));
        rows.add(row("an empty level", Rules.mailboxPath(), "a//b", "\"x\" with value \"a//b\" matches the inverted pattern: /\\/{2,}|\\/$/"));
        rows.add(row("a slash at the end", Rules.mailboxPath(), "a/", "\"x\" with value \"a/\" matches the inverted pattern: /\\/{2,}|\\/$/"));
        rows.add(row("a long level", Rules.mailboxPath(), "a/" + "b".repeat(513), "Any part of the mailbox path cannot be longer than 512 chars long"));
        rows.add(row("a deep one", Rules.mailboxPath(), String.join("/", Collections.nCopies(129, "a")), "The mailbox path cannot be more than 128 levels deep"));
        rows.add(row("no UIDs", Rules.uidSet(), "1,2:3", null));
        rows.add(row("no bytes", Rules.content(), 5, "\"x\" must be a buffer or a string"));
        rows.add(row("a byte that is none", Rules.content(), Map.of("type", "Buffer", "data", List.of(1, "a")), "\"x\" must be a buffer or a string"));
        rows.add(row("more bytes than may be", new BytesRule(2), "abc", "\"x\" must be less than or equal to 2 bytes"));
        return rows.stream();
    }

    static Stream<Arguments> good() {
        var noon = Instant.parse("2026-03-01T12:00:00Z");
        var rows = new ArrayList<Arguments>();
        rows.add(row("text stays", Rules.text(), " a ", " a "));
        rows.add(row("trimmed and lowered", Rules.text().trimmed().lowered(), " Ab ", "ab"));
        rows.add(row("raised", Rules.text().raised(), "att1", "ATT1"));
        rows.add(row("empty counts as not given", Rules.text().orEmpty(), "", null));
        rows.add(row("empty is a value", Rules.text().withEmpty(), "", ""));
        rows.add(row("false is empty", Rules.text().withFalse(), false, ""));
        rows.add(row("digits are a number", Rules.number(), " 42 ", 42L));
        rows.add(row("fractions are cut", Rules.number(), 2.9, 2L));
        rows.add(row("exponents", Rules.number(), "1e3", 1000L));
        rows.add(row("y is yes", Rules.bool(), "Y", true));
        rows.add(row("0 is no", Rules.bool(), 0, false));
        rows.add(row("on", Rules.bool(), "on", true));
        rows.add(row("empty is no boolean given", Rules.bool(), "", null));
        rows.add(row("milliseconds", Rules.date(), noon.toEpochMilli(), noon));
        rows.add(row("milliseconds as text", Rules.date(), String.valueOf(noon.toEpochMilli()), noon));
        rows.add(row("ISO", Rules.date(), "2026-03-01T14:00:00+02:00", noon));
        rows.add(row("ISO without colon", Rules.date(), "2026-03-01T14:00:00.000+0200", noon));
        rows.add(row("a day", Rules.date(), "2026-03-01", Instant.parse("2026-03-01T00:00:00Z")));
        rows.add(row("as mail has it", Rules.date(), "Sun, 1 Mar 2026 14:00:00 +0200", noon));
        rows.add(row("as IMAP has it", Rules.date(), "1-Mar-2026 12:00:00 +0000", noon));
        rows.add(row("false", Rules.dateOrFalse(), false, false));
        rows.add(row("id in any case", Rules.objectId(), ID.toUpperCase(java.util.Locale.ROOT), ObjectId.parse(ID).orElseThrow()));
        rows.add(row("address as given", Rules.email(), "Ann@Example.org", "Ann@Example.org"));
        rows.add(row("any alphabet", Rules.email(), "andris@uus.jõgeva.öö", "andris@uus.jõgeva.öö"));
        rows.add(row("pattern", Rules.emailOrWildcard(), "*@example.org", "*@example.org"));
        rows.add(row("user name in lower case", Rules.username(), "Ann.B", "ann.b"));
        rows.add(row("user name as address", Rules.usernameOrEmail(), "ann+x@example.org", "ann+x@example.org"));
        rows.add(row("IPv6", Rules.ip(), "2001:db8::1", "2001:db8::1"));
        rows.add(row("target URL", Rules.target(), "https://example.org/in", "https://example.org/in"));
        rows.add(row("list as JSON text", Rules.listOf(Rules.number()), "[1,\"2\"]", List.of(1L, 2L)));
        rows.add(row("one as a list", Rules.scopes(), "imap", List.of("imap")));
        rows.add(row("items with commas", new ListRule(Rules.text(), 0, false, true, true), "a, b", List.of("a", "b")));
        rows.add(row("empty items go", Rules.tags(), List.of("a", "", " b "), List.of("a", "b")));
        rows.add(row("object as JSON text", Rules.person(), "{\"address\":\"a@example.org\"}", Map.of("address", "a@example.org")));
        rows.add(row("metaData as JSON text", Rules.meta(), " {\"a\": 1} ", "{\"a\": 1}"));
        rows.add(row("metaData as object", Rules.meta(), Map.of("a", 1), "{\"a\":1}"));
        rows.add(row("path", Rules.mailboxPath(), "/a/b c", "/a/b c"));
        rows.add(row("UIDs", Rules.uidSet(), "3:*", "3:*"));
        rows.add(row("text as bytes", Rules.content(), "ä", Bytes.wrap(new byte[] {(byte) 0xc3, (byte) 0xa4})));
        rows.add(row("a Buffer", Rules.content(), Map.of("type", "Buffer", "data", List.of(1, 255)), Bytes.wrap(new byte[] {1, -1})));
        return rows.stream();
    }

    private static Arguments row(String what, Rule rule, @Nullable Object input, @Nullable Object outcome) {
        return Arguments.of(what, rule, input, outcome);
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("bad")
    void refuses(String what, Rule rule, @Nullable Object input, @Nullable String problem) {
        var problems = new Problems();
        rule.check(input, Place.ROOT.field("x"), problems);
        assertThat(problems.isEmpty()).as(what).isFalse();
        assertThat(problems.details()).hasSize(1);
        if (problem != null) {
            assertThat(problems.text()).isEqualTo(problem);
        }
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("good")
    void takes(String what, Rule rule, Object input, @Nullable Object value) {
        var problems = new Problems();
        var checked = rule.check(input, Place.ROOT.field("x"), problems);
        assertThat(problems.text()).as(what).isEmpty();
        assertThat(checked).isEqualTo(value);
    }

    @Test
    void everyProblemIsToldAndTheFirstOfEachValueIsListed() {
        var rule = new ObjectRule(
                List.of(
                        ObjectRule.Field.required("name", Rules.text()),
                        ObjectRule.Field.of("age", Rules.number(1, 200)),
                        ObjectRule.Field.of("to", Rules.listOf(Rules.person()))),
                false);
        var problems = new Problems();
        rule.check(
                Map.of("age", 0, "to", Arrays.asList(Map.of("address", "nobody"), null)),
                Place.ROOT,
                problems);
        assertThat(problems.text())
                .isEqualTo("\"name\" is required. \"age\" must be greater than or equal to 1. \"to[0].address\" must be a valid email."
                        + " \"to[1]\" must be of type object");
        assertThat(problems.details())
                .containsExactly(
                        Map.entry("name", "\"name\" is required"),
                        Map.entry("age", "\"age\" must be greater than or equal to 1"),
                        Map.entry("to,0,address", "\"to[0].address\" must be a valid email"),
                        Map.entry("to,1", "\"to[1]\" must be of type object"));
    }

    @Test
    void defaultsStandInForWhatIsNotGiven() {
        var rule = new ObjectRule(List.of(new ObjectRule.Field("limit", Rules.number(), false, 20L)), true);
        var problems = new Problems();
        assertThat(rule.check(Map.of("other", 1), Place.ROOT, problems)).isEqualTo(Map.of("limit", 20L));
        assertThat(rule.check(Map.of("limit", "5"), Place.ROOT, problems)).isEqualTo(Map.of("limit", 5L));
        assertThat(problems.isEmpty()).isTrue();
    }
}
