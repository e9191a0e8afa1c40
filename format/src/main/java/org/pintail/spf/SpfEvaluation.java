package org.pintail.spf;

import java.net.InetAddress;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.pintail.address.IpText;
import org.pintail.dns.Dns;
import org.pintail.dns.DnsAnswer;
import org.pintail.dns.DnsType;

/// One run of `check_host()` (RFC 7208 §4) with the budget that its includes and redirects share.
final class SpfEvaluation {
    private static final int MAX_NAME = 253;
    private final Dns dns;
    private final SpfLimits limits;
    private final InstantSource clock;
    private final SpfClient client;
    private final SpfVerdict.Identity identity;
    private final String sender;
    private final String domain;
    private final Instant deadline;
    private int lookups;
    private int voids;
    private @Nullable List<String> clientNames;

    SpfEvaluation(
            Dns dns, SpfLimits limits, InstantSource clock, SpfClient client, SpfVerdict.Identity identity, String sender, String domain) {
        this.dns = dns;
        this.limits = limits;
        this.clock = clock;
        this.client = client;
        this.identity = identity;
        this.sender = sender;
        this.domain = domain;
        this.deadline = clock.instant().plus(limits.time());
    }

    /// How the record of one domain came out; `record` is the one that decided (its `exp` speaks), null for none.
    private record Outcome(SpfResult result, String mechanism, String domain, @Nullable SpfRecord record) {}

    /// Ends the check early.
    private static final class Ended extends RuntimeException {
        private static final long serialVersionUID = 1;
        private final SpfResult result;

        Ended(SpfResult result, String reason) {
            super(reason, null, false, false);
            this.result = result;
        }

        String reason() {
            var message = getMessage();
            return message == null ? "" : message;
        }
    }

    SpfVerdict run() {
        try {
            if (!isDomain(domain)) {
                return verdict(SpfResult.NONE, "invalid domain " + domain, "", Optional.empty());
            }
            var outcome = check(domain);
            var explanation = outcome.result == SpfResult.FAIL ? explain(outcome) : Optional.<String>empty();
            return verdict(outcome.result, "", outcome.mechanism, explanation);
        } catch (Ended e) {
            return verdict(e.result, e.reason(), "", Optional.empty());
        }
    }

    private SpfVerdict verdict(SpfResult result, String reason, String mechanism, Optional<String> explanation) {
        return new SpfVerdict(result, identity, domain, sender, reason, mechanism, explanation, lookups, voids);
    }

    /// RFC 7208 §4.3: more than one label, none empty or longer than 63 octets.
    private static boolean isDomain(String name) {
        return name.indexOf('.') > 0 && isName(name) && name.chars().noneMatch(c -> c <= 0x20 || c >= 0x7f) && !name.startsWith("[");
    }

    private static boolean isName(String name) {
        int start = 0;
        for (int i = 0; i <= name.length(); i++) {
            if (i == name.length() || name.charAt(i) == '.') {
                if (i == start || i - start > 63) {
                    return false;
                }
                start = i + 1;
            }
        }
        return name.length() <= MAX_NAME;
    }

    private Outcome check(String of) {
        var record = record(of);
        if (record == null) {
            return new Outcome(SpfResult.NONE, "", of, null);
        }
        for (var directive : record.directives()) {
            if (matches(directive.mechanism(), of)) {
                return new Outcome(directive.result(), directive.text(), of, record);
            }
        }
        if (record.redirect() == null) {
            return new Outcome(SpfResult.NEUTRAL, "default", of, record);
        }
        countLookup();
        var redirected = check(target(record.redirect(), of));
        if (redirected.result == SpfResult.NONE) { // RFC 7208 §6.1
            throw new Ended(SpfResult.PERMERROR, "redirect to " + redirected.domain + ", which has no record");
        }
        return redirected;
    }

    /// RFC 7208 §4.4, §4.5.
    private @Nullable SpfRecord record(String of) {
        if (!isName(of)) {
            return null;
        }
        var found = certain(ask(of, DnsType.TXT)).records().stream().filter(SpfRecord::isSpf).toList();
        if (found.size() > 1) {
            throw new Ended(SpfResult.PERMERROR, of + " has " + found.size() + " records");
        }
        if (found.isEmpty()) {
            return null;
        }
        try {
            if (found.getFirst().length() > limits.recordLength()) {
                throw new SpfSyntaxException("longer than " + limits.recordLength() + " characters");
            }
            return SpfRecord.parse(found.getFirst());
        } catch (SpfSyntaxException e) {
            throw new Ended(SpfResult.PERMERROR, "record of " + of + ": " + e.getMessage());
        }
    }

    private boolean matches(Mechanism mechanism, String of) {
        return switch (mechanism) {
            case Mechanism.All _ -> true;
            case Mechanism.Network network -> IpText.sameNetwork(client.address(), network.address(), network.prefix());
            case Mechanism.Include include -> includes(target(include.target(), of));
            case Mechanism.A a -> {
                countLookup();
                yield anyMatches(addresses(target(a.target(), of), true), a.prefix4(), a.prefix6());
            }
            case Mechanism.Mx mx -> mx(mx, of);
            case Mechanism.Ptr ptr -> ptr(target(ptr.target(), of));
            case Mechanism.Exists exists -> {
                countLookup();
                yield !counted(certain(ask(target(exists.target(), of), DnsType.A))).records().isEmpty();
            }
        };
    }

    /// RFC 7208 §5.2.
    private boolean includes(String included) {
        countLookup();
        return switch (check(included).result) {
            case PASS -> true;
            case FAIL, SOFTFAIL, NEUTRAL -> false;
            case NONE -> throw new Ended(SpfResult.PERMERROR, "include of " + included + ", which has no record");
            case TEMPERROR, PERMERROR -> throw new IllegalStateException("errors end the check");
        };
    }

    /// RFC 7208 §5.4.
    private boolean mx(Mechanism.Mx mx, String of) {
        countLookup();
        var exchangers = counted(certain(ask(target(mx.target(), of), DnsType.MX))).records();
        if (exchangers.size() > limits.names()) {
            throw new Ended(SpfResult.PERMERROR, "more than " + limits.names() + " MX records");
        }
        for (var exchanger : exchangers) {
            if (!exchanger.host().isEmpty() && anyMatches(addresses(exchanger.host(), false), mx.prefix4(), mx.prefix6())) {
                return true;
            }
        }
        return false;
    }

    /// RFC 7208 §5.5: DNS errors are no match here.
    private boolean ptr(String target) {
        countLookup();
        return validatedNames(true).stream().anyMatch(name -> isBelow(name, target));
    }

    private static boolean isBelow(String name, String target) {
        return name.equalsIgnoreCase(target)
                || name.length() > target.length()
                        && name.regionMatches(true, name.length() - target.length(), target, 0, target.length())
                        && name.charAt(name.length() - target.length() - 1) == '.';
    }

    /// Names of the client that lead back to its address; asked once in a check.
    private List<String> validatedNames(boolean counting) {
        if (clientNames == null) {
            checkTime();
            var answer = dns.reverse(client.address());
            if (counting && answer.nothing()) {
                countVoid();
            }
            var validated = new ArrayList<String>();
            for (var name : answer.records().stream().limit(limits.names()).toList()) {
                var forward = ask(name, addressType());
                if (forward.records().contains(client.address())) {
                    validated.add(name);
                }
            }
            clientNames = validated;
        }
        return clientNames;
    }

    private DnsType<InetAddress> addressType() {
        return client.address().getAddress().length == 4 ? DnsType.A : DnsType.AAAA;
    }

    private List<InetAddress> addresses(String name, boolean counting) {
        var answer = certain(ask(name, addressType()));
        if (counting && answer.nothing()) {
            // QUIRK: hosts without AAAA are many; RFC 7208 §4.6.4 counts the empty answer, here the name must have no address at all.
            boolean otherFamily = addressType().equals(DnsType.AAAA)
                    && answer.outcome() == DnsAnswer.Outcome.NO_DATA
                    && ask(name, DnsType.A).found();
            if (!otherFamily) {
                countVoid();
            }
        }
        return answer.records();
    }

    private boolean anyMatches(List<InetAddress> addresses, int prefix4, int prefix6) {
        int prefix = client.address().getAddress().length == 4 ? prefix4 : prefix6;
        return addresses.stream().anyMatch(a -> IpText.sameNetwork(client.address(), a, prefix));
    }

    private void countLookup() {
        if (++lookups > limits.lookups()) {
            throw new Ended(SpfResult.PERMERROR, "more than " + limits.lookups() + " DNS lookups");
        }
    }

    private void countVoid() {
        if (++voids > limits.voids()) {
            throw new Ended(SpfResult.PERMERROR, "more than " + limits.voids() + " lookups that found nothing");
        }
    }

    private <T> DnsAnswer<T> counted(DnsAnswer<T> answer) {
        if (answer.nothing()) {
            countVoid();
        }
        return answer;
    }

    private <T> DnsAnswer<T> ask(String name, DnsType<T> type) {
        checkTime();
        return isName(name) ? dns.ask(name, type) : DnsAnswer.noSuchName(name, limits.time(), false);
    }

    private void checkTime() {
        if (clock.instant().isAfter(deadline)) {
            throw new Ended(SpfResult.TEMPERROR, "not done within " + limits.time().toSeconds() + " s");
        }
    }

    private static <T> DnsAnswer<T> certain(DnsAnswer<T> answer) {
        if (answer.failed()) {
            throw new Ended(SpfResult.TEMPERROR, "DNS: " + answer.canonicalName() + ": " + answer.problem());
        }
        return answer;
    }

    /// RFC 7208 §4.8, §7.3: a name that grew too long loses labels on the left.
    private String target(@Nullable MacroString spec, String of) {
        if (spec == null) {
            return of;
        }
        var name = spec.expand(letter -> value(letter, of));
        if (name.endsWith(".")) {
            name = name.substring(0, name.length() - 1);
        }
        if (name.length() > MAX_NAME) {
            int dot = name.indexOf('.', name.length() - MAX_NAME - 1);
            name = dot < 0 ? "" : name.substring(dot + 1);
        }
        return name;
    }

    /// RFC 7208 §7.2.
    private String value(char letter, String of) {
        int at = sender.lastIndexOf('@');
        return switch (letter) {
            case 's' -> sender;
            case 'l' -> sender.substring(0, at);
            case 'o' -> sender.substring(at + 1);
            case 'd' -> of;
            case 'i' -> dotted(client.address());
            case 'p' -> clientName(of);
            case 'v' -> client.address().getAddress().length == 4 ? "in-addr" : "ip6";
            case 'h' -> client.helo();
            case 'c' -> IpText.show(client.address());
            case 'r' -> client.receiver();
            case 't' -> Long.toString(clock.instant().getEpochSecond());
            default -> throw new IllegalStateException("letter " + letter);
        };
    }

    private String clientName(String of) {
        var names = validatedNames(false);
        return names.stream()
                .filter(of::equalsIgnoreCase)
                .findFirst()
                .or(() -> names.stream().filter(n -> isBelow(n, of)).findFirst())
                .or(() -> names.stream().findFirst())
                .orElse("unknown");
    }

    private static String dotted(InetAddress address) {
        var bytes = address.getAddress();
        if (bytes.length == 4) {
            return address.getHostAddress();
        }
        return String.join(".", HexFormat.of().withUpperCase().formatHex(bytes).split(""));
    }

    /// RFC 7208 §6.2: what goes wrong here leaves the result as it is, without an explanation.
    private Optional<String> explain(Outcome outcome) {
        if (outcome.record == null || outcome.record.explanation() == null) {
            return Optional.empty();
        }
        try {
            var texts = ask(target(outcome.record.explanation(), outcome.domain), DnsType.TXT).records();
            if (texts.size() != 1 || texts.getFirst().length() > limits.recordLength()) {
                return Optional.empty();
            }
            return Optional.of(MacroString.explanation(texts.getFirst()).expand(letter -> value(letter, outcome.domain)));
        } catch (SpfSyntaxException | Ended e) {
            return Optional.empty(); // §6.2: as if there were no exp
        }
    }
}
