package org.pintail.imap;

/// A base subject as it is compared (RFC 5256 §2.1, §3).
///
/// @param text by [UnicodeCasemap#compare]
/// @param reply as in [BaseSubject]
record SubjectKey(String text, boolean reply) {
    static SubjectKey of(String decoded) {
        var base = BaseSubject.of(decoded);
        return new SubjectKey(UnicodeCasemap.key(base.text()), base.reply());
    }
}
