package org.pintail.mail;

import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.time.Clock;
import java.time.Duration;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.pintail.backend.Document;
import org.pintail.backend.Documents;
import org.pintail.backend.ObjectId;
import org.pintail.backend.StoreException;
import org.pintail.dmarcrpt.DmarcReport;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Counts what DMARC said of received mail, for the aggregate reports of RFC 7489 §7.2: in memory until [#flush], then a document for every
/// kind of message, day and domain. What is not written when the process dies is not reported; nothing else depends on it.
public final class DmarcResults {
    private static final Logger LOG = LoggerFactory.getLogger(DmarcResults.class);
    private static final Duration KEPT = Duration.ofDays(4);
    private static final int MAX_ROWS = 10_000; // between two flushes
    private static final int MAX_TEXT = 255;
    private static final int MAX_RESULTS = 20; // DKIM results of one message
    private final Documents documents;
    private final Clock clock;
    private Map<Kind, Long> counts = new HashMap<>();

    /// `row` with the count 0.
    private record Kind(LocalDate day, DmarcReport.Published published, DmarcReport.Row row) {}

    public DmarcResults(Documents documents, Clock clock) {
        this.documents = documents;
        this.clock = clock;
    }

    /// One message; `row` with the count 1. Names in it may be anything; they are cut.
    public synchronized void add(DmarcReport.Published published, DmarcReport.Row row) {
        var kind = new Kind(LocalDate.ofInstant(clock.instant(), ZoneOffset.UTC), published, cut(row));
        if (counts.size() < MAX_ROWS || counts.containsKey(kind)) {
            counts.merge(kind, row.count(), Long::sum);
        }
    }

    private static DmarcReport.Row cut(DmarcReport.Row r) {
        var dkim = r.dkimResults().stream()
                .limit(MAX_RESULTS)
                .map(d -> new DmarcReport.DkimResult(cut(d.domain()), cut(d.selector()), d.result()))
                .toList();
        var spf = r.spfResults().stream().limit(MAX_RESULTS).map(s -> new DmarcReport.SpfResult(cut(s.domain()), s.scope(), s.result())).toList();
        return new DmarcReport.Row(
                r.sourceIp(), 0, r.disposition(), r.dkim(), r.spf(), r.override(), cut(r.headerFrom()), cut(r.envelopeFrom()), dkim, spf);
    }

    private static String cut(String text) {
        return text.length() > MAX_TEXT ? text.substring(0, MAX_TEXT) : text;
    }

    /// Writes what was counted. What the store does not take now is lost, and the log says so.
    public void flush() {
        Map<Kind, Long> done;
        synchronized (this) {
            done = counts;
            counts = new HashMap<>();
        }
        try {
            done.forEach(this::write);
        } catch (StoreException e) {
            LOG.warn("dmarc results not written rows={} error={}", done.size(), e.toString());
        }
    }

    private void write(Kind kind, long count) {
        var day = kind.day().toString();
        var domain = kind.published().domain();
        var key = digest(kind);
        while (true) {
            var before = documents.find(Collections.DMARC_RESULTS, "row", day, domain, key);
            if (before.isPresent()) {
                documents.update(Collections.DMARC_RESULTS, before.get().id(), d -> d.with("count", d.number("count") + count));
                return;
            }
            try {
                documents.insert(Collections.DMARC_RESULTS, document(kind, key).with("count", count));
                return;
            } catch (StoreException.Duplicate again) {
                // another node was first: add to its document
            }
        }
    }

    private static String digest(Kind kind) {
        try {
            var digest = MessageDigest.getInstance("SHA-256").digest(kind.toString().getBytes(StandardCharsets.UTF_8));
            return HexFormat.of().formatHex(digest, 0, 16);
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("every JDK has SHA-256", e);
        }
    }

    private static Document document(Kind kind, String key) {
        var p = kind.published();
        var r = kind.row();
        var dkim = new ArrayList<Document>();
        r.dkimResults().forEach(d -> dkim.add(Document.of("domain", d.domain(), "selector", d.selector(), "result", d.result())));
        var spf = new ArrayList<Document>();
        r.spfResults().forEach(s -> spf.add(Document.of("domain", s.domain(), "scope", s.scope(), "result", s.result())));
        return Document.of(
                "_id", ObjectId.next(),
                "day", kind.day().toString(),
                "domain", p.domain(),
                "key", key,
                "published", Document.of("adkim", p.adkim(), "aspf", p.aspf(), "p", p.p(), "sp", p.sp(), "pct", p.pct()),
                "ip", r.sourceIp(),
                "disposition", r.disposition(),
                "dkim", r.dkim(),
                "spf", r.spf(),
                "override", r.override(),
                "headerFrom", r.headerFrom(),
                "envelopeFrom", r.envelopeFrom(),
                "dkimResults", dkim,
                "spfResults", spf,
                "expires", kind.day().atStartOfDay(ZoneOffset.UTC).toInstant().plus(KEPT));
    }

    /// Domains with results on a day, after `after` in their order; null begins.
    public List<String> domains(LocalDate day, @Nullable String after, int limit) {
        var found = new ArrayList<String>();
        var last = after;
        while (found.size() < limit) {
            Documents.@Nullable Place place = last == null ? null : new Documents.Place(List.of(last, "~"), ObjectId.next()); // behind all hex digests
            var next = documents.list(Collections.DMARC_RESULTS, "row", List.of(day.toString()), place, true, 1);
            if (next.isEmpty()) {
                break;
            }
            last = next.getFirst().string("domain", "");
            found.add(last);
        }
        return found;
    }

    /// What was seen of a domain on a day, at most `limit` rows, as the report shows it.
    public List<DmarcReport.Row> rows(LocalDate day, String domain, int limit) {
        return documents.list(Collections.DMARC_RESULTS, "row", List.of(day.toString(), domain), null, true, limit).stream()
                .map(DmarcResults::row)
                .toList();
    }

    /// The policy that was published, as it was seen on that day.
    public DmarcReport.Published published(LocalDate day, String domain) {
        var p = documents.find(Collections.DMARC_RESULTS, "row", day.toString(), domain)
                .flatMap(d -> d.document("published"))
                .orElse(Document.EMPTY);
        return new DmarcReport.Published(
                domain, p.string("adkim", "r"), p.string("aspf", "r"), p.string("p", "none"), p.string("sp", ""), (int) p.number("pct"));
    }

    private static DmarcReport.Row row(Document d) {
        var dkim = d.documents("dkimResults").stream()
                .map(r -> new DmarcReport.DkimResult(r.string("domain", ""), r.string("selector", ""), r.string("result", "")))
                .toList();
        var spf = d.documents("spfResults").stream()
                .map(r -> new DmarcReport.SpfResult(r.string("domain", ""), r.string("scope", ""), r.string("result", "")))
                .toList();
        return new DmarcReport.Row(
                d.string("ip", ""), d.number("count"), d.string("disposition", ""), d.string("dkim", ""), d.string("spf", ""),
                d.string("override", ""), d.string("headerFrom", ""), d.string("envelopeFrom", ""), dkim, spf);
    }
}
