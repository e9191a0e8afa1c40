package org.pintail.spf;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;
import org.pintail.address.IpText;

/// One `v=spf1` record, its syntax checked whole (RFC 7208 §4.6, §12).
///
///     record = version terms *SP
///     terms  = *( 1*SP ( directive / modifier ) )
record SpfRecord(List<Directive> directives, @Nullable MacroString redirect, @Nullable MacroString explanation) {
    private static final String VERSION = "v=spf1";

    SpfRecord {
        directives = List.copyOf(directives);
    }

    /// A mechanism and what it means when it matches; `text` as it stands.
    record Directive(SpfResult result, Mechanism mechanism, String text) {}

    /// RFC 7208 §4.5: is this TXT record one of ours?
    static boolean isSpf(String text) {
        boolean version = text.regionMatches(true, 0, VERSION, 0, VERSION.length());
        return version && (text.length() == VERSION.length() || text.charAt(VERSION.length()) == ' ');
    }

    /// Throws [SpfSyntaxException].
    static SpfRecord parse(String text) {
        var directives = new ArrayList<Directive>();
        @Nullable MacroString redirect = null;
        @Nullable MacroString explanation = null;
        for (var term : text.substring(VERSION.length()).split(" ")) {
            if (term.isEmpty()) {
                continue;
            }
            int equals = modifierName(term);
            if (equals < 0) {
                directives.add(directive(term));
                continue;
            }
            var value = term.substring(equals + 1);
            switch (term.substring(0, equals).toLowerCase(Locale.ROOT)) {
                case "redirect" -> redirect = once(redirect, term, value);
                case "exp" -> explanation = once(explanation, term, value);
                default -> MacroString.parse(value); // unknown: only its syntax matters
            }
        }
        return new SpfRecord(directives, redirect, explanation);
    }

    private static MacroString once(@Nullable MacroString before, String term, String value) {
        if (before != null) {
            throw new SpfSyntaxException("a second " + term);
        }
        return MacroString.domainSpec(value);
    }

    ///     name = ALPHA *( ALPHA / DIGIT / "-" / "_" / "." )
    private static int modifierName(String term) {
        for (int i = 0; i < term.length(); i++) {
            char c = Character.toLowerCase(term.charAt(i));
            boolean letter = c >= 'a' && c <= 'z';
            if (c == '=' && i > 0) {
                return i;
            }
            if (!letter && (i == 0 || "0123456789-_.".indexOf(c) < 0)) {
                return -1;
            }
        }
        return -1;
    }

    ///     directive = [ qualifier ] mechanism
    private static Directive directive(String term) {
        var result = switch (term.charAt(0)) {
            case '-' -> SpfResult.FAIL;
            case '~' -> SpfResult.SOFTFAIL;
            case '?' -> SpfResult.NEUTRAL;
            default -> SpfResult.PASS;
        };
        boolean qualified = "+-~?".indexOf(term.charAt(0)) >= 0;
        return new Directive(result, mechanism(qualified ? term.substring(1) : term), term);
    }

    private static Mechanism mechanism(String text) {
        int end = 0;
        while (end < text.length() && text.charAt(end) != ':' && text.charAt(end) != '/') {
            end++;
        }
        var name = text.substring(0, end).toLowerCase(Locale.ROOT);
        var rest = text.substring(end);
        return switch (name) {
            case "all" -> {
                if (!rest.isEmpty()) {
                    throw new SpfSyntaxException("all takes no value, found " + text);
                }
                yield new Mechanism.All();
            }
            case "include" -> new Mechanism.Include(MacroString.domainSpec(value(text, rest)));
            case "exists" -> new Mechanism.Exists(MacroString.domainSpec(value(text, rest)));
            case "ptr" -> new Mechanism.Ptr(rest.isEmpty() ? null : MacroString.domainSpec(value(text, rest)));
            case "a" -> {
                var cidr = Cidr.cut(rest);
                yield new Mechanism.A(target(text, cidr.before()), cidr.prefix4(), cidr.prefix6());
            }
            case "mx" -> {
                var cidr = Cidr.cut(rest);
                yield new Mechanism.Mx(target(text, cidr.before()), cidr.prefix4(), cidr.prefix6());
            }
            case "ip4" -> ip4(text, value(text, rest));
            case "ip6" -> ip6(text, value(text, rest));
            default -> throw new SpfSyntaxException("no mechanism " + text);
        };
    }

    private static @Nullable MacroString target(String text, String rest) {
        return rest.isEmpty() ? null : MacroString.domainSpec(value(text, rest));
    }

    private static String value(String text, String rest) {
        if (rest.length() < 2 || rest.charAt(0) != ':') {
            throw new SpfSyntaxException("expected a value after \":\", found " + text);
        }
        return rest.substring(1);
    }

    private static Mechanism ip4(String text, String value) {
        int slash = value.indexOf('/');
        var address = IpText.v4(slash < 0 ? value : value.substring(0, slash)).orElseThrow(() -> new SpfSyntaxException("no IPv4 network: " + text));
        return new Mechanism.Network(address, slash < 0 ? 32 : Cidr.length(value.substring(slash + 1), 32, text));
    }

    private static Mechanism ip6(String text, String value) {
        int slash = value.indexOf('/');
        var address = IpText.v6(slash < 0 ? value : value.substring(0, slash)).orElseThrow(() -> new SpfSyntaxException("no IPv6 network: " + text));
        return new Mechanism.Network(address, slash < 0 ? 128 : Cidr.length(value.substring(slash + 1), 128, text));
    }

    /// The end of `a` and `mx`.
    ///
    ///     dual-cidr-length = [ ip4-cidr-length ] [ "/" ip6-cidr-length ]
    private record Cidr(String before, int prefix4, int prefix6) {
        static Cidr cut(String rest) {
            int prefix6 = 128;
            var left = rest;
            int slash = trailingNumber(left);
            if (slash > 0 && left.charAt(slash - 1) == '/') {
                prefix6 = length(left.substring(slash + 1), 128, rest);
                left = left.substring(0, slash - 1);
                slash = trailingNumber(left);
            }
            if (slash < 0) {
                return new Cidr(left, 32, prefix6);
            }
            return new Cidr(left.substring(0, slash), length(left.substring(slash + 1), 32, rest), prefix6);
        }

        /// Index of the "/" before the digits at the end, -1 when there is none.
        private static int trailingNumber(String text) {
            int i = text.length();
            while (i > 0 && Character.isDigit(text.charAt(i - 1))) {
                i--;
            }
            return i < text.length() && i > 0 && text.charAt(i - 1) == '/' ? i - 1 : -1;
        }

        static int length(String digits, int most, String text) {
            int value = IpText.number(digits, most);
            if (value < 0) {
                throw new SpfSyntaxException("no prefix length: " + text);
            }
            return value;
        }
    }
}
