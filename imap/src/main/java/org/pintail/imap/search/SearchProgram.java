package org.pintail.imap.search;

/// The keys of a SEARCH, SORT or THREAD as the client wrote them, and what has to be known about them beforehand.
///
/// @param usesModSeq MODSEQ is among them (RFC 7162 §3.1.5)
/// @param usesNumbers sequence numbers are (RFC 9586 §3.5)
/// @param fixed a sequence number, `$` or an interval is: its meaning changes while the messages do not, so no results can be kept up to date
/// @param usesFilters names of stored keys are, which have to be replaced before it can be searched for
/// @param charsetKnown else the text was not decoded, and nothing can be searched
public record SearchProgram(SearchKey key, boolean usesModSeq, boolean usesNumbers, boolean fixed, boolean usesFilters, boolean charsetKnown) {}
