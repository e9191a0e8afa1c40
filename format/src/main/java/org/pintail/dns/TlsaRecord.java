package org.pintail.dns;

/// A TLSA record (RFC 6698 §2.1); `data` is the certificate association in lower-case hex.
public record TlsaRecord(int usage, int selector, int matching, String data) {}
