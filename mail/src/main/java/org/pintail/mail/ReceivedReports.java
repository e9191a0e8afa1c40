package org.pintail.mail;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.pintail.address.MailAddress;
import org.pintail.backend.Document;
import org.pintail.backend.ObjectId;
import org.pintail.backend.Store;
import org.pintail.backend.StoreException;
import org.pintail.dmarcrpt.CompressedReport;
import org.pintail.dmarcrpt.DmarcReport;
import org.pintail.mime.MimeParser;
import org.pintail.mime.MimePart;
import org.pintail.mime.Source;
import org.pintail.mime.TransferEncoding;
import org.pintail.tlsrpt.TlsReport;

/// Reports about our domains that other hosts mail to one address: DMARC aggregate reports and TLS reports, read and kept in short.
public final class ReceivedReports {
    private static final Duration KEPT = Duration.ofDays(90);
    private static final Duration DAY = Duration.ofDays(1);
    private static final long PER_DAY = 5000; // anybody may send some
    private static final String COUNTER = "reports:received";
    private static final int MAX_PARTS = 20; // that are looked at
    private static final int MAX_ROWS = 500; // that are kept of one report
    private static final int MAX_ID = 255;
    private static final Set<String> PACKED =
            Set.of("gzip", "x-gzip", "zip", "x-zip-compressed", "tlsrpt+gzip", "tlsrpt+json", "octet-stream", "xml", "json");
    private final Store store;
    private final MailAddress address;
    private final Clock clock;

    /// `address`: where reports are to be sent.
    public ReceivedReports(Store store, MailAddress address, Clock clock) {
        this.store = store;
        this.address = address;
        this.clock = clock;
    }

    /// What became of a message.
    public sealed interface Outcome {}

    /// `kind` is `dmarc` or `tls`.
    public record Kept(String kind, String organization, String id) implements Outcome {}

    /// It was there already.
    public record Known() implements Outcome {}

    public record NoReport(String why) implements Outcome {}

    public boolean isFor(MailAddress recipient) {
        return recipient.normalized().equals(address.normalized());
    }

    /// Reads a message. `confirmed`: DMARC passed, so its sender is who it says. Refuses TEMPORARY when too many came today.
    public Outcome take(Source message, boolean confirmed) {
        try {
            var parts = new ArrayList<MimePart>();
            collect(MimeParser.parse(message).root(), parts);
            Outcome last = new NoReport("no part is a report in gzip, zip, XML or JSON");
            for (var part : parts) {
                last = take(message, part, confirmed);
                if (!(last instanceof NoReport)) {
                    return last;
                }
            }
            return last;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static void collect(MimePart part, List<MimePart> into) {
        part.children().forEach(child -> collect(child, into));
        boolean packed = PACKED.contains(part.subtype()) && (part.type().equals("application") || part.type().equals("text"));
        var name = part.filename().orElse("").toLowerCase(Locale.ROOT);
        boolean named = name.endsWith(".gz") || name.endsWith(".zip") || name.endsWith(".xml") || name.endsWith(".json");
        if (part.children().isEmpty() && (packed || named) && into.size() < MAX_PARTS) {
            into.add(part);
        }
    }

    private Outcome take(Source message, MimePart part, boolean confirmed) throws IOException {
        try (var in = TransferEncoding.decode(message.open(part.bodyStart(), part.bodySize()), part.encoding())) {
            var report = CompressedReport.open(in.readNBytes(CompressedReport.MAX_SIZE));
            return first(report) == '{' ? keep(TlsReport.parse(report), confirmed) : keep(DmarcReport.parse(report), confirmed);
        } catch (DmarcReport.Invalid | TlsReport.Invalid e) {
            return new NoReport(String.valueOf(e.getMessage()));
        }
    }

    private static int first(byte[] report) {
        for (byte b : report) {
            if (b != ' ' && b != '\t' && b != '\r' && b != '\n') {
                return b;
            }
        }
        return -1;
    }

    private Outcome keep(DmarcReport report, boolean confirmed) {
        long messages = report.rows().stream().mapToLong(DmarcReport.Row::count).sum();
        long failed = report.rows().stream()
                .filter(r -> !r.dkim().equals("pass") && !r.spf().equals("pass"))
                .mapToLong(DmarcReport.Row::count)
                .sum();
        var rows = report.rows().stream()
                .limit(MAX_ROWS)
                .map(r -> Document.of(
                        "ip", r.sourceIp(), "count", r.count(), "disposition", r.disposition(), "dkim", r.dkim(), "spf", r.spf(), "headerFrom", r.headerFrom()))
                .toList();
        var d = Document.of("begin", report.begin(), "end", report.end(), "good", messages - failed, "failed", failed, "rows", rows);
        return keep("dmarc", new Origin(report.organization(), report.id(), report.published().domain()), d, confirmed);
    }

    private Outcome keep(TlsReport report, boolean confirmed) {
        var rows = new ArrayList<Document>();
        for (var result : report.policies()) {
            for (var f : result.failures()) {
                if (rows.size() < MAX_ROWS) {
                    rows.add(Document.of("policy", result.policy().type(), "type", f.type(), "mx", f.mx(), "ip", f.sendingIp(), "count", f.sessions()));
                }
            }
        }
        var domain = report.policies().stream().map(r -> r.policy().domain()).findFirst().orElse("");
        var d = Document.of(
                "begin", report.begin(),
                "end", report.end(),
                "good", report.policies().stream().mapToLong(TlsReport.Result::successful).sum(),
                "failed", report.policies().stream().mapToLong(TlsReport.Result::failed).sum(),
                "rows", rows);
        return keep("tls", new Origin(report.organization(), report.id(), domain), d, confirmed);
    }

    private record Origin(String organization, String id, String domain) {}

    private Outcome keep(String kind, Origin origin, Document details, boolean confirmed) {
        var now = clock.instant();
        if (!store.counters().add(COUNTER, 1, PER_DAY, DAY).allowed()) {
            throw new Refusal(Refusal.Code.TEMPORARY, "Too many reports today; try again later");
        }
        var head = Document.of(
                "_id", ObjectId.next(),
                "kind", kind,
                "organization", cut(origin.organization()),
                "reportId", cut(origin.id()),
                "domain", cut(origin.domain()),
                "received", now,
                "confirmed", confirmed,
                "expires", now.plus(KEPT));
        try {
            store.documents().insert(Collections.RECEIVED_REPORTS, head.with(details));
            return new Kept(kind, origin.organization(), origin.id());
        } catch (StoreException.Duplicate e) {
            return new Known();
        }
    }

    private static String cut(String text) {
        return text.length() > MAX_ID ? text.substring(0, MAX_ID) : text;
    }

    /// Newest first, after `after`; null begins.
    public static List<Document> list(Store store, @Nullable Document after, int limit) {
        var place = after == null
                ? null
                : new org.pintail.backend.Documents.Place(List.of(after.instant("received").orElseThrow()), after.id());
        return store.documents().list(Collections.RECEIVED_REPORTS, "received", List.of(), place, false, limit);
    }
}
