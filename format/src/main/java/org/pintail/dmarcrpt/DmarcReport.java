package org.pintail.dmarcrpt;

import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// What one receiver saw of mail in the name of one domain (RFC 7489 appendix C). Words are those of the RFC, "" where nothing was said.
///
/// @param email of the receiver
public record DmarcReport(
        String organization, String email, String id, Instant begin, Instant end, Published published, List<Row> rows) {
    public DmarcReport {
        rows = List.copyOf(rows);
    }

    /// The policy that was found. `adkim`, `aspf`: `r` or `s`; `p`, `sp`: none, quarantine, reject.
    public record Published(String domain, String adkim, String aspf, String p, String sp, int pct) {}

    /// Messages that were alike. `disposition`: what was done; `dkim`, `spf`: aligned result, pass or fail; `override`: why the
    /// disposition is not what the policy says (forwarded, sampled_out, trusted_forwarder, mailing_list, local_policy, other), or "".
    public record Row(
            String sourceIp,
            long count,
            String disposition,
            String dkim,
            String spf,
            String override,
            String headerFrom,
            String envelopeFrom,
            List<DkimResult> dkimResults,
            List<SpfResult> spfResults) {
        public Row {
            dkimResults = List.copyOf(dkimResults);
            spfResults = List.copyOf(spfResults);
        }
    }

    public record DkimResult(String domain, String selector, String result) {}

    /// `scope`: helo or mfrom.
    public record SpfResult(String domain, String scope, String result) {}

    /// Bytes are no report; the message says what was expected.
    public static final class Invalid extends RuntimeException {
        Invalid(String message) {
            super(message);
        }

        Invalid(String message, @Nullable Throwable cause) {
            super(message, cause);
        }
    }

    public byte[] xml() {
        return ReportWriter.write(this);
    }

    /// Reads what others send: unknown elements are skipped, namespaces ignored, no entity or DTD is looked at. Throws [Invalid].
    public static DmarcReport parse(byte[] xml) {
        return new ReportReader().read(xml);
    }
}
