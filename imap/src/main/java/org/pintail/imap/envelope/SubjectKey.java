package org.pintail.imap.envelope;

/// A base subject as it is compared (RFC 5256 §2.1, §3).
///
/// @param text by [UnicodeCasemap#compare]
/// @param reply as in [BaseSubject]
public record SubjectKey(String text, boolean reply) {
    /// Of a subject without encoded words.
    public static SubjectKey of(String decoded) {
        var base = BaseSubject.of(decoded);
        return new SubjectKey(UnicodeCasemap.key(base.text()), base.reply());
    }
}
