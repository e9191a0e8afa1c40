package org.pintail.header;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;

/// RFC 5322 §3.4 and §4.4.
class AddressReaderTest {
    /// The value of a field, its mailboxes as `name|address`, why.
    private record Row(String value, List<String> mailboxes, String why) {
        Row(String value, String why, String... mailboxes) {
            this(value, List.of(mailboxes), why);
        }
    }

    private static final List<Row> BAD = List.of(
            new Row("", "nothing"),
            new Row(",;,:;", "punctuation"),
            new Row("<>", "the null address"),
            new Row("not an address", "words"),
            new Row("\"", "a quote"),
            new Row("(", "a comment without end"),
            new Row("<", "a bracket"),
            new Row("\"Smith <a@b.c>, d@e.f", "an open quote stands for itself", "\"Smith|a@b.c", "|d@e.f"),
            new Row("Smith (x <a@b.c>, d@e.f", "an open comment stands for itself", "Smith (x|a@b.c", "|d@e.f"),
            new Row("Smith <a@b.c, Bar <d@e.f>", "an open bracket swallows nothing", "|Smith <a@b.c", "Bar|d@e.f"),
            new Row("a@b.c\\", "a backslash at the end", "|a@b.c\\"),
            new Row("\"a\\", "one inside a quote"),
            new Row("(a\\", "one inside a comment"),
            new Row("x@[1:2", "an open literal"),
            new Row("g: a@b", "a group without its end", "|a@b"),
            new Row("g: h: a@b;", "a group inside a group", "|a@b"));

    private static final List<Row> GOOD = List.of(
            new Row("jdoe@example.org", "RFC 5322 A.1.1", "|jdoe@example.org"),
            new Row("John Doe <jdoe@machine.example>", "RFC 5322 A.1.1", "John Doe|jdoe@machine.example"),
            new Row("\"Joe Q. Public\" <john.q.public@example.com>", "RFC 5322 A.1.2", "Joe Q. Public|john.q.public@example.com"),
            new Row(
                    "Mary Smith <mary@x.test>, jdoe@example.org, Who? <one@y.test>",
                    "RFC 5322 A.1.2", "Mary Smith|mary@x.test", "|jdoe@example.org", "Who?|one@y.test"),
            new Row(
                    "<boss@nil.test>, \"Giant; \\\"Big\\\" Box\" <sysservices@example.net>",
                    "RFC 5322 A.1.2", "|boss@nil.test", "Giant; \"Big\" Box|sysservices@example.net"),
            new Row(
                    "A Group:Ed Jones <c@a.test>,joe@where.test,John <jdoe@one.test>;",
                    "RFC 5322 A.1.3", "Ed Jones|c@a.test", "|joe@where.test", "John|jdoe@one.test"),
            new Row(
                    "Pete(A nice \\) chap) <pete(his account)@silly.test(his host)>",
                    "RFC 5322 A.5", "Pete|pete@silly.test"),
            new Row(
                    "(Empty list)(start)Hidden recipients  :(nobody(that I know))  ;",
                    "RFC 5322 A.5"),
            new Row("Joe Q. Public <john.q.public@example.com>", "RFC 5322 A.6.1: a dot in a name", "Joe Q. Public|john.q.public@example.com"),
            new Row("Mary Smith <@node.test:mary@example.net>, , jdoe@test . example", "RFC 5322 A.6.1, A.6.3: route, empty entry", "Mary Smith|mary@example.net", "|jdoe@test . example"),
            new Row("\"a@b\"@c.d", "an at sign in quotes", "|a@b@c.d"),
            new Row("x@[IPv6:2001:db8::1], y@z", "the colons of a literal begin no group", "|x@[IPv6:2001:db8::1]", "|y@z"),
            new Row("=?utf-8?Q?J=C3=B6rg?= <j@x.org>", "an encoded name stays encoded", "=?utf-8?Q?J=C3=B6rg?=|j@x.org"),
            new Row("Jörg <jörg@exämple.org>", "RFC 6532", "Jörg|jörg@exämple.org"),
            new Row("  A\t  B   <c@d>", "white space becomes one blank", "A B|c@d"),
            new Row("a@b (Ann B.)", "RFC 822: the name in a comment", "Ann B.|a@b"),
            new Row("<a@b> (Ann), c@d (), (x) Carl (y) <e@f>", "a comment is the name where there is no other", "Ann|a@b", "|c@d", "Carl|e@f"),
            new Row("a@b (one) (two (three) \\) four)", "the last comment", "two (three) ) four|a@b"),
            new Row("<local>", "no domain", "|local"));

    @Test
    void whatIsNoAddressIsSkippedAndHidesNoOther() {
        BAD.forEach(AddressReaderTest::check);
    }

    @Test
    void mailboxesAreRead() {
        GOOD.forEach(AddressReaderTest::check);
    }

    private static void check(Row row) {
        assertThat(HeaderAddress.mailboxes(row.value()).stream()
                        .map(m -> (m.name() == null ? "" : m.name()) + "|" + m.address())
                        .toList())
                .as(row.why())
                .isEqualTo(row.mailboxes());
    }

    @Test
    void groupsKeepTheirNameAndMembers() {
        assertThat(HeaderAddress.parseList("undisclosed-recipients:;, a@b"))
                .containsExactly(
                        new HeaderAddress.Group("undisclosed-recipients", List.of()), new HeaderAddress.Mailbox(null, "a", "b"));
        assertThat(HeaderAddress.parseList("G: A <a@b>;"))
                .containsExactly(new HeaderAddress.Group("G", List.of(new HeaderAddress.Mailbox("A", "a", "b"))));
    }

    @Test
    void theRouteIsKept() {
        assertThat(HeaderAddress.parseList("<@a,@b:c@d>, e@f"))
                .containsExactly(new HeaderAddress.Mailbox(null, "c", "d", "@a,@b"), new HeaderAddress.Mailbox(null, "e", "f"));
    }

    @Test
    void aListEndsAtTenThousand() {
        assertThat(HeaderAddress.parseList("a@b,".repeat(20_000))).hasSize(10_000);
        assertThat(HeaderAddress.mailboxes("g:" + "a@b,".repeat(20_000))).hasSize(10_000);
    }
}
