package org.pintail.imap;

import java.io.IOException;

/// The keys of a SEARCH, SORT or THREAD as the client wrote them, and what has to be known about them beforehand.
///
/// @param usesModSeq MODSEQ is among them (RFC 7162 §3.1.5)
/// @param usesNumbers sequence numbers are (RFC 9586 §3.5)
/// @param fixed a sequence number, `$` or an interval is: its meaning changes while the messages do not, so no results can be kept up to date
/// @param usesFilters names of stored keys are, which [#begin] replaces
/// @param charsetKnown else the text was not decoded, and nothing can be searched
record SearchProgram(SearchKey key, boolean usesModSeq, boolean usesNumbers, boolean fixed, boolean usesFilters, boolean charsetKnown) {
    /// Takes in what has happened, so that the answer is about the mailbox as it is now. Refuses what cannot be searched. What is to be
    /// searched for.
    SearchProgram begin(Authenticated session) throws IOException {
        if (!charsetKnown) {
            throw new No("BADCHARSET (UTF-8)", "Unknown charset");
        }
        var announcer = session.dialogue().announcer();
        var resolved = new SearchFilters(session).resolve(this);
        if (resolved.usesNumbers) {
            announcer.requireNumbers();
        }
        if (resolved.usesModSeq) {
            announcer.enableCondstore();
        }
        announcer.refresh();
        return resolved;
    }
}
