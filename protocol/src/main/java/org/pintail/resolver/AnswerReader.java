package org.pintail.resolver;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import org.pintail.dns.DnsType;
import org.pintail.dns.MxRecord;
import org.pintail.dns.TlsaRecord;
import org.xbill.DNS.AAAARecord;
import org.xbill.DNS.ARecord;
import org.xbill.DNS.CNAMERecord;
import org.xbill.DNS.DClass;
import org.xbill.DNS.MXRecord;
import org.xbill.DNS.Message;
import org.xbill.DNS.Name;
import org.xbill.DNS.PTRRecord;
import org.xbill.DNS.Rcode;
import org.xbill.DNS.Record;
import org.xbill.DNS.SOARecord;
import org.xbill.DNS.Section;
import org.xbill.DNS.TLSARecord;
import org.xbill.DNS.TXTRecord;
import org.xbill.DNS.dnssec.ValidatingResolver;

/// Reads one response. Only records of the name that was asked for, and of names its CNAMEs lead to, count; whatever else a server
/// adds is not looked at.
final class AnswerReader<T> {
    private static final int MAX_RECORDS = 1000;
    private static final int MAX_CHAIN = 16;
    private static final Duration NOTHING_WITHOUT_SOA = Duration.ofMinutes(1);
    private final Message message;
    private final DnsType<T> type;
    private final List<Record> answers;
    private Name at;
    private long ttl = Integer.MAX_VALUE;

    AnswerReader(Message message, Name name, DnsType<T> type) {
        this.message = message;
        this.type = type;
        this.at = name;
        this.answers = message.getSection(Section.ANSWER);
    }

    sealed interface Reading<T> {
        record Records<T>(List<T> records, String canonical, Duration ttl) implements Reading<T> {}

        record Nothing<T>(boolean exists, String canonical, Duration ttl) implements Reading<T> {}

        record Failed<T>(boolean bogus, String problem) implements Reading<T> {}

        /// The chain goes on at `target`, which this response does not cover.
        record Elsewhere<T>(Name target) implements Reading<T> {}
    }

    Reading<T> read() {
        int code = message.getRcode();
        if (code != Rcode.NOERROR && code != Rcode.NXDOMAIN) {
            var reason = validationProblem();
            return new Reading.Failed<>(reason.isPresent(), reason.orElse(Rcode.string(code)));
        }
        boolean moved = false;
        for (int hops = 0; hops < MAX_CHAIN; hops++) {
            var found = values();
            if (found.size() > MAX_RECORDS) {
                return new Reading.Failed<>(false, "more than " + MAX_RECORDS + " records");
            }
            if (!found.isEmpty()) {
                return new Reading.Records<>(found, text(at), Duration.ofSeconds(ttl));
            }
            var alias = alias();
            if (alias.isEmpty()) {
                boolean covered = code == Rcode.NXDOMAIN || soa().isPresent();
                return moved && !covered ? new Reading.Elsewhere<>(at) : nothing(code);
            }
            at = alias.get();
            moved = true;
        }
        return new Reading.Failed<>(false, "loop of CNAMEs");
    }

    /// RFC 2308 §5.
    private Reading<T> nothing(int code) {
        var time = soa().map(soa -> Duration.ofSeconds(Math.min(soa.getTTL(), soa.getMinimum()))).orElse(NOTHING_WITHOUT_SOA);
        return new Reading.Nothing<>(code == Rcode.NOERROR, text(at), time);
    }

    private Optional<SOARecord> soa() {
        return message.getSection(Section.AUTHORITY).stream().filter(SOARecord.class::isInstance).map(SOARecord.class::cast).findFirst();
    }

    private Optional<Name> alias() {
        for (var record : answers) {
            if (record instanceof CNAMERecord cname && cname.getName().equals(at)) {
                ttl = Math.min(ttl, record.getTTL());
                return Optional.of(cname.getTarget());
            }
        }
        return Optional.empty();
    }

    @SuppressWarnings("unchecked") // value() gives what the type says
    private List<T> values() {
        var values = new ArrayList<T>();
        for (var record : answers) {
            if (record.getType() == type.code() && record.getDClass() == DClass.IN && record.getName().equals(at)) {
                var value = value(record);
                if (value.isPresent()) {
                    values.add((T) value.get());
                    ttl = Math.min(ttl, record.getTTL());
                }
            }
        }
        return values;
    }

    private static Optional<Object> value(Record record) {
        return switch (record) {
            case ARecord a -> Optional.of(a.getAddress());
            case AAAARecord a -> Optional.of(a.getAddress());
            case MXRecord mx -> Optional.of(new MxRecord(mx.getPriority(), text(mx.getTarget())));
            case TXTRecord txt -> Optional.of(joined(txt));
            case PTRRecord ptr -> Optional.of(text(ptr.getTarget()));
            case CNAMERecord cname -> Optional.of(text(cname.getTarget()));
            case TLSARecord tlsa -> Optional.of(new TlsaRecord(
                    tlsa.getCertificateUsage(),
                    tlsa.getSelector(),
                    tlsa.getMatchingType(),
                    java.util.HexFormat.of().formatHex(tlsa.getCertificateAssociationData())));
            default -> Optional.empty();
        };
    }

    private static String joined(TXTRecord record) {
        var out = new StringBuilder();
        for (var bytes : record.getStringsAsByteArrays()) {
            out.append(new String(bytes, java.nio.charset.StandardCharsets.ISO_8859_1));
        }
        return out.toString();
    }

    private static String text(Name name) {
        var text = name.toString(true).toLowerCase(Locale.ROOT);
        return text.equals("@") || text.equals(".") ? "" : text;
    }

    /// Why the validator refused it: a TXT record that it adds, of a class of its own.
    private Optional<String> validationProblem() {
        for (var record : message.getSection(Section.ADDITIONAL)) {
            if (record instanceof TXTRecord txt && record.getDClass() == ValidatingResolver.VALIDATION_REASON_QCLASS) {
                return Optional.of(String.join(" ", txt.getStrings()));
            }
        }
        return Optional.empty();
    }
}
