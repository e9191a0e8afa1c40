package org.pintail.spf;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Locale;

/// Text with macros: RFC 7208 §7.
///
///     macro-string = *( macro-expand / macro-literal )
///     macro-expand = ( "%{" macro-letter transformers *delimiter "}" ) / "%%" / "%_" / "%-"
///     transformers = *DIGIT [ "r" ]
///     delimiter    = "." / "-" / "+" / "," / "/" / "_" / "="
///
/// @param endsInMacro the last element is a macro-expand
record MacroString(String text, List<Part> parts, boolean endsInMacro) {
    private static final String LETTERS = "slodiphv";
    private static final String EXPLANATION_LETTERS = "crt";
    private static final String DELIMITERS = ".-+,/_=";

    MacroString {
        parts = List.copyOf(parts);
    }

    sealed interface Part {}

    record Literal(String text) implements Part {}

    /// @param digits how many parts from the right; all if larger
    record Macro(char letter, boolean escaped, int digits, boolean reversed, String delimiters) implements Part {}

    /// What the letters stand for in one evaluation.
    interface Values {
        String value(char letter);
    }

    /// A `domain-spec`, or a text in an unknown modifier.
    static MacroString parse(String text) {
        return new Reader(text, false).read();
    }

    /// An `explain-string`: spaces and the letters c, r, t as well.
    static MacroString explanation(String text) {
        return new Reader(text, true).read();
    }

    /// Insists that it may name a domain.
    ///
    ///     domain-spec = macro-string domain-end
    ///     domain-end  = ( "." toplabel [ "." ] ) / macro-expand
    static MacroString domainSpec(String text) {
        var macro = parse(text);
        if (!macro.endsInMacro && !endsInTopLabel(text)) {
            throw new SpfSyntaxException("expected a domain, found \"" + text + "\"");
        }
        return macro;
    }

    ///     toplabel = ( *alphanum ALPHA *alphanum ) / ( 1*alphanum "-" *( alphanum / "-" ) alphanum )
    private static boolean endsInTopLabel(String text) {
        int end = text.endsWith(".") ? text.length() - 1 : text.length();
        int dot = text.lastIndexOf('.', end - 1);
        if (dot < 0 || dot + 1 >= end) {
            return false;
        }
        boolean letterOrDash = false;
        for (int i = dot + 1; i < end; i++) {
            char c = text.charAt(i);
            boolean digit = c >= '0' && c <= '9';
            boolean letter = c >= 'a' && c <= 'z' || c >= 'A' && c <= 'Z';
            boolean inside = i > dot + 1 && i < end - 1;
            if (!digit && !letter && !(c == '-' && inside)) {
                return false;
            }
            letterOrDash |= !digit;
        }
        return letterOrDash;
    }

    String expand(Values values) {
        var out = new StringBuilder();
        for (var part : parts) {
            switch (part) {
                case Literal literal -> out.append(literal.text);
                case Macro macro -> out.append(expand(macro, values.value(macro.letter)));
            }
        }
        return out.toString();
    }

    private static String expand(Macro macro, String value) {
        var out = value;
        if (macro.digits < Integer.MAX_VALUE || macro.reversed || !macro.delimiters.equals(".")) {
            var pieces = split(value, macro.delimiters);
            if (macro.reversed) {
                Collections.reverse(pieces);
            }
            out = String.join(".", pieces.subList(Math.max(0, pieces.size() - macro.digits), pieces.size()));
        }
        return macro.escaped ? escape(out) : out;
    }

    private static List<String> split(String value, String delimiters) {
        var pieces = new ArrayList<String>();
        int start = 0;
        for (int i = 0; i <= value.length(); i++) {
            if (i == value.length() || delimiters.indexOf(value.charAt(i)) >= 0) {
                pieces.add(value.substring(start, i));
                start = i + 1;
            }
        }
        return pieces;
    }

    /// RFC 7208 §7.3: capital letters ask for the escapes of RFC 3986 §2.1.
    private static String escape(String value) {
        var out = new StringBuilder();
        for (byte b : value.getBytes(StandardCharsets.UTF_8)) {
            char c = (char) (b & 0xff);
            boolean plain = c < 0x80 && (Character.isLetterOrDigit(c) || "-._~".indexOf(c) >= 0);
            out.append(plain ? String.valueOf(c) : String.format(Locale.ROOT, "%%%02X", (int) c));
        }
        return out.toString();
    }

    private static final class Reader {
        private final String text;
        private final boolean explanation;
        private final List<Part> parts = new ArrayList<>();
        private final StringBuilder literal = new StringBuilder();
        private boolean macroLast;
        private int at;

        Reader(String text, boolean explanation) {
            this.text = text;
            this.explanation = explanation;
        }

        MacroString read() {
            while (at < text.length()) {
                char c = text.charAt(at++);
                if (c == '%') {
                    expand();
                    macroLast = true;
                } else if (c > 0x20 && c < 0x7f || c == ' ' && explanation) {
                    literal.append(c);
                    macroLast = false;
                } else {
                    throw new SpfSyntaxException("character " + (int) c + " is not allowed");
                }
            }
            flush();
            return new MacroString(text, parts, macroLast);
        }

        private void expand() {
            switch (next()) {
                case '%' -> literal.append('%');
                case '_' -> literal.append(' ');
                case '-' -> literal.append("%20");
                case '{' -> macro();
                default -> throw new SpfSyntaxException("a lone % in \"" + text + "\"");
            }
        }

        private void macro() {
            flush();
            char letter = next();
            char lower = Character.toLowerCase(letter);
            if (LETTERS.indexOf(lower) < 0 && !(explanation && EXPLANATION_LETTERS.indexOf(lower) >= 0)) {
                throw new SpfSyntaxException("no macro %{" + letter + "}");
            }
            int digits = digits();
            char c = next();
            boolean reversed = c == 'r' || c == 'R';
            if (reversed) {
                c = next();
            }
            var delimiters = new StringBuilder();
            while (DELIMITERS.indexOf(c) >= 0) {
                delimiters.append(c);
                c = next();
            }
            if (c != '}') {
                throw new SpfSyntaxException("expected } in \"" + text + "\", found " + c);
            }
            parts.add(new Macro(lower, lower != letter, digits, reversed, delimiters.isEmpty() ? "." : delimiters.toString()));
        }

        /// RFC 7208 §7.3: none stands for all; zero is an error.
        private int digits() {
            int start = at;
            long value = 0;
            while (at < text.length() && text.charAt(at) >= '0' && text.charAt(at) <= '9') {
                value = Math.min(Integer.MAX_VALUE, value * 10 + text.charAt(at++) - '0');
            }
            if (at > start && value == 0) {
                throw new SpfSyntaxException("a macro of 0 parts in \"" + text + "\"");
            }
            return at == start ? Integer.MAX_VALUE : (int) value;
        }

        private char next() {
            if (at >= text.length()) {
                throw new SpfSyntaxException("a macro without its end in \"" + text + "\"");
            }
            return text.charAt(at++);
        }

        private void flush() {
            if (!literal.isEmpty()) {
                parts.add(new Literal(literal.toString()));
                literal.setLength(0);
            }
        }
    }
}
