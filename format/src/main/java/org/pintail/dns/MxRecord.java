package org.pintail.dns;

/// A mail exchanger (RFC 5321 §5.1); the host "" with preference 0 alone says that the domain takes no mail (RFC 7505).
public record MxRecord(int preference, String host) {}
