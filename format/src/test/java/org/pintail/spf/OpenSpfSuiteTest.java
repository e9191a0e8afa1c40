package org.pintail.spf;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;
import org.pintail.Shared;
import org.pintail.dns.DnsType;
import org.pintail.dns.FakeDns;
import org.pintail.dns.MxRecord;
import org.snakeyaml.engine.v2.api.Load;
import org.snakeyaml.engine.v2.api.LoadSettings;

/// The public suite for RFC 7208, all of it.
class OpenSpfSuiteTest {
    @TestFactory
    Stream<DynamicTest> everyTest() throws IOException {
        var text = Files.readString(Shared.require("vectors/spf/rfc7208-tests.yml"));
        var tests = new ArrayList<DynamicTest>();
        for (var document : new Load(LoadSettings.builder().build()).loadAllFromString(text)) {
            var scenario = map(document);
            map(scenario.get("tests")).forEach((name, test) -> tests.add(DynamicTest.dynamicTest(
                    scenario.get("description") + ": " + name, () -> run(map(test), zone(map(scenario.get("zonedata")))))));
        }
        assertThat(tests).hasSize(203);
        return tests.stream();
    }

    private static void run(Map<String, Object> test, FakeDns dns) {
        var client = new SpfClient(FakeDns.ip(text(test, "host")), text(test, "helo"), "receiver.example.org");
        var verdict = new Spf(dns, SpfLimits.RFC, InstantSource.system()).mailFrom(client, text(test, "mailfrom"));
        assertThat(list(test.get("result"))).as(verdict.toString()).contains(verdict.result().word());
        if (test.get("explanation") instanceof String expected) {
            assertThat(verdict.explanation().orElse("DEFAULT")).isEqualTo(expected);
        }
    }

    /// As the suite's own notes ask: a record SPF stands for a TXT record as well, unless the name has TXT records of its own.
    private static FakeDns zone(Map<String, Object> data) {
        var dns = new FakeDns();
        data.forEach((name, entries) -> {
            boolean ownTxt = list(entries).stream().anyMatch(e -> e instanceof Map<?, ?> m && m.containsKey("TXT"));
            for (var entry : list(entries)) {
                if (entry.equals("TIMEOUT")) {
                    dns.fails(name);
                } else {
                    map(entry).forEach((type, value) -> put(dns, name, type, value, ownTxt));
                }
            }
        });
        return dns;
    }

    private static void put(FakeDns dns, String name, String type, Object value, boolean ownTxt) {
        switch (type) {
            case "SPF" -> {
                if (!ownTxt) {
                    dns.txt(name, joined(value));
                }
            }
            case "TXT" -> {
                if (!value.equals("NONE")) {
                    dns.txt(name, joined(value));
                }
            }
            case "A", "AAAA" -> dns.address(name, value.toString());
            case "MX" -> dns.put(name, DnsType.MX, new MxRecord((Integer) list(value).get(0), list(value).get(1).toString()));
            case "PTR" -> dns.put(name, DnsType.PTR, value.toString());
            case "CNAME" -> dns.cname(name, value.toString());
            default -> throw new IllegalArgumentException(type);
        }
    }

    private static String joined(Object value) {
        return String.join("", list(value).stream().map(Object::toString).toList());
    }

    private static String text(Map<String, Object> map, String key) {
        return String.valueOf(map.get(key));
    }

    private static List<Object> list(@Nullable Object value) {
        if (value == null) {
            throw new IllegalArgumentException("missing");
        }
        return value instanceof List<?> list ? List.copyOf(list) : List.of(value);
    }

    @SuppressWarnings("unchecked") // the keys of these documents are texts
    private static Map<String, Object> map(@Nullable Object value) {
        if (value == null) {
            throw new IllegalArgumentException("missing");
        }
        return (Map<String, Object>) value;
    }
}
