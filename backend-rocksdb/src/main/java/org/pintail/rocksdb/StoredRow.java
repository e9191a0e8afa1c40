package org.pintail.rocksdb;

import org.pintail.backend.MessageRow;

/// A row with its flags and modseq as they are now. `written`: the modseq in the row itself, of when it came (or of its last change, where a program
/// without [FlagBlock] made it). `listed`: it is in [Family#MODSEQS] with that. Rows that are not ascend by `written` as they do by uid.
record StoredRow(MessageRow row, long written, boolean listed) {
    byte[] modSeqKey() {
        return Keys.idAndNumbers(row.mailbox().value(), written, row.uid());
    }
}
