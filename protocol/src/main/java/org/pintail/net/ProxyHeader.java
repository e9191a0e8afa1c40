package org.pintail.net;

import java.io.EOFException;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/// The header a proxy sends first (haproxy.org PROXY protocol, versions 1 and 2). Anything else ends the connection.
final class ProxyHeader {
    private static final byte[] SIGNATURE_2 = {13, 10, 13, 10, 0, 13, 10, 'Q', 'U', 'I', 'T', 10};
    private static final int MAX_LINE_1 = 107;
    private static final int MAX_BODY_2 = 4096;

    private ProxyHeader() {}

    static void read(Connection connection) throws IOException {
        int first = connection.read();
        if (first == SIGNATURE_2[0]) {
            version2(connection);
        } else if (first == 'P') {
            version1(connection);
        } else {
            throw new IOException("expected a PROXY header, found byte " + first);
        }
    }

    ///     PROXY TCP4 client server clientPort serverPort CRLF
    private static void version1(Connection connection) throws IOException {
        var line = connection.readLine(MAX_LINE_1);
        var words = line == null ? new String[0] : ("P" + new String(line, StandardCharsets.US_ASCII)).split(" ", -1);
        if (words.length >= 2 && words[0].equals("PROXY") && words[1].equals("UNKNOWN")) {
            return;
        }
        if (words.length != 6 || !words[0].equals("PROXY") || !words[1].equals("TCP4") && !words[1].equals("TCP6")) {
            throw new IOException("expected PROXY TCP4|TCP6 with two addresses and ports");
        }
        connection.proxied(address(words[2], words[4]), address(words[3], words[5]));
    }

    private static InetSocketAddress address(String ip, String port) throws IOException {
        if (!ip.chars().allMatch(c -> Character.digit(c, 16) >= 0 || c == '.' || c == ':')) {
            throw new IOException("expected an address in the PROXY header, found " + ip);
        }
        try {
            // a literal and never a name: "abc.de" must not be asked of the DNS, and "" is not this machine
            return new InetSocketAddress(InetAddress.ofLiteral(ip), Integer.parseInt(port));
        } catch (IllegalArgumentException e) {
            throw new IOException("expected an address and a port in the PROXY header, found " + ip + " " + port, e);
        }
    }

    /// Signature, version and command, family, length, addresses, then extensions that are skipped.
    private static void version2(Connection connection) throws IOException {
        var rest = readFully(connection, SIGNATURE_2.length - 1 + 4);
        if (!Arrays.equals(rest, 0, 11, SIGNATURE_2, 1, 12) || (rest[11] & 0xf0) != 0x20) {
            throw new IOException("expected a PROXY version 2 header");
        }
        int length = ByteBuffer.wrap(rest, 13, 2).getShort() & 0xffff;
        if (length > MAX_BODY_2) {
            throw new IOException("PROXY header longer than " + MAX_BODY_2 + " bytes");
        }
        var body = ByteBuffer.wrap(readFully(connection, length));
        int ip = switch (rest[12] & 0xff) {
            case 0x11 -> 4;
            case 0x21 -> 16;
            default -> 0; // a health check of the proxy's own, or a family without addresses
        };
        if ((rest[11] & 0x0f) == 0 || ip == 0) {
            return;
        }
        if (length < 2 * ip + 4) {
            throw new IOException("PROXY header ends early");
        }
        var client = new byte[ip];
        var server = new byte[ip];
        body.get(client).get(server);
        connection.proxied(
                new InetSocketAddress(InetAddress.getByAddress(client), body.getShort() & 0xffff),
                new InetSocketAddress(InetAddress.getByAddress(server), body.getShort() & 0xffff));
    }

    private static byte[] readFully(Connection connection, int count) throws IOException {
        var bytes = new byte[count];
        for (int n = 0; n < count; ) {
            int more = connection.read(bytes, n, count - n);
            if (more < 0) {
                throw new EOFException("the proxy left in the middle of its header");
            }
            n += more;
        }
        return bytes;
    }
}
