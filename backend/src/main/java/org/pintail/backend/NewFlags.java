package org.pintail.backend;

/// The flags of a message after a change of nothing else.
public record NewFlags(long uid, long modSeq, Flags flags) {
    public static NewFlags of(MessageRow row) {
        return new NewFlags(row.uid(), row.modSeq(), row.flags());
    }
}
