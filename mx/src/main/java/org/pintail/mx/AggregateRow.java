package org.pintail.mx;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.pintail.auth.AuthReport;
import org.pintail.dkim.DkimResult;
import org.pintail.dmarc.DmarcPolicy;
import org.pintail.dmarc.DmarcVerdict;
import org.pintail.dmarcrpt.DmarcReport;
import org.pintail.spf.SpfVerdict;

/// What one message adds to the aggregate report of its author's domain (RFC 7489 §7.2).
record AggregateRow(DmarcReport.Published published, DmarcReport.Row row) {
    /// Empty when no policy was found, or nobody wants reports. `done`: what was done because of DMARC.
    static Optional<AggregateRow> of(AuthReport report, String ip, String mailFrom, DmarcPolicy done) {
        return report.dmarc()
                .published()
                .filter(p -> !p.record().aggregateReports().isEmpty())
                .map(p -> new AggregateRow(published(p), row(report, ip, mailFrom, done)));
    }

    private static DmarcReport.Published published(DmarcVerdict.Published p) {
        var r = p.record();
        return new DmarcReport.Published(
                p.domain(),
                r.strictDkim() ? "s" : "r",
                r.strictSpf() ? "s" : "r",
                r.policy().word(),
                r.subdomains().orElse(r.policy()).word(),
                r.percent());
    }

    private static DmarcReport.Row row(AuthReport report, String ip, String mailFrom, DmarcPolicy done) {
        var dmarc = report.dmarc();
        var dkim = report.dkim().stream()
                .filter(d -> !d.domain().isEmpty())
                .map(d -> new DmarcReport.DkimResult(d.domain(), selector(d), d.verdict().status().word()))
                .toList();
        return new DmarcReport.Row(
                ip,
                1,
                done.word(),
                dmarc.dkimAligned() ? "pass" : "fail",
                dmarc.spfAligned() ? "pass" : "fail",
                override(report, done),
                dmarc.from(),
                mailFrom.substring(mailFrom.lastIndexOf('@') + 1),
                dkim,
                spf(report));
    }

    private static String selector(DkimResult result) {
        return result.tags().map(t -> t.selector()).orElse("");
    }

    private static List<DmarcReport.SpfResult> spf(AuthReport report) {
        var all = new ArrayList<DmarcReport.SpfResult>();
        all.add(spf(report.mailFrom()));
        report.helo().map(AggregateRow::spf).ifPresent(all::add);
        return all;
    }

    private static DmarcReport.SpfResult spf(SpfVerdict verdict) {
        boolean helo = verdict.identity() == SpfVerdict.Identity.HELO;
        return new DmarcReport.SpfResult(verdict.domain(), helo ? "helo" : "mfrom", verdict.result().word());
    }

    /// Why less was done than the policy says: RFC 7489 appendix C, PolicyOverrideType.
    private static String override(AuthReport report, DmarcPolicy done) {
        var dmarc = report.dmarc();
        if (done == dmarc.requested()) {
            return "";
        }
        return report.vouched() ? "trusted_forwarder" : dmarc.applied() != dmarc.requested() && done == dmarc.applied() ? "sampled_out" : "local_policy";
    }
}
