package org.pintail.rocksdb;

/// The column families and what their keys are.
enum Family {
    /// name
    META,
    /// collection 0 id -> BSON
    DOCUMENTS,
    /// collection 0 index 0 key id
    DOCUMENT_INDEX,
    /// mailbox -> [MailboxCodec]
    MAILBOXES,
    /// account path -> mailbox
    PATHS,
    /// mailbox uid -> [RowCodec]
    ROWS,
    /// mailbox modseq uid, of rows that say they are [StoredRow#listed]
    MODSEQS,
    /// mailbox modseq uid
    TOMBSTONES,
    /// message -> account mailbox uid
    MESSAGES,
    /// message -> BSON, where its details were changed after it was stored
    DETAILS,
    /// content -> [BodyCodec]
    BODIES,
    /// content -> how many messages share it
    SHARES,
    /// account entry -> [JournalCodec] or [FlagEntries]
    JOURNAL,
    /// account -> bytes
    USAGE,
    /// sha-256 -> references and place
    ATTACHMENTS,
    /// id . seq -> BSON
    QUEUE_ROWS,
    /// zone 0 due id . seq -> domain; only rows that nobody holds
    QUEUE_DUE,
    /// id -> place and BSON
    QUEUE_MESSAGES,
    /// kind segment offset -> owner: what is alive in a segment
    LIVE,
    /// kind segment -> live bytes
    SEGMENTS,
    /// mailbox -> account: deleted mailboxes whose messages are still to go
    PURGES,
    /// kind segment offset -> bytes that are not synced in their segment, see [Carried]
    CARRIED,
    /// mailbox block -> [FlagBlock]
    FLAGS,
    /// mailbox latest-modseq block
    FLAG_MODSEQS;

    byte[] label() {
        return name().toLowerCase(java.util.Locale.ROOT).getBytes(java.nio.charset.StandardCharsets.US_ASCII);
    }
}
