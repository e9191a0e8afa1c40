package org.pintail.mx;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.pintail.address.DomainName;
import org.pintail.address.IpNetwork;
import org.pintail.arc.ArcSealer;
import org.pintail.arc.ArcVerdict;
import org.pintail.auth.AuthReport;
import org.pintail.auth.ForgedResults;
import org.pintail.auth.MailAuthentication;
import org.pintail.auth.ReceivedSpf;
import org.pintail.authres.AuthenticationResults;
import org.pintail.backend.Document;
import org.pintail.backend.ObjectId;
import org.pintail.dkim.Algorithm;
import org.pintail.dkim.DkimResult;
import org.pintail.dkim.MessageScan;
import org.pintail.dmarc.DmarcPolicy;
import org.pintail.dmarc.DmarcVerdict;
import org.pintail.mail.DkimKeys;
import org.pintail.mail.DmarcResults;
import org.pintail.mime.Source;
import org.pintail.net.Connection;
import org.pintail.smtp.SmtpPolicy;
import org.pintail.smtp.SmtpReply;
import org.pintail.spf.SpfClient;
import org.pintail.spf.SpfResult;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// What the MX finds out about a message before it takes it: results for its header, and what is done when they are bad. What the DNS
/// does not answer never makes a message fail.
public final class MxAuthentication {
    private static final Logger LOG = LoggerFactory.getLogger(MxAuthentication.class);
    private static final int HEADER_LOOKED_AT = 1 << 20;
    private final MailAuthentication authentication;
    private final Settings settings;
    private final DkimKeys keys;
    private final DmarcResults results;
    private final @Nullable BimiIndicators indicators;

    /// What an operator can set.
    ///
    /// @param hostname the name results are given under, and what is forged is known by
    /// @param verify false: nothing is asked and nothing said
    /// @param exempt clients whose mail is taken as it is
    /// @param dmarc the most that is done because a domain asks for it (RFC 7489 §6.3)
    /// @param spf what is done when SPF says fail, whatever DMARC says
    public record Settings(String hostname, boolean verify, List<IpNetwork> exempt, DmarcPolicy dmarc, DmarcPolicy spf) {
        public Settings {
            exempt = List.copyOf(exempt);
        }
    }

    /// `results` counts for the reports to domains that have a DMARC policy; `indicators` finds logos, null asks for none.
    public MxAuthentication(
            MailAuthentication authentication, Settings settings, DkimKeys keys, DmarcResults results, @Nullable BimiIndicators indicators) {
        this.indicators = indicators;
        this.results = results;
        this.authentication = authentication;
        this.settings = settings;
        this.keys = keys;
    }

    /// A message and what is known of it.
    ///
    /// @param trace fields for the top of the message, each with its CRLF
    /// @param body the message without results that claim to be ours
    /// @param junk it goes to Junk
    /// @param logo the document of the logo to show
    record Judged(byte[] trace, Source body, boolean junk, @Nullable AuthReport report, @Nullable ObjectId logo) {
        /// DMARC says that it is from whom it says.
        boolean confirmed() {
            return report != null && report.dmarc().result() == DmarcVerdict.Result.PASS;
        }

        /// `verificationResults` of the stored message: what passed; nothing when nothing was asked.
        Document passed() {
            return report == null ? Document.EMPTY : Document.of("verificationResults", summary(report).with("bimi", logo));
        }
    }

    /// Throws [SmtpReply.Refused] for a message that must be turned away.
    Judged judge(SmtpPolicy.Transaction transaction, Connection connection) {
        try {
            var body = ForgedResults.removed(transaction.body(), settings.hostname, HEADER_LOOKED_AT);
            var address = connection.remote().getAddress();
            if (!settings.verify || isExempt(address)) {
                return new Judged(new byte[0], body, false, null, null);
            }
            var client = new SpfClient(address, transaction.heloName(), settings.hostname);
            var report = authentication.check(client, transaction.sender().text(), transaction.body());
            log(transaction, connection, report);
            if (report.message().tooLarge()) { // nobody can tell whom it claims to be from
                throw refused("5.3.4", "The header is larger than " + authentication.settings().dkim().headerBytes() + " bytes");
            }
            AggregateRow.of(report, connection.remoteIp(), transaction.sender().text(), least(report.asked(), settings.dmarc))
                    .ifPresent(seen -> results.add(seen.published(), seen.row()));
            var action = action(report, transaction, connection);
            var logo = indicators == null ? null : indicators.judge(report);
            var results = logo == null ? report.results() : with(report.results(), logo.row());
            var trace = results.field() + "\r\n" + (logo == null ? "" : logo.fields()) + ReceivedSpf.field(report.mailFrom(), client) + "\r\n";
            return new Judged(trace.getBytes(StandardCharsets.UTF_8), body, action == DmarcPolicy.QUARANTINE, report, logo == null ? null : logo.document());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static AuthenticationResults with(AuthenticationResults results, AuthenticationResults.Row row) {
        var rows = new ArrayList<>(results.rows());
        rows.add(row);
        return new AuthenticationResults(results.authservId(), rows);
    }

    private boolean isExempt(InetAddress address) {
        return settings.exempt.stream().anyMatch(network -> network.contains(address));
    }

    private static void log(SmtpPolicy.Transaction transaction, Connection connection, AuthReport report) {
        LOG.info(
                "authentication session={} id={} spf={} dkim={} arc={} dmarc={} from={} asked={}",
                connection.session(),
                transaction.id(),
                report.mailFrom().result().word(),
                report.dkim().stream().map(d -> d.verdict().status().word() + ":" + d.domain()).toList(),
                report.arc().status().word(),
                report.dmarc().result().word(),
                report.dmarc().from(),
                report.asked().word());
    }

    private DmarcPolicy action(AuthReport report, SmtpPolicy.Transaction transaction, Connection connection) {
        var byDmarc = least(report.asked(), settings.dmarc);
        if (byDmarc == DmarcPolicy.REJECT) {
            LOG.info("refused session={} id={} reason=dmarc from={}", connection.session(), transaction.id(), report.dmarc().from());
            var from = report.dmarc().from();
            throw refused("5.7.1", "Mail from " + from + " that neither SPF nor DKIM confirms is not accepted, as its DMARC policy asks");
        }
        boolean spfFails = report.mailFrom().result() == SpfResult.FAIL;
        if (spfFails && settings.spf == DmarcPolicy.REJECT) {
            LOG.info("refused session={} id={} reason=spf from={}", connection.session(), transaction.id(), report.mailFrom().sender());
            throw refused("5.7.23", explained(report));
        }
        return spfFails && settings.spf == DmarcPolicy.QUARANTINE ? DmarcPolicy.QUARANTINE : byDmarc;
    }

    /// RFC 7208 §8.4: what the domain says is told as its own words.
    private static String explained(AuthReport report) {
        var domain = report.mailFrom().domain();
        var said = report.mailFrom().explanation().map(t -> t.replaceAll("[^\\x20-\\x7e]", " ")).map(t -> t.substring(0, Math.min(300, t.length())));
        return "SPF of " + domain + " does not permit this client" + said.map(t -> "; " + domain + " explains: " + t).orElse("");
    }

    private static DmarcPolicy least(DmarcPolicy a, DmarcPolicy b) {
        return a.compareTo(b) < 0 ? a : b;
    }

    private static SmtpReply.Refused refused(String status, String text) {
        return new SmtpReply.Refused(new SmtpReply(550, status, text));
    }

    private static Document summary(AuthReport report) {
        var dkim = report.dkim().stream()
                .filter(DkimResult::passes)
                .map(DkimResult::domain)
                .sorted(java.util.Comparator.comparing(domain -> !domain.equals(report.dmarc().from())))
                .findFirst();
        return Document.of(
                "spf", report.mailFrom().result() == SpfResult.PASS ? report.mailFrom().domain() : null,
                "dkim", dkim.orElse(null),
                "arc", report.arc().status() == ArcVerdict.Status.PASS ? report.arc().newest().map(ArcVerdict.Link::sealer).orElse(null) : null,
                "dmarc", report.dmarc().result() == DmarcVerdict.Result.PASS ? dmarc(report.dmarc()) : null);
    }

    private static Document dmarc(DmarcVerdict verdict) {
        return Document.of("domain", verdict.from(), "policy", verdict.published().map(p -> p.record().policy().word()).orElse("none"));
    }

    /// The message as it goes on to other hosts: with a link in its ARC chain (RFC 8617 §5.1), if the domain it was addressed to has a key.
    Source sealed(Source message, Judged judged, String recipient) {
        var report = judged.report();
        var key = rsaFirst(DomainName.ascii(recipient.substring(recipient.lastIndexOf('@') + 1)));
        if (report == null || key.isEmpty()) {
            return message;
        }
        var sealer = new ArcSealer(key.get().domain(), key.get().selector(), key.get().key());
        try {
            var scan = MessageScan.of(message, authentication.settings().dkim(), sealer::wanted);
            var fields = scan.tooLarge() ? Optional.<String>empty() : sealer.seal(scan, report.results(), report.arc(), authentication.now());
            return fields.map(f -> Source.concat(Source.of(f.getBytes(StandardCharsets.UTF_8)), message)).orElse(message);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /// Verifiers of ARC know RSA; few know Ed25519.
    private Optional<DkimKeys.Key> rsaFirst(String domain) {
        var all = keys.of(domain);
        return all.stream().filter(k -> k.key().algorithm() == Algorithm.RSA_SHA256).findFirst().or(() -> all.stream().findFirst());
    }
}
