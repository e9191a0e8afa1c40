package org.pintail.suite;

import java.util.ArrayList;
import java.util.List;
import org.pintail.dns.Dns;
import org.pintail.dns.DnsAnswer;
import org.pintail.dns.DnsType;

/// Passes questions on and remembers what was said.
final class RecordedDns implements Dns {
    private static final int SHOWN = 5;
    private static final int LONGEST = 200;
    private final Dns dns;
    private final List<Exchange> exchanges = new ArrayList<>();

    RecordedDns(Dns dns) {
        this.dns = dns;
    }

    /// One question and its answer in words.
    record Exchange(String type, String name, String outcome, List<String> records, boolean authenticated) {
        Exchange {
            records = List.copyOf(records);
        }
    }

    List<Exchange> exchanges() {
        return List.copyOf(exchanges);
    }

    @Override
    public <T> DnsAnswer<T> ask(String name, DnsType<T> type) {
        var answer = dns.ask(name, type);
        var outcome = switch (answer.outcome()) {
            case FOUND -> answer.records().size() + (answer.records().size() == 1 ? " record" : " records");
            case NO_DATA -> "no record of that type";
            case NXDOMAIN -> "no such name";
            case TEMPORARY -> "no answer: " + answer.problem();
            case BOGUS -> "bogus: " + answer.problem();
        };
        var records = answer.records().stream().limit(SHOWN).map(RecordedDns::text).toList();
        exchanges.add(new Exchange(type.name(), name, outcome, records, answer.authenticated()));
        return answer;
    }

    private static String text(Object record) {
        var text = record instanceof java.net.InetAddress address ? org.pintail.address.IpText.show(address) : record.toString();
        return (text.length() > LONGEST ? text.substring(0, LONGEST) + "…" : text).replaceAll("\\p{Cntrl}", " ");
    }
}
