package org.pintail.mta;

import java.time.Clock;
import java.time.Duration;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.Map;
import org.pintail.backend.Bytes;
import org.pintail.backend.Document;
import org.pintail.backend.Documents;
import org.pintail.backend.ObjectId;
import org.pintail.backend.StoreException;
import org.pintail.mail.Collections;
import org.pintail.tlsrpt.TlsReport;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Counts TLS sessions with other servers for the reports of RFC 8460: in memory for a minute, then one document per day, domain and policy.
/// What is not written yet when the process dies is not reported; nothing else depends on it.
public final class TlsResults {
    private static final Logger LOG = LoggerFactory.getLogger(TlsResults.class);
    private static final Duration KEPT = Duration.ofDays(4);
    private static final int MAX_POLICIES = 10_000; // between two flushes: more than that is an attack or nothing that can be reported
    private static final int MAX_FAILURES = 200; // kinds of failure of one policy
    private final Documents documents;
    private final Clock clock;
    private Map<Key, Sum> sums = new HashMap<>();

    private record Key(LocalDate day, TlsReport.Policy policy) {}

    /// A failure without its count.
    private record Kind(String type, String sendingIp, String mx, String receivingIp, String reason) {}

    private static final class Sum {
        private long successful;
        private long failed;
        private final Map<Kind, Long> failures = new HashMap<>();
    }

    public TlsResults(Documents documents, Clock clock) {
        this.documents = documents;
        this.clock = clock;
    }

    synchronized void success(TlsReport.Policy policy) {
        var sum = sum(policy);
        if (sum != null) {
            sum.successful++;
        }
    }

    synchronized void failure(TlsReport.Policy policy, TlsReport.Failure failure) {
        var sum = sum(policy);
        if (sum == null) {
            return;
        }
        sum.failed++;
        var kind = new Kind(failure.type(), failure.sendingIp(), failure.mx(), failure.receivingIp(), failure.reason());
        if (sum.failures.size() < MAX_FAILURES || sum.failures.containsKey(kind)) {
            sum.failures.merge(kind, 1L, Long::sum);
        }
    }

    private @org.jspecify.annotations.Nullable Sum sum(TlsReport.Policy policy) {
        var key = new Key(LocalDate.ofInstant(clock.instant(), ZoneOffset.UTC), policy);
        var sum = sums.get(key);
        if (sum == null && sums.size() < MAX_POLICIES) {
            sum = new Sum();
            sums.put(key, sum);
        }
        return sum;
    }

    /// Writes what was counted. What the store does not take now is lost, and the log says so.
    public void flush() {
        Map<Key, Sum> done;
        synchronized (this) {
            done = sums;
            sums = new HashMap<>();
        }
        try {
            done.forEach(this::write);
        } catch (StoreException e) {
            LOG.warn("tls results not written policies={} error={}", done.size(), e.toString());
        }
    }

    private void write(Key key, Sum sum) {
        var day = key.day().toString();
        var hash = digest(key.policy());
        while (true) {
            var before = documents.find(Collections.TLS_RESULTS, "policy", day, key.policy().domain(), hash);
            if (before.isPresent()) {
                documents.update(Collections.TLS_RESULTS, before.get().id(), d -> add(d, sum));
                return;
            }
            try {
                var empty = Document.of(
                        "_id", ObjectId.next(),
                        "day", day,
                        "domain", key.policy().domain(),
                        "key", hash,
                        "type", key.policy().type(),
                        "text", key.policy().text(),
                        "mx", key.policy().mx(),
                        "expires", key.day().atStartOfDay(ZoneOffset.UTC).toInstant().plus(KEPT));
                documents.insert(Collections.TLS_RESULTS, add(empty, sum));
                return;
            } catch (StoreException.Duplicate again) {
                // another node was first: add to its document
            }
        }
    }

    private static String digest(TlsReport.Policy policy) {
        try {
            var text = String.join("\n", policy.type(), String.join("\n", policy.text()), "mx", String.join("\n", policy.mx()));
            var digest = java.security.MessageDigest.getInstance("SHA-256");
            return Bytes.wrap(digest.digest(text.getBytes(java.nio.charset.StandardCharsets.UTF_8))).hex().substring(0, 32);
        } catch (java.security.NoSuchAlgorithmException e) {
            throw new IllegalStateException("every JDK has SHA-256", e);
        }
    }

    private static Document add(Document d, Sum sum) {
        var failures = new HashMap<Kind, Long>();
        for (var f : d.documents("failures")) {
            failures.put(kind(f), f.number("sessions"));
        }
        sum.failures.forEach((kind, count) -> {
            if (failures.size() < MAX_FAILURES || failures.containsKey(kind)) {
                failures.merge(kind, count, Long::sum);
            }
        });
        var list = new ArrayList<Document>();
        failures.forEach((k, count) -> list.add(Document.of(
                "type", k.type(), "sendingIp", k.sendingIp(), "mx", k.mx(), "receivingIp", k.receivingIp(), "reason", k.reason(), "sessions", count)));
        return d.with("successful", d.number("successful") + sum.successful)
                .with("failed", d.number("failed") + sum.failed)
                .with("failures", list);
    }

    private static Kind kind(Document f) {
        return new Kind(f.string("type", ""), f.string("sendingIp", ""), f.string("mx", ""), f.string("receivingIp", ""), f.string("reason", ""));
    }

    /// A document of `tlsresults` as the report shows it.
    static TlsReport.Result result(Document d) {
        var failures = d.documents("failures").stream()
                .map(f -> {
                    var k = kind(f);
                    return new TlsReport.Failure(k.type(), k.sendingIp(), k.mx(), k.receivingIp(), k.reason(), f.number("sessions"));
                })
                .toList();
        var policy = new TlsReport.Policy(d.string("type", ""), d.strings("text"), d.string("domain", ""), d.strings("mx"));
        return new TlsReport.Result(policy, d.number("successful"), d.number("failed"), failures);
    }
}
