package org.pintail.dkim;

import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/// How to sign.
///
/// @param fields names (lower case) whose fields are signed, every one there is
/// @param oversigned names that are listed once more than they occur, so that nobody can add one (RFC 6376 §8.15)
/// @param length `l=`: bytes of the canonical body to sign, null for all of it. It lets others append: for tests and lists that insist
/// @param lifetime until `x=`
/// @param identity `i=`, null to leave it out
/// @param copied fields whose text goes into `z=` for diagnosis
public record SigningOptions(
        Canonicalization header,
        Canonicalization body,
        List<String> fields,
        List<String> oversigned,
        @Nullable Long length,
        Optional<Duration> lifetime,
        @Nullable String identity,
        List<String> copied) {
    private static final List<String> FIELDS = List.of(
            "from", "sender", "reply-to", "subject", "date", "message-id", "to", "cc", "mime-version", "content-type",
            "content-transfer-encoding", "content-id", "content-description", "resent-date", "resent-from", "resent-sender", "resent-to",
            "resent-cc", "resent-message-id", "in-reply-to", "references", "list-id", "list-help", "list-unsubscribe",
            "list-unsubscribe-post", "list-subscribe", "list-post", "list-owner", "list-archive", "feedback-id", "bimi-selector");

    public static final SigningOptions DEFAULT = new SigningOptions(
            Canonicalization.RELAXED,
            Canonicalization.RELAXED,
            FIELDS,
            List.of("from", "subject", "date", "to", "cc", "reply-to"),
            null,
            Optional.empty(),
            null,
            List.of());

    public SigningOptions {
        fields = List.copyOf(fields);
        oversigned = List.copyOf(oversigned);
        copied = List.copyOf(copied);
    }

    public SigningOptions canonicalized(Canonicalization newHeader, Canonicalization newBody) {
        return new SigningOptions(newHeader, newBody, fields, oversigned, length, lifetime, identity, copied);
    }
}
