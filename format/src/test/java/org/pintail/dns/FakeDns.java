package org.pintail.dns;

import java.net.InetAddress;
import java.net.UnknownHostException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;

/// A DNS for tests that answers from a table. A name above one that has records exists (NO_DATA); others do not (NXDOMAIN).
public final class FakeDns implements Dns {
    private static final Duration TTL = Duration.ofHours(1);
    private final Map<String, List<Object>> table = new HashMap<>();
    private final Map<String, String> temporary = new HashMap<>();
    private final Set<String> bogus = new HashSet<>();
    private final Set<String> secure = new HashSet<>();
    private final List<String> asked = new ArrayList<>();

    /// `values` as the type has them.
    @SafeVarargs
    public final <T> FakeDns put(String name, DnsType<T> type, T... values) {
        var records = table.computeIfAbsent(type.name() + " " + normal(name), _ -> new ArrayList<>());
        for (var value : values) {
            records.add(value);
        }
        return this;
    }

    public FakeDns txt(String name, String... texts) {
        return put(name, DnsType.TXT, texts);
    }

    /// A or AAAA, as the addresses are.
    public FakeDns address(String name, String... addresses) {
        for (var text : addresses) {
            if (text.contains(":")) {
                put(name, DnsType.AAAA, ip(text));
            } else {
                put(name, DnsType.A, ip(text));
            }
        }
        return this;
    }

    public FakeDns mx(String name, int preference, String host) {
        return put(name, DnsType.MX, new MxRecord(preference, normal(host)));
    }

    public FakeDns cname(String name, String target) {
        return put(name, DnsType.CNAME, normal(target));
    }

    /// A PTR record of `address`.
    public FakeDns ptr(String address, String... names) {
        return put(ReverseName.of(ip(address)), DnsType.PTR, names);
    }

    /// Questions about `name` that no record answers fail for now.
    public FakeDns fails(String name) {
        temporary.put(normal(name), "time-out");
        return this;
    }

    /// DNSSEC validation of every answer about `name` fails.
    public FakeDns bogus(String name) {
        bogus.add(normal(name));
        return this;
    }

    /// Answers about `domain` and names below it are authenticated.
    public FakeDns secure(String domain) {
        secure.add(normal(domain));
        return this;
    }

    /// `TYPE name`, in the order asked.
    public List<String> asked() {
        return List.copyOf(asked);
    }

    public static InetAddress ip(String text) {
        try {
            return InetAddress.getByName(text);
        } catch (UnknownHostException e) {
            throw new IllegalArgumentException(text, e);
        }
    }

    @Override
    @SuppressWarnings("unchecked") // put() keeps values by their type
    public synchronized <T> DnsAnswer<T> ask(String question, DnsType<T> type) {
        asked.add(type.name() + " " + normal(question));
        var name = normal(question);
        boolean authenticated = isSecure(name);
        for (int hops = 0; hops < 10; hops++) {
            if (bogus.contains(name)) {
                return DnsAnswer.bogus(name, "signature does not verify");
            }
            var records = table.get(type.name() + " " + name);
            if (records != null) {
                return DnsAnswer.found((List<T>) records, name, TTL, authenticated);
            }
            var failure = temporary.get(name);
            if (failure != null) {
                return DnsAnswer.temporary(name, failure);
            }
            var alias = table.get("CNAME " + name);
            if (alias == null) {
                return exists(name) ? DnsAnswer.noData(name, TTL, authenticated) : DnsAnswer.noSuchName(name, TTL, authenticated);
            }
            name = (String) alias.getFirst();
            authenticated &= isSecure(name);
        }
        return DnsAnswer.temporary(question, "loop of CNAMEs");
    }

    private boolean isSecure(String name) {
        return secure.stream().anyMatch(domain -> name.equals(domain) || name.endsWith("." + domain));
    }

    private boolean exists(String name) {
        return table.keySet().stream().map(key -> key.substring(key.indexOf(' ') + 1)).anyMatch(n -> n.equals(name) || n.endsWith("." + name));
    }

    private static String normal(String name) {
        var lower = name.toLowerCase(Locale.ROOT);
        return lower.endsWith(".") ? lower.substring(0, lower.length() - 1) : lower;
    }
}
