package org.pintail.backend;

import java.util.List;
import org.jspecify.annotations.Nullable;

/// A mailbox and its counters. `path` is Unicode with "/" between its parts; `INBOX` is upper case. `specialUse` as `\Sent` or null.
/// `retention` in ms, 0 is off. `highestModSeq` starts at 1, `uidNext` at 1. `keywords` seen in it, at most 100.
/// `messages`, `unseen`, `size` (sum of message sizes in bytes) are exact.
public record Mailbox(
        MailboxId id,
        AccountId account,
        String path,
        @Nullable String specialUse,
        long uidValidity,
        long uidNext,
        long highestModSeq,
        boolean subscribed,
        boolean hidden,
        boolean encryptMessages,
        long retention,
        List<String> keywords,
        long messages,
        long unseen,
        long size) {
    public Mailbox {
        keywords = List.copyOf(keywords);
    }
}
