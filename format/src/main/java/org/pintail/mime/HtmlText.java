package org.pintail.mime;

import java.util.ArrayDeque;
import java.util.Set;
import org.jsoup.Jsoup;
import org.jsoup.nodes.Element;
import org.jsoup.nodes.Node;
import org.jsoup.nodes.TextNode;
import org.jsoup.select.NodeTraversor;
import org.jsoup.select.NodeVisitor;

/// HTML as plain text: blocks on lines of their own, list items with an asterisk, links with their address.
final class HtmlText {
    private static final int MAX_HTML = 2 << 20;
    private static final Set<String> BLOCKS = Set.of(
            "p", "div", "table", "tr", "ul", "ol", "h1", "h2", "h3", "h4", "h5", "h6", "blockquote", "pre", "hr", "section", "article", "header", "footer");

    private HtmlText() {}

    static String of(String html) {
        if (html.length() > MAX_HTML) {
            return "";
        }
        var body = Jsoup.parse(html).body();
        var out = new StringBuilder();
        NodeTraversor.traverse(new Visitor(out), body);
        return tidy(out);
    }

    /// No blanks before a line break, no more than one empty line, nothing around the whole.
    private static String tidy(CharSequence text) {
        var out = new StringBuilder(text.length());
        int breaks = 0;
        int blanks = 0; // since the last line break or word
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            if (c == '\n') {
                breaks++;
                blanks = 0;
            } else if (c == ' ' || c == '\t') {
                blanks++;
            } else {
                if (breaks > 0) {
                    out.append(breaks == 1 ? "\n" : "\n\n");
                    breaks = 0;
                }
                if (blanks > 0) {
                    out.append(text, i - blanks, i);
                    blanks = 0;
                }
                out.append(c);
            }
        }
        return out.toString().strip();
    }

    /// Plain text as an HTML paragraph.
    static String paragraph(String text) {
        var escaped = text.strip().replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;");
        return "<p>" + escaped.replace("\n\n", "</p><p>").replace("\n", "<br/>") + "</p>";
    }

    private static final class Visitor implements NodeVisitor {
        private final StringBuilder out;
        /// Where the text of each open link begins.
        private final ArrayDeque<Integer> links = new ArrayDeque<>();

        Visitor(StringBuilder out) {
            this.out = out;
        }

        @Override
        public void head(Node node, int depth) {
            switch (node) {
                case TextNode text -> text(text.text());
                case Element e when e.tagName().equals("br") -> out.append('\n');
                case Element e when e.tagName().equals("li") -> line().append(" * ");
                case Element e when e.tagName().equals("img") -> out.append(e.attr("alt"));
                case Element e when BLOCKS.contains(e.tagName()) -> line();
                case Element e when e.tagName().equals("a") -> links.push(out.length());
                default -> {
                    // inline elements and comments leave no trace of their own
                }
            }
        }

        @Override
        public void tail(Node node, int depth) {
            if (node instanceof Element e) {
                if (BLOCKS.contains(e.tagName()) || e.tagName().equals("li")) {
                    line();
                    if (e.tagName().equals("p")) {
                        out.append('\n');
                    }
                } else if (e.tagName().equals("a")) {
                    link(e.attr("href"), links.pop());
                } else if (e.tagName().equals("td") || e.tagName().equals("th")) {
                    out.append(' ');
                }
            }
        }

        /// The address behind the text of a link, unless it says the same.
        private void link(String href, int start) {
            var address = href.startsWith("mailto:") ? href.substring("mailto:".length()) : href;
            boolean shown = out.length() - start == address.length() && address.contentEquals(out.subSequence(start, out.length()));
            if (!address.isBlank() && !shown && !href.startsWith("#")) {
                out.append(" [").append(address).append(']');
            }
        }

        private void text(String text) {
            boolean fresh = out.isEmpty() || Character.isWhitespace(out.charAt(out.length() - 1));
            out.append(fresh ? text.stripLeading() : text);
        }

        private StringBuilder line() {
            if (!out.isEmpty() && out.charAt(out.length() - 1) != '\n') {
                out.append('\n');
            }
            return out;
        }
    }
}
