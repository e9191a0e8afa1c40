package org.pintail.imap;

import org.jspecify.annotations.Nullable;

/// The tagged OK a command ends with; errors are thrown. Text null is "<COMMAND> completed". `sent`: the command answered already.
record Reply(@Nullable String code, @Nullable String text, boolean sent) {
    static final Reply COMPLETED = new Reply(null, null, false);
    static final Reply SENT = new Reply(null, null, true);

    static Reply ok(String text) {
        return new Reply(null, text, false);
    }

    static Reply ok(String code, String text) {
        return new Reply(code, text, false);
    }

    /// `OK [code] <COMMAND> completed`
    static Reply coded(String code) {
        return new Reply(code, null, false);
    }
}
