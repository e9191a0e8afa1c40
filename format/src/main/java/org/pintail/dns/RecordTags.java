package org.pintail.dns;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;

/// A TXT record of the form that MTA-STS, TLS reporting and BIMI share. Names are lower case here; of a name given twice the first counts.
///
///     record = version *(delim tag "=" value) [delim]     ; the version is the first tag and exact
///     delim  = *WSP ";" *WSP
public record RecordTags(Map<String, String> tags) {
    private static final int MAX_LENGTH = 8192;
    private static final int MAX_TAGS = 50;

    public RecordTags {
        tags = Map.copyOf(tags);
    }

    /// The records of `texts` that begin with this version, such as `v=STSv1`; others are not ours to judge.
    public static List<String> ofVersion(List<String> texts, String version) {
        return texts.stream().filter(t -> hasVersion(t, version)).toList();
    }

    private static boolean hasVersion(String text, String version) {
        if (!text.startsWith(version)) {
            return false;
        }
        var rest = text.substring(version.length()).stripLeading();
        return rest.isEmpty() || rest.startsWith(";");
    }

    /// Empty when a part has no `=`, its name is no word, or there are too many.
    public static Optional<RecordTags> parse(String text) {
        var tags = new LinkedHashMap<String, String>();
        if (text.length() > MAX_LENGTH) {
            return Optional.empty();
        }
        for (var part : text.split(";", MAX_TAGS + 1)) {
            if (part.isBlank()) {
                continue;
            }
            int equals = part.indexOf('=');
            var name = equals < 0 ? "" : part.substring(0, equals).strip().toLowerCase(Locale.ROOT);
            boolean word = !name.isEmpty() && name.chars().allMatch(c -> c >= 'a' && c <= 'z' || c >= '0' && c <= '9' || c == '_' || c == '-' || c == '.');
            if (!word || tags.size() == MAX_TAGS) {
                return Optional.empty();
            }
            tags.putIfAbsent(name, part.substring(equals + 1).strip());
        }
        return Optional.of(new RecordTags(tags));
    }

    public Optional<String> value(String name) {
        return Optional.ofNullable(tags.get(name));
    }
}
