package org.pintail.mime;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;

class HtmlTextTest {
    /// HTML, the text of it, why.
    private static final List<List<String>> ROWS = List.of(
            List.of("", "", "nothing"),
            List.of("<", "<", "no tag"),
            List.of("<p", "", "a tag that does not end"),
            List.of("a</p></b>b", "a\n\nb", "ends of what did not begin"),
            List.of("<script>alert(1)</script><style>p{}</style><!-- c -->a", "a", "what is not shown"),
            List.of("<title>t</title>a", "a", "a head"),
            List.of("a\u0000b", "ab", "NUL"),
            List.of("a &amp; &lt;b&gt; &auml;&#228;", "a & <b> \u00e4\u00e4", "entities"),
            List.of("a<br>b<br/>c", "a\nb\nc", "line breaks"),
            List.of("<p>a</p><p>b</p>", "a\n\nb", "paragraphs"),
            List.of("<div>a</div><div>b</div>", "a\nb", "blocks"),
            List.of("<p>a</p>\n\n<p></p><p> </p><br><br><p>b", "a\n\nb", "no more than one empty line"),
            List.of("a \n\t b", "a b", "white space"),
            List.of("<ul><li>a<li>b</ul>", "* a\n * b", "a list"),
            List.of("<table><tr><td>a</td><td>b</td></tr><tr><td>c</td></tr></table>", "a b\nc", "a table"),
            List.of("<a href=\"http://x.example/\">here</a>.", "here [http://x.example/].", "a link"),
            List.of("<a href=\"http://x.example\">http://x.example</a>", "http://x.example", "one that shows where it leads"),
            List.of("<a href=\"mailto:a@b.c\">a@b.c</a>", "a@b.c", "an address that shows itself"),
            List.of("<a href=\"mailto:a@b.c\">write</a>", "write [a@b.c]", "an address"),
            List.of("<a href=\"#top\">up</a> <a name=x>n</a> <a href=\"\">e</a>", "up n e", "links that lead nowhere"),
            List.of("a <img src=x alt=\"a logo\"> b", "a a logo b", "a picture"));

    @Test
    void htmlBecomesText() {
        ROWS.forEach(row -> assertThat(HtmlText.of(row.get(0))).as(row.get(2)).isEqualTo(row.get(1)));
    }

    @Test
    void textBecomesAParagraph() {
        assertThat(HtmlText.paragraph(" a<b>&c\nd\n\ne ")).isEqualTo("<p>a&lt;b&gt;&amp;c<br/>d</p><p>e</p>");
    }

    @Test
    void htmlTooLargeHasNoText() {
        assertThat(HtmlText.of("a".repeat((2 << 20) + 1))).isEmpty();
    }

    @Test
    void hostileHtmlHasAText() {
        assertThat(HtmlText.of("<div>".repeat(50_000) + "a")).isEqualTo("a");
        assertThat(HtmlText.of("<table><tr>" + "<td>".repeat(75_000) + "a")).isEqualTo("a");
        assertThat(HtmlText.of("<b><i><font><a href=x>".repeat(10_000) + "a")).startsWith("[x]").endsWith("a [x]");
        assertThat(HtmlText.of("<svg>" + "<a href=x>".repeat(20_000) + "a")).contains("a [x]");
        assertThat(HtmlText.of("<p " + "a=b ".repeat(70_000) + ">a")).isEqualTo("a");
    }

    @Test
    void theIntroductionOfALongPageIsThatOfItsWholeText() {
        var page = new StringBuilder("<html><head><style>").append("p { color: red }\n".repeat(2000)).append("</style></head><body>");
        for (int i = 0; page.length() < 300_000; i++) {
            page.append("<p>Row ").append(i).append(" of <b>many</b> &amp; more <a href='https://example.com/").append(i).append("'>there</a></p>\n");
        }
        for (int length = 1000; length <= page.length(); length = length * 5 / 4) {
            var html = page.substring(0, length);
            assertThat(Intro.of("", List.of(html))).as("of %d characters", length).isEqualTo(Intro.of(HtmlText.of(html), List.of()));
        }
        assertThat(Intro.of("", List.of(page.toString()))).startsWith("Row 0 of many & more there [https://example.com/0] Row 1").hasSizeLessThan(130);
        assertThat(Intro.of("", List.of("<p>short</p>"))).isEqualTo("short");
        assertThat(Intro.of("", List.of("<i>" + "<b>".repeat(30_000)))).as("no text at all").isEmpty();
    }

    @Test
    void theIntroductionIsTheFirstWords() {
        assertThat(Intro.of("", List.of())).isEmpty();
        assertThat(Intro.of("> quoted\n------\na  b\n\nc [...]", List.of())).isEqualTo("a b c");
        assertThat(Intro.of("text", List.of("<p>html</p>"))).as("from the HTML where there is some").isEqualTo("html");
        assertThat(Intro.of("word ".repeat(100), List.of())).isEqualTo("word ".repeat(24) + "word…").hasSizeLessThanOrEqualTo(129);
        assertThat(Intro.of("x".repeat(127) + "😀😀", List.of())).as("no character cut in two").isEqualTo("x".repeat(127) + "…");
    }
}
