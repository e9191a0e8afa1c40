package org.pintail.tlsrpt;

import java.net.URI;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import org.pintail.dns.RecordTags;

/// The TXT record at `_smtp._tls.DOMAIN` (RFC 8460 §3): where reports are wanted.
///
///     tlsrpt-record = "v=TLSRPTv1" 1*(";" tlsrpt-field) [";"]
///     tlsrpt-rua    = "rua=" tlsrpt-uri *(*WSP "," *WSP tlsrpt-uri)
///
/// @param targets `mailto:` and `https:` URIs, in the order of the record; others are left out
public record TlsRptRecord(List<URI> targets) {
    private static final int MAX_TARGETS = 10;

    public TlsRptRecord {
        targets = List.copyOf(targets);
    }

    /// Empty unless exactly one record is of this version and asks for reports somewhere.
    public static Optional<TlsRptRecord> of(List<String> texts) {
        var ours = RecordTags.ofVersion(texts, "v=TLSRPTv1");
        return ours.size() == 1
                ? RecordTags.parse(ours.getFirst())
                        .flatMap(tags -> tags.value("rua"))
                        .map(TlsRptRecord::uris)
                        .filter(uris -> !uris.isEmpty())
                        .map(TlsRptRecord::new)
                : Optional.empty();
    }

    private static List<URI> uris(String text) {
        var found = new ArrayList<URI>();
        for (var one : text.split(",", MAX_TARGETS + 1)) {
            uri(one.strip()).filter(_ -> found.size() < MAX_TARGETS).ifPresent(found::add);
        }
        return found;
    }

    private static Optional<URI> uri(String text) {
        try {
            var uri = new URI(text);
            var scheme = uri.getScheme() == null ? "" : uri.getScheme().toLowerCase(Locale.ROOT);
            return scheme.equals("mailto") || scheme.equals("https") ? Optional.of(uri) : Optional.empty();
        } catch (java.net.URISyntaxException e) {
            return Optional.empty();
        }
    }
}
