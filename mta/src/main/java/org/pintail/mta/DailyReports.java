package org.pintail.mta;

import java.net.URI;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.pintail.address.DomainName;
import org.pintail.backend.Bytes;
import org.pintail.backend.Document;
import org.pintail.backend.Documents;
import org.pintail.backend.ObjectId;
import org.pintail.backend.StoreException;
import org.pintail.dmarc.DmarcRecord;
import org.pintail.dmarc.PublicSuffixes;
import org.pintail.dmarcrpt.CompressedReport;
import org.pintail.dmarcrpt.DmarcReport;
import org.pintail.dns.Dns;
import org.pintail.dns.DnsType;
import org.pintail.fetch.FetchFailed;
import org.pintail.fetch.HttpsClient;
import org.pintail.mail.Collections;
import org.pintail.mail.DmarcResults;
import org.pintail.mail.Refusal;
import org.pintail.mime.Source;
import org.pintail.tlsrpt.TlsReport;
import org.pintail.tlsrpt.TlsRptRecord;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Sends what was counted on the day before (UTC) to the domains that ask for it: TLS reports (RFC 8460), DMARC aggregate reports
/// (RFC 7489 §7.2). Each report is claimed in the store first, so that of several nodes one sends it. What fails for now is tried again on
/// later calls of the same day. Blocking.
public final class DailyReports {
    static final String TLS_REASON = "tlsreport";
    private static final String DMARC_REASON = "dmarcreport";
    private static final Logger LOG = LoggerFactory.getLogger(DailyReports.class);
    private static final Duration SETTLED = Duration.ofMinutes(10); // after midnight, until every node has written what it counted
    private static final Duration PAUSE = Duration.ofMinutes(30);
    private static final Duration REMEMBERED = Duration.ofDays(4);
    private static final HttpsClient.Limits POST = new HttpsClient.Limits(64 * 1024, Duration.ofSeconds(30));
    private static final int PAGE = 100;
    private static final int MAX_TARGETS = 3;
    private static final int MAX_ROWS = 20_000;
    private final Outbox outbox;
    private final Parts parts;
    private final Sender sender;
    private final ReportMail mail;
    private final Clock clock;
    private Instant next = Instant.EPOCH;

    /// What reports are made of. `dmarc`, `tls`: null sends none of that kind.
    public record Parts(Documents documents, Dns dns, HttpsClient web, @Nullable DmarcResults dmarc, @Nullable TlsResults tls) {}

    /// Who reports. `contact` is the sender of reports as well.
    public record Sender(String hostname, String organization, String contact) {}

    public DailyReports(Outbox outbox, Parts parts, Sender sender, Clock clock) {
        this.outbox = outbox;
        this.parts = parts;
        this.sender = sender;
        this.mail = new ReportMail(sender);
        this.clock = clock;
    }

    /// To be called every few minutes; does nothing most of the time.
    public void run() {
        var now = clock.instant();
        var day = LocalDate.ofInstant(now, ZoneOffset.UTC).minusDays(1);
        if (now.isBefore(next) || now.isBefore(day.plusDays(1).atStartOfDay(ZoneOffset.UTC).toInstant().plus(SETTLED))) {
            return;
        }
        next = now.plus(PAUSE);
        if (parts.tls() != null) {
            for (var page = tlsDomains(day, null); !page.isEmpty(); page = tlsDomains(day, page.getLast())) {
                page.forEach(domain -> once("tls", day, domain, () -> tls(day, domain)));
            }
        }
        var dmarc = parts.dmarc();
        if (dmarc != null) {
            for (var page = dmarc.domains(day, null, PAGE); !page.isEmpty(); page = dmarc.domains(day, page.getLast(), PAGE)) {
                page.forEach(domain -> once("dmarc", day, domain, () -> dmarc(dmarc, day, domain)));
            }
        }
    }

    private List<String> tlsDomains(LocalDate day, @Nullable String after) {
        var found = new ArrayList<String>();
        var last = after;
        while (found.size() < PAGE) {
            Documents.@Nullable Place place = last == null ? null : new Documents.Place(List.of(last, "~"), ObjectId.next()); // behind all hex digests
            var one = parts.documents().list(Collections.TLS_RESULTS, "policy", List.of(day.toString()), place, true, 1);
            if (one.isEmpty()) {
                break;
            }
            last = one.getFirst().string("domain", "");
            found.add(last);
        }
        return found;
    }

    /// `report` returns false when it should be tried again.
    private void once(String kind, LocalDate day, String domain, java.util.function.BooleanSupplier report) {
        var id = ObjectId.next();
        try {
            var expires = day.atStartOfDay(ZoneOffset.UTC).toInstant().plus(REMEMBERED);
            parts.documents().insert(Collections.SENT_REPORTS, Document.of("_id", id, "key", kind + " " + day + " " + domain, "expires", expires));
        } catch (StoreException.Duplicate e) {
            return; // sent, or being sent
        }
        boolean done = false;
        try {
            done = report.getAsBoolean();
        } catch (Refusal | StoreException e) {
            LOG.warn("report not sent kind={} domain={} day={} error={}", kind, domain, day, e.getMessage());
        } finally {
            if (!done) {
                parts.documents().delete(Collections.SENT_REPORTS, id);
            }
        }
    }

    private static Instant begin(LocalDate day) {
        return day.atStartOfDay(ZoneOffset.UTC).toInstant();
    }

    /// The last second of the day, as everybody writes it.
    private static Instant end(LocalDate day) {
        return begin(day.plusDays(1)).minusSeconds(1);
    }

    private boolean tls(LocalDate day, String domain) {
        var answer = parts.dns().ask("_smtp._tls." + domain, DnsType.TXT);
        if (answer.failed()) {
            return false;
        }
        var wanted = TlsRptRecord.of(answer.records());
        if (wanted.isEmpty()) {
            return true;
        }
        var results = parts.documents().list(Collections.TLS_RESULTS, "policy", List.of(day.toString(), domain), null, true, PAGE).stream()
                .map(TlsResults::result)
                .toList();
        var id = UUID.randomUUID().toString();
        var report = new TlsReport(sender.organization(), begin(day), end(day), sender.contact(), id, results);
        boolean sent = false;
        for (var target : wanted.get().targets().stream().limit(MAX_TARGETS).toList()) {
            sent |= "https".equalsIgnoreCase(target.getScheme()) ? post(report, domain, target) : tlsMail(report, domain, target);
        }
        return sent;
    }

    private boolean tlsMail(TlsReport report, String domain, URI target) {
        var to = ReportTarget.parse(target.toString());
        to.ifPresent(t -> send(mail.of(report, domain, t.address().toString(), clock.instant()), t.address().toString(), TLS_REASON));
        LOG.info("tls report domain={} to={} sent={}", domain, target, to.isPresent());
        return true; // an address that is none will be none in an hour
    }

    /// RFC 8460 §5.4.
    private boolean post(TlsReport report, String domain, URI target) {
        var body = Bytes.wrap(CompressedReport.gzip(report.json()));
        try {
            var request = new HttpsClient.Request("POST", target, Map.of("Content-Type", "application/tlsrpt+gzip"), body);
            int status = parts.web().send(request, POST).status();
            LOG.info("tls report domain={} to={} status={}", domain, target, status);
            return status / 100 == 2 || status / 100 == 4; // 4xx: it will not be taken later either
        } catch (FetchFailed e) {
            LOG.info("tls report domain={} to={} error={}", domain, target, e.getMessage());
            return e.kind() == FetchFailed.Kind.REFUSED;
        }
    }

    private boolean dmarc(DmarcResults results, LocalDate day, String domain) {
        var answer = parts.dns().ask("_dmarc." + domain, DnsType.TXT);
        if (answer.failed()) {
            return false;
        }
        var records = answer.records().stream().map(DmarcRecord::parse).flatMap(java.util.Optional::stream).toList();
        if (records.size() != 1) {
            return true;
        }
        var id = UUID.randomUUID().toString();
        var rows = results.rows(day, domain, MAX_ROWS);
        var report = new DmarcReport(sender.organization(), sender.contact(), id, begin(day), end(day), results.published(day, domain), rows);
        boolean again = false;
        for (var uri : records.getFirst().aggregateReports().stream().limit(MAX_TARGETS).toList()) {
            again |= !ReportTarget.parse(uri).map(target -> dmarcMail(report, domain, target)).orElse(true);
        }
        return !again;
    }

    /// False when it cannot be known now whether the target wants it.
    private boolean dmarcMail(DmarcReport report, String domain, ReportTarget target) {
        var host = DomainName.ascii(target.address().domain());
        if (!PublicSuffixes.organizationalDomain(host).equals(PublicSuffixes.organizationalDomain(domain))) {
            // RFC 7489 §7.1: somebody else's mailbox must say that it takes reports about this domain
            var permission = parts.dns().ask(domain + "._report._dmarc." + host, DnsType.TXT);
            boolean given = permission.records().stream().anyMatch(t -> t.startsWith("v=DMARC1"));
            if (!given) {
                LOG.info("dmarc report domain={} to={} sent=false reason=\"{} does not say that it takes them\"", domain, target.address(), host);
                return !permission.failed();
            }
        }
        var message = mail.of(report, target.address().toString(), clock.instant());
        boolean fits = message.size() <= target.limit();
        if (fits) {
            send(message, target.address().toString(), DMARC_REASON);
        }
        LOG.info("dmarc report domain={} to={} rows={} sent={}", domain, target.address(), report.rows().size(), fits);
        return true;
    }

    private void send(Source message, String to, String reason) {
        outbox.enqueue(new Outbox.Outgoing(sender.contact(), List.of(to), message, reason, "", null, null));
    }
}
