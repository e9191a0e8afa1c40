package org.pintail.mx;

import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.pintail.auth.AuthReport;
import org.pintail.authres.AuthenticationResults.Property;
import org.pintail.authres.AuthenticationResults.Row;
import org.pintail.backend.ObjectId;
import org.pintail.bimi.BimiLookup;
import org.pintail.bimi.BimiProblem;
import org.pintail.bimi.BimiRecord;
import org.pintail.bimi.MarkCertificate;
import org.pintail.dkim.DkimResult;
import org.pintail.dmarc.DmarcPolicy;
import org.pintail.dmarc.DmarcVerdict;
import org.pintail.dmarc.PublicSuffixes;
import org.pintail.dns.Dns;

/// Whether a message may be shown with a logo, and which: only what passed DMARC under a policy that means it, by an aligned signature
/// over the whole body.
public final class BimiIndicators {
    private static final int FIRST_LINE = 49;
    private static final int LINE = 64;
    private final BimiLookup lookup;
    private final BimiImages images;

    public BimiIndicators(Dns dns, BimiImages images) {
        this.lookup = new BimiLookup(dns);
        this.images = images;
    }

    /// @param row for `Authentication-Results`
    /// @param fields `BIMI-Location` and `BIMI-Indicator`, each with its CRLF; "" when there is nothing to show
    /// @param document of the logo, null when there is none
    record Shown(Row row, String fields, @Nullable ObjectId document) {}

    /// Never throws; what cannot be fetched is not shown.
    Shown judge(AuthReport report) {
        var why = disqualified(report);
        var found = why.isEmpty()
                ? lookup.find(report.message().headers(), report.dmarc().from(), PublicSuffixes.organizationalDomain(report.dmarc().from()))
                : BimiLookup.Found.skipped(why);
        return found.record().map(record -> shown(found, record)).orElseGet(() -> new Shown(row(found, found.comment(), List.of()), "", null));
    }

    private static String disqualified(AuthReport report) {
        var dmarc = report.dmarc();
        if (dmarc.result() != DmarcVerdict.Result.PASS) {
            return dmarc.result() == DmarcVerdict.Result.NONE ? "DMARC not enabled" : "message failed DMARC";
        }
        var policy = dmarc.published().map(DmarcVerdict.Published::record);
        boolean lax = policy.isEmpty()
                || policy.get().policy() == DmarcPolicy.NONE
                || policy.get().policy() == DmarcPolicy.QUARANTINE && policy.get().percent() < 100;
        if (lax) {
            return "too lax DMARC policy";
        }
        if (!dmarc.dkimAligned()) {
            return "Aligned DKIM signature required";
        }
        var organization = PublicSuffixes.organizationalDomain(dmarc.from());
        boolean whole = report.dkim().stream()
                .filter(DkimResult::passes)
                .filter(d -> PublicSuffixes.organizationalDomain(d.domain()).equals(organization))
                .anyMatch(d -> d.unsigned() == 0);
        return whole ? "" : "undersized DKIM signature";
    }

    private Shown shown(BimiLookup.Found found, BimiRecord record) {
        var properties = new ArrayList<Property>();
        BimiImages.@Nullable Image image = null;
        var authority = "none";
        var comment = "";
        try {
            if (record.authority() == null) {
                image = record.location() == null ? null : images.location(record.location());
            } else {
                authority = "fail";
                image = confirmed(found, record);
                authority = "pass";
            }
        } catch (BimiProblem e) {
            comment = e.code();
        }
        properties.add(new Property("policy", "authority", authority));
        properties.add(new Property("policy", "authority-uri", record.authority() == null ? "" : record.authority().toASCIIString()));
        var fields = "BIMI-Location: " + record.text().replace("; ", ";\r\n\t") + "\r\n" + (image == null ? "" : indicator(image.svg().unsafeArray()));
        return new Shown(row(found, comment, properties), fields, image == null ? null : image.document());
    }

    /// The logo of the certificate, which must be the one at the location as well, if that can be had.
    private BimiImages.Image confirmed(BimiLookup.Found found, BimiRecord record) {
        var uri = record.authority();
        if (uri == null) {
            throw new BimiProblem("MISSING_VMC_LOGO", "no certificate");
        }
        var image = images.authority(uri);
        MarkCertificate.checkDomain(image.names(), found.selector(), found.domain());
        if (record.location() != null && !locationAgrees(record, image)) {
            throw new BimiProblem("INVALID_LOGO_HASH", "the logo at the location is not the one in the certificate");
        }
        return image;
    }

    private boolean locationAgrees(BimiRecord record, BimiImages.Image image) {
        var location = record.location();
        try {
            return location == null || images.location(location).svg().equals(image.svg());
        } catch (BimiProblem e) {
            return true; // what cannot be had contradicts nothing; the certificate holds the logo
        }
    }

    private static Row row(BimiLookup.Found found, String comment, List<Property> more) {
        var properties = new ArrayList<>(more);
        properties.add(new Property("header", "selector", found.selector()));
        properties.add(new Property("header", "d", found.domain()));
        return new Row("bimi", found.result(), comment, properties);
    }

    private static String indicator(byte[] svg) {
        var text = Base64.getEncoder().encodeToString(svg);
        var field = new StringBuilder("BIMI-Indicator: ");
        int at = 0;
        while (at < text.length()) {
            int end = Math.min(text.length(), at + (at == 0 ? FIRST_LINE : LINE));
            field.append(at == 0 ? "" : "\r\n\t").append(text, at, end);
            at = end;
        }
        return field.append("\r\n").toString();
    }
}
