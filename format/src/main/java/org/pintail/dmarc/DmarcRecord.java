package org.pintail.dmarc;

import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;

/// A published policy: RFC 7489 §6.3, RFC 9989 §4.7.
///
///     dmarc-record = "v" *WSP "=" *WSP %x44.4d.41.52.43.31 *( *WSP ";" *WSP tag ) [";"]
///
/// @param subdomains `sp`, for subdomains that have no record
/// @param nonexistent `np`, for names that do not exist
/// @param percent `pct`
/// @param testing `t=y`
/// @param publicSuffix `psd`: y, n or u
/// @param aggregateReports `rua`
/// @param failureReports `ruf`
/// @param failureOptions `fo`
public record DmarcRecord(
        DmarcPolicy policy,
        Optional<DmarcPolicy> subdomains,
        Optional<DmarcPolicy> nonexistent,
        boolean strictDkim,
        boolean strictSpf,
        int percent,
        boolean testing,
        char publicSuffix,
        List<String> aggregateReports,
        List<String> failureReports,
        String failureOptions) {
    private static final int MAX_URIS = 20;

    public DmarcRecord {
        aggregateReports = List.copyOf(aggregateReports);
        failureReports = List.copyOf(failureReports);
    }

    /// Empty when the text is no DMARC record, or one to be ignored. Unknown tags and values that cannot be read count as not there.
    public static Optional<DmarcRecord> parse(String text) {
        var specs = text.split(";", -1);
        var version = specs[0].split("=", 2);
        if (version.length < 2 || !version[0].strip().equals("v") || !version[1].strip().equals("DMARC1")) {
            return Optional.empty();
        }
        var tags = new HashMap<String, String>();
        for (var spec : specs) {
            int equals = spec.indexOf('=');
            if (equals > 0) {
                tags.putIfAbsent(spec.substring(0, equals).strip().toLowerCase(Locale.ROOT), spec.substring(equals + 1).strip());
            }
        }
        return of(tags);
    }

    private static Optional<DmarcRecord> of(Map<String, String> tags) {
        var rua = uris(tags.getOrDefault("rua", ""));
        var p = DmarcPolicy.of(tags.getOrDefault("p", ""));
        boolean psd = tags.containsKey("psd");
        if (p.isEmpty() && rua.isEmpty() && !psd) { // RFC 7489 §6.6.3 step 6; RFC 9989 lets p be missing, which then means none
            return Optional.empty();
        }
        return Optional.of(new DmarcRecord(
                p.orElse(DmarcPolicy.NONE),
                DmarcPolicy.of(tags.getOrDefault("sp", "")),
                DmarcPolicy.of(tags.getOrDefault("np", "")),
                tags.getOrDefault("adkim", "").equalsIgnoreCase("s"),
                tags.getOrDefault("aspf", "").equalsIgnoreCase("s"),
                percent(tags.getOrDefault("pct", "100")),
                tags.getOrDefault("t", "").equalsIgnoreCase("y"),
                suffix(tags.getOrDefault("psd", "u")),
                rua,
                uris(tags.getOrDefault("ruf", "")),
                tags.getOrDefault("fo", "0")));
    }

    private static int percent(String text) {
        boolean number = !text.isEmpty() && text.length() <= 3 && text.chars().allMatch(c -> c >= '0' && c <= '9');
        return number && Integer.parseInt(text) <= 100 ? Integer.parseInt(text) : 100;
    }

    private static char suffix(String text) {
        return switch (text.toLowerCase(Locale.ROOT)) {
            case "y" -> 'y';
            case "n" -> 'n';
            default -> 'u';
        };
    }

    private static List<String> uris(String text) {
        return Arrays.stream(text.split(","))
                .map(String::strip)
                .filter(uri -> uri.regionMatches(true, 0, "mailto:", 0, 7) || uri.regionMatches(true, 0, "https:", 0, 6))
                .limit(MAX_URIS)
                .toList();
    }
}
