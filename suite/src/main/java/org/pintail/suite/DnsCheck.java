package org.pintail.suite;

import java.io.IOException;
import java.net.InetAddress;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.time.Clock;
import java.time.Duration;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import org.pintail.address.DomainName;
import org.pintail.address.IpText;
import org.pintail.address.MailAddress;
import org.pintail.bimi.BimiProblem;
import org.pintail.bimi.BimiRecord;
import org.pintail.bimi.SvgIndicator;
import org.pintail.certificate.TlsaCheck;
import org.pintail.dmarc.DmarcPolicy;
import org.pintail.dmarc.DmarcRecord;
import org.pintail.dns.Dns;
import org.pintail.dns.DnsAnswer;
import org.pintail.dns.DnsType;
import org.pintail.dns.MxRecord;
import org.pintail.dns.RecordTags;
import org.pintail.fetch.Authorities;
import org.pintail.fetch.FetchFailed;
import org.pintail.fetch.HttpsClient;
import org.pintail.mail.DkimKeys;
import org.pintail.mtasts.StsPolicy;
import org.pintail.mtasts.StsRecord;
import org.pintail.spf.Spf;
import org.pintail.spf.SpfClient;
import org.pintail.spf.SpfLimits;
import org.pintail.spf.SpfResult;
import org.pintail.tlsrpt.TlsRptRecord;

/// Compares the records of a domain with what they should be for this server, and says what to publish.
final class DnsCheck {
    private static final HttpsClient.Limits FETCH = new HttpsClient.Limits(64 * 1024, Duration.ofSeconds(15));
    private static final DateTimeFormatter STS_ID = DateTimeFormatter.ofPattern("yyyyMMddHHmmss", Locale.ROOT).withZone(ZoneOffset.UTC);
    private final Site site;
    private final DkimKeys keys;
    private final Clock clock;
    private final String domain;
    private final List<Finding> findings = new ArrayList<>();

    /// This server. `certificate`: the PEM file it shows to others.
    record Site(Dns dns, HttpsClient web, String hostname, Path certificate) {}

    /// How a record is.
    enum State {
        OK,
        /// It is there and could be better, or nothing must be done.
        NOTE,
        MISSING,
        WRONG,
        /// The DNS did not answer.
        UNKNOWN
    }

    /// @param found what is there
    /// @param publish lines for a zone file, or a file to serve
    record Finding(String kind, String name, State state, String text, List<String> found, List<String> publish) {
        Finding {
            found = List.copyOf(found);
            publish = List.copyOf(publish);
        }
    }

    private DnsCheck(Site site, DkimKeys keys, Clock clock, String domain) {
        this.site = site;
        this.keys = keys;
        this.clock = clock;
        this.domain = domain;
    }

    /// `domain` in A-labels.
    static List<Finding> of(Site site, DkimKeys keys, Clock clock, String domain) {
        var check = new DnsCheck(site, keys, clock, domain);
        var hosts = check.mx();
        check.spf();
        check.dkim();
        check.dmarc();
        check.mtaSts(hosts);
        check.tlsRpt();
        hosts.forEach(host -> check.tlsa(host.host()));
        check.bimi();
        return check.findings;
    }

    private void add(String kind, String name, State state, String text, List<String> found, String... publish) {
        findings.add(new Finding(kind, name, state, text, found, List.of(publish)));
    }

    private boolean unknown(String kind, String name, DnsAnswer<?> answer) {
        if (answer.failed()) {
            add(kind, name, State.UNKNOWN, "the DNS does not say: " + answer.problem(), List.of());
        }
        return answer.failed();
    }

    private static String txt(String name, String text) {
        return name + ". IN TXT \"" + text + "\"";
    }

    private List<MxRecord> mx() {
        var answer = site.dns().ask(domain, DnsType.MX);
        if (unknown("MX", domain, answer)) {
            return List.of();
        }
        var found = answer.records().stream().map(r -> r.preference() + " " + (r.host().isEmpty() ? "." : r.host())).toList();
        var wanted = domain + ". IN MX 10 " + site.hostname() + ".";
        boolean here = answer.records().stream().anyMatch(r -> r.host().equalsIgnoreCase(site.hostname()));
        if (answer.records().isEmpty()) {
            add("MX", domain, State.MISSING, "no host is named for its mail", found, wanted);
        } else if (answer.records().stream().anyMatch(r -> r.host().isEmpty())) {
            add("MX", domain, State.WRONG, "it says that it takes no mail", found, wanted);
        } else if (!here) {
            add("MX", domain, State.WRONG, "its mail goes to other hosts, not to " + site.hostname(), found, wanted);
        } else {
            add("MX", domain, State.OK, "its mail comes to " + site.hostname(), found);
        }
        answer.records().stream().filter(r -> !r.host().isEmpty()).forEach(r -> addresses(r.host()));
        return answer.records().stream().filter(r -> !r.host().isEmpty()).toList();
    }

    private void addresses(String host) {
        var v4 = site.dns().ask(host, DnsType.A);
        var v6 = site.dns().ask(host, DnsType.AAAA);
        if (!v4.found() && !v6.found() && !unknown("A", host, v4)) {
            add("A", host, State.MISSING, "the MX host has no address", List.of(), host + ". IN A <its address>");
        }
    }

    private List<InetAddress> ownAddresses() {
        var all = new ArrayList<InetAddress>(site.dns().ask(site.hostname(), DnsType.A).records());
        all.addAll(site.dns().ask(site.hostname(), DnsType.AAAA).records());
        return all;
    }

    private void spf() {
        var answer = site.dns().ask(domain, DnsType.TXT);
        if (unknown("SPF", domain, answer)) {
            return;
        }
        var found = answer.records().stream().filter(t -> t.equalsIgnoreCase("v=spf1") || t.regionMatches(true, 0, "v=spf1 ", 0, 7)).toList();
        var wanted = txt(domain, "v=spf1 mx -all");
        if (found.isEmpty()) {
            add("SPF", domain, State.MISSING, "nobody can tell which hosts send its mail", found, wanted);
            return;
        }
        if (found.size() > 1) {
            add("SPF", domain, State.WRONG, "several records count as none; keep one", found);
            return;
        }
        for (var address : ownAddresses()) {
            var client = new SpfClient(address, site.hostname(), site.hostname());
            var verdict = new Spf(site.dns(), SpfLimits.RFC, clock).mailFrom(client, "postmaster@" + domain);
            if (verdict.result() != SpfResult.PASS) {
                var text = "mail from " + IpText.show(address) + " (" + site.hostname() + ") gets " + verdict.result().word()
                        + (verdict.reason().isEmpty() ? "" : ": " + verdict.reason());
                add("SPF", domain, verdict.result() == SpfResult.TEMPERROR ? State.UNKNOWN : State.WRONG, text, found, wanted);
                return;
            }
        }
        add("SPF", domain, State.OK, "mail from " + site.hostname() + " passes", found);
    }

    private void dkim() {
        var own = keys.of(domain);
        if (own.isEmpty()) {
            add("DKIM", domain, State.MISSING, "there is no key to sign its mail with; `pintail dkim create " + domain + "` makes one", List.of());
        }
        for (var key : own) {
            var name = key.selector() + "._domainkey." + domain;
            var answer = site.dns().ask(name, DnsType.TXT);
            if (unknown("DKIM", name, answer)) {
                continue;
            }
            var wanted = key.key().zoneLine(key.selector(), domain);
            boolean same = answer.records().stream().anyMatch(t -> publicKey(t).equals(publicKey(key.key().record())));
            if (answer.records().isEmpty()) {
                add("DKIM", name, State.MISSING, "signatures of its mail cannot be verified", answer.records(), wanted);
            } else if (!same) {
                add("DKIM", name, State.WRONG, "another key is published than mail is signed with", answer.records(), wanted);
            } else {
                add("DKIM", name, State.OK, "the published key is the one that signs (" + key.key().algorithm().word() + ")", answer.records());
            }
        }
    }

    private static String publicKey(String record) {
        return RecordTags.parse(record).flatMap(t -> t.value("p")).map(p -> p.replaceAll("\\s", "")).orElse("");
    }

    private void dmarc() {
        var name = "_dmarc." + domain;
        var answer = site.dns().ask(name, DnsType.TXT);
        if (unknown("DMARC", name, answer)) {
            return;
        }
        var found = answer.records().stream().filter(t -> t.stripLeading().startsWith("v")).toList();
        var records = found.stream().map(DmarcRecord::parse).flatMap(Optional::stream).toList();
        var wanted = txt(name, "v=DMARC1; p=quarantine; rua=mailto:postmaster@" + domain);
        if (records.size() > 1) {
            add("DMARC", name, State.WRONG, "several records count as none; keep one", found);
        } else if (records.isEmpty()) {
            add("DMARC", name, found.isEmpty() ? State.MISSING : State.WRONG, "receivers do not know what to do with forged mail", found, wanted);
        } else if (records.getFirst().policy() == DmarcPolicy.NONE) {
            add("DMARC", name, State.NOTE, "forged mail is only reported; p=quarantine or p=reject would keep it out", found, wanted);
        } else {
            add("DMARC", name, State.OK, "forged mail is to be dealt with by p=" + records.getFirst().policy().word(), found);
        }
    }

    private void mtaSts(List<MxRecord> hosts) {
        var name = "_mta-sts." + domain;
        var answer = site.dns().ask(name, DnsType.TXT);
        if (unknown("MTA-STS", name, answer)) {
            return;
        }
        var found = RecordTags.ofVersion(answer.records(), "v=STSv1");
        var names = hosts.isEmpty() ? List.of(site.hostname()) : hosts.stream().map(MxRecord::host).toList();
        var file = new StsPolicy(StsPolicy.Mode.ENFORCE, Duration.ofDays(7), names).text();
        var publish = new String[] {
            txt(name, "v=STSv1; id=" + STS_ID.format(clock.instant())), "https://mta-sts." + domain + "/.well-known/mta-sts.txt:", file
        };
        if (StsRecord.of(answer.records()).isEmpty()) {
            add("MTA-STS", name, found.isEmpty() ? State.MISSING : State.WRONG, "others may send to it without TLS", found, publish);
            return;
        }
        try {
            var response = site.web().send(HttpsClient.Request.get(URI.create("https://mta-sts." + domain + "/.well-known/mta-sts.txt"), Map.of()), FETCH);
            if (response.status() != 200 || !response.mediaType().equals("text/plain")) {
                add("MTA-STS", name, State.WRONG, "the policy host answers " + response.status() + " " + response.mediaType(), found, publish);
                return;
            }
            judge(StsPolicy.parse(new String(response.body().unsafeArray(), StandardCharsets.UTF_8)), names, found, publish);
        } catch (FetchFailed | StsPolicy.Invalid e) {
            add("MTA-STS", name, State.WRONG, "the policy cannot be used: " + e.getMessage(), found, publish);
        }
    }

    private void judge(StsPolicy policy, List<String> hosts, List<String> found, String[] publish) {
        var left = hosts.stream().filter(h -> !policy.covers(h)).toList();
        var name = "_mta-sts." + domain;
        if (policy.mode() != StsPolicy.Mode.NONE && !left.isEmpty()) {
            add("MTA-STS", name, State.WRONG, "the policy does not name " + left, found, publish);
        } else if (policy.mode() != StsPolicy.Mode.ENFORCE) {
            add("MTA-STS", name, State.NOTE, "the policy is not enforced (" + policy.mode().name().toLowerCase(Locale.ROOT) + ")", found, publish);
        } else {
            add("MTA-STS", name, State.OK, "others must use TLS with a trusted certificate", found);
        }
    }

    private void tlsRpt() {
        var name = "_smtp._tls." + domain;
        var answer = site.dns().ask(name, DnsType.TXT);
        if (unknown("TLS-RPT", name, answer)) {
            return;
        }
        var found = RecordTags.ofVersion(answer.records(), "v=TLSRPTv1");
        var wanted = txt(name, "v=TLSRPTv1; rua=mailto:postmaster@" + domain);
        if (TlsRptRecord.of(answer.records()).isEmpty()) {
            add("TLS-RPT", name, found.isEmpty() ? State.MISSING : State.WRONG, "nobody reports problems with TLS", found, wanted);
        } else {
            add("TLS-RPT", name, State.OK, "problems with TLS are reported", found);
        }
    }

    private void tlsa(String host) {
        var name = "_25._tcp." + host;
        var answer = site.dns().ask(name, DnsType.TLSA);
        if (unknown("TLSA", name, answer)) {
            return;
        }
        var found = answer.records().stream().map(r -> r.usage() + " " + r.selector() + " " + r.matching() + " " + r.data()).toList();
        boolean here = host.equalsIgnoreCase(site.hostname());
        var own = here ? ownKey() : Optional.<String>empty();
        var publish = own.map(digest -> new String[] {name + ". IN TLSA 3 1 1 " + digest}).orElse(new String[0]);
        if (found.isEmpty()) {
            add("TLSA", name, State.MISSING, "needs a zone signed with DNSSEC; only then others can use DANE", found, publish);
        } else if (!answer.authenticated()) {
            add("TLSA", name, State.WRONG, "DNSSEC does not prove it (or the resolver does not validate), so nobody may use it", found);
        } else if (TlsaCheck.usable(answer.records()).isEmpty()) {
            add("TLSA", name, State.WRONG, "none of them can be used with SMTP (usages 2 and 3)", found, publish);
        } else if (own.isPresent() && answer.records().stream().noneMatch(r -> r.usage() == 3 && r.data().equalsIgnoreCase(own.get()))) {
            boolean authority = answer.records().stream().anyMatch(r -> r.usage() == 2);
            add("TLSA", name, authority ? State.NOTE : State.WRONG, "the key of this server's certificate is not among them", found, publish);
        } else {
            add("TLSA", name, State.OK, "others can use DANE", found);
        }
    }

    /// SHA-256 of the public key that this server shows.
    private Optional<String> ownKey() {
        try {
            var key = Authorities.read(site.certificate()).getFirst().getPublicKey().getEncoded();
            return Optional.of(HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(key)));
        } catch (IOException e) {
            return Optional.empty(); // not made yet, or not readable for this user
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("every JDK has SHA-256", e);
        }
    }

    private void bimi() {
        var name = "default._bimi." + domain;
        var answer = site.dns().ask(name, DnsType.TXT);
        if (unknown("BIMI", name, answer)) {
            return;
        }
        var found = RecordTags.ofVersion(answer.records(), "v=BIMI1");
        var wanted = txt(name, "v=BIMI1; l=https://" + domain + "/logo.svg; a=");
        if (found.isEmpty()) {
            add("BIMI", name, State.NOTE, "no logo is shown with its mail", found, wanted);
            return;
        }
        try {
            if (found.size() > 1) {
                throw new BimiProblem("INVALID_RECORD", "several records count as none");
            }
            var location = BimiRecord.parse(found.getFirst()).location();
            if (location != null) {
                var response = site.web().send(HttpsClient.Request.get(location, Map.of()), FETCH);
                if (response.status() != 200) {
                    throw new BimiProblem("HTTP_REQUEST_FAILED", "the logo's host answers " + response.status());
                }
                SvgIndicator.check(response.body().unsafeArray());
            }
            add("BIMI", name, State.OK, "a logo can be shown with its mail", found);
        } catch (BimiProblem | FetchFailed e) {
            add("BIMI", name, State.WRONG, String.valueOf(e.getMessage()), found, wanted);
        }
    }

    /// The domain as the DNS knows it; refuses what is none.
    static String domain(String text) {
        var ascii = DomainName.ascii(text);
        if (!DomainName.isValid(ascii) || MailAddress.parse("x@" + ascii).isEmpty()) {
            throw new ConfigError(text + ": expected a domain such as example.org");
        }
        return ascii;
    }
}
