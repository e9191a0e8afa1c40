package org.pintail.mime;

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
        return out.toString().replaceAll("[ \\t]+\n", "\n").replaceAll("\n{3,}", "\n\n").strip();
    }

    /// Plain text as an HTML paragraph.
    static String paragraph(String text) {
        var escaped = text.strip().replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;");
        return "<p>" + escaped.replace("\n\n", "</p><p>").replace("\n", "<br/>") + "</p>";
    }

    private record Visitor(StringBuilder out) implements NodeVisitor {
        @Override
        public void head(Node node, int depth) {
            switch (node) {
                case TextNode text -> text(text.text());
                case Element e when e.tagName().equals("br") -> out.append('\n');
                case Element e when e.tagName().equals("li") -> line().append(" * ");
                case Element e when e.tagName().equals("img") -> out.append(e.attr("alt"));
                case Element e when BLOCKS.contains(e.tagName()) -> line();
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
                } else if (e.tagName().equals("a") && e.hasAttr("href")) {
                    var href = e.attr("href");
                    if (!href.isEmpty() && !href.equals(e.text()) && !href.startsWith("#")) {
                        out.append(" [").append(href.startsWith("mailto:") ? href.substring(7) : href).append(']');
                    }
                } else if (e.tagName().equals("td") || e.tagName().equals("th")) {
                    out.append(' ');
                }
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
