package org.pintail.mtasts;

import java.util.List;
import java.util.Optional;
import org.pintail.dns.RecordTags;

/// The TXT record at `_mta-sts.DOMAIN` (RFC 8461 §3.1); a new `id` tells that the policy changed.
///
///     sts-text-record = "v=STSv1" 1*(";" sts-field) [";"]
///     sts-id          = "id=" 1*32(ALPHA / DIGIT)
public record StsRecord(String id) {
    private static final int MAX_ID = 32;

    /// Empty unless exactly one record is of this version and has an id.
    public static Optional<StsRecord> of(List<String> texts) {
        var ours = RecordTags.ofVersion(texts, "v=STSv1");
        return ours.size() == 1
                ? RecordTags.parse(ours.getFirst()).flatMap(tags -> tags.value("id")).filter(StsRecord::valid).map(StsRecord::new)
                : Optional.empty();
    }

    private static boolean valid(String id) {
        return !id.isEmpty()
                && id.length() <= MAX_ID
                && id.chars().allMatch(c -> c >= '0' && c <= '9' || c >= 'a' && c <= 'z' || c >= 'A' && c <= 'Z');
    }
}
