package org.pintail.dns;

import java.net.InetAddress;

/// A kind of record, with the Java type of its values. Names in values are lower case, without their final dot; the root is "".
///
/// @param name as in a zone file
/// @param code its number (RFC 1035 §3.2.2)
@SuppressWarnings("unused") // T types the answers
public record DnsType<T>(String name, int code) {
    public static final DnsType<InetAddress> A = new DnsType<>("A", 1);
    public static final DnsType<String> CNAME = new DnsType<>("CNAME", 5);
    public static final DnsType<String> PTR = new DnsType<>("PTR", 12);
    public static final DnsType<MxRecord> MX = new DnsType<>("MX", 15);

    /// One value per record: its strings joined without a separator, one char per byte (ISO-8859-1).
    public static final DnsType<String> TXT = new DnsType<>("TXT", 16);

    public static final DnsType<InetAddress> AAAA = new DnsType<>("AAAA", 28);

    /// RFC 6698.
    public static final DnsType<TlsaRecord> TLSA = new DnsType<>("TLSA", 52);
}
