package org.pintail.resolver;

import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.DatagramPacket;
import java.net.DatagramSocket;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.function.UnaryOperator;
import org.xbill.DNS.Flags;
import org.xbill.DNS.Message;
import org.xbill.DNS.Section;

/// A name server on the loopback, UDP and TCP, that answers what the test says.
final class FakeNameServer implements AutoCloseable {
    private static final int UDP_MAX = 1232;
    private final DatagramSocket udp;
    private final ServerSocket tcp;
    private final UnaryOperator<Message> answers;
    private final List<String> asked = Collections.synchronizedList(new ArrayList<>());

    /// `answers` gets the query and returns the whole response; null: silence.
    FakeNameServer(UnaryOperator<Message> answers) {
        this.answers = answers;
        try {
            this.tcp = new ServerSocket(0, 50, InetAddress.getLoopbackAddress());
            this.udp = new DatagramSocket(new InetSocketAddress(InetAddress.getLoopbackAddress(), tcp.getLocalPort()));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        Thread.ofVirtual().start(this::serveUdp);
        Thread.ofVirtual().start(this::serveTcp);
    }

    /// A response to `query` with its question and flags, nothing else.
    static Message reply(Message query) {
        var reply = new Message(query.getHeader().getID());
        reply.getHeader().setFlag(Flags.QR);
        reply.getHeader().setFlag(Flags.RA);
        reply.addRecord(query.getQuestion(), Section.QUESTION);
        return reply;
    }

    String address() {
        return "127.0.0.1:" + tcp.getLocalPort();
    }

    /// `udp NAME TYPE` or `tcp NAME TYPE`, in the order asked.
    List<String> asked() {
        return List.copyOf(asked);
    }

    private byte[] answer(byte[] query, int length, String how) throws IOException {
        var message = new Message(java.util.Arrays.copyOf(query, length));
        asked.add(how + " " + message.getQuestion().getName() + " " + org.xbill.DNS.Type.string(message.getQuestion().getType()));
        var reply = answers.apply(message);
        if (reply == null) {
            return new byte[0];
        }
        var wire = reply.toWire();
        if (how.equals("udp") && wire.length > UDP_MAX) {
            var truncated = reply(message);
            truncated.getHeader().setFlag(Flags.TC);
            return truncated.toWire();
        }
        return wire;
    }

    private void serveUdp() {
        var buffer = new byte[4096];
        while (!udp.isClosed()) {
            var packet = new DatagramPacket(buffer, buffer.length);
            try {
                udp.receive(packet);
                var wire = answer(buffer, packet.getLength(), "udp");
                if (wire.length > 0) {
                    udp.send(new DatagramPacket(wire, wire.length, packet.getSocketAddress()));
                }
            } catch (IOException e) {
                if (!udp.isClosed()) {
                    throw new UncheckedIOException(e);
                }
            }
        }
    }

    private void serveTcp() {
        while (!tcp.isClosed()) {
            try (var socket = tcp.accept()) {
                var in = new DataInputStream(socket.getInputStream());
                var query = new byte[in.readUnsignedShort()];
                in.readFully(query);
                var wire = answer(query, query.length, "tcp");
                var out = new DataOutputStream(socket.getOutputStream());
                out.writeShort(wire.length);
                out.write(wire);
            } catch (IOException e) {
                if (!tcp.isClosed()) {
                    throw new UncheckedIOException(e);
                }
            }
        }
    }

    @Override
    public void close() {
        udp.close();
        try {
            tcp.close();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
