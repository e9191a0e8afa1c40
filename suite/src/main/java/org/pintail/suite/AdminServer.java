package org.pintail.suite;

import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.OutputStream;
import java.io.PrintStream;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.channels.Channels;
import java.nio.channels.ClosedChannelException;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.List;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Takes administrative commands for a running server over a Unix socket in its data directory, mode 0600: who may write to the store's
/// files may command its server. A request is the caller's directory and its arguments; the answer is frames of output and an exit code.
final class AdminServer implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(AdminServer.class);
    private static final int OUT = 1;
    private static final int ERR = 2;
    private static final int EXIT = 0;
    private static final int MAX_ARGUMENTS = 100;
    private final ServerSocketChannel server;
    private final Path socket;

    private AdminServer(ServerSocketChannel server, Path socket) {
        this.server = server;
        this.socket = socket;
    }

    static Path socket(Path data) {
        return data.resolve("admin.sock");
    }

    /// Replaces a socket that a killed server left behind.
    static AdminServer open(Path socket, Admin admin) throws IOException {
        Files.deleteIfExists(socket);
        var server = ServerSocketChannel.open(StandardProtocolFamily.UNIX);
        server.bind(UnixDomainSocketAddress.of(socket));
        Files.setPosixFilePermissions(socket, PosixFilePermissions.fromString("rw-------"));
        var opened = new AdminServer(server, socket);
        Thread.ofPlatform().daemon().name("admin").start(() -> opened.accept(admin));
        return opened;
    }

    private void accept(Admin admin) {
        while (server.isOpen()) {
            try {
                var client = server.accept();
                Thread.ofVirtual().name("admin-command").start(() -> serve(client, admin));
            } catch (ClosedChannelException e) {
                return;
            } catch (IOException e) {
                LOG.warn("admin socket failed error={}", e.toString());
            }
        }
    }

    private static void serve(SocketChannel client, Admin admin) {
        try (client;
                var in = new DataInputStream(Channels.newInputStream(client));
                var wire = new DataOutputStream(Channels.newOutputStream(client))) {
            var directory = Path.of(in.readUTF());
            int count = in.readInt();
            if (count < 0 || count > MAX_ARGUMENTS) {
                throw new IOException("expected at most " + MAX_ARGUMENTS + " arguments, found " + count);
            }
            var args = new ArrayList<String>();
            for (int i = 0; i < count; i++) {
                args.add(in.readUTF());
            }
            int status = admin.run(args, directory, frames(wire, OUT), frames(wire, ERR));
            wire.writeByte(EXIT);
            wire.writeInt(status);
            wire.flush();
        } catch (EOFException e) {
            LOG.debug("admin client left before its command was complete"); // so does who only asks whether a server is here
        } catch (IOException e) {
            LOG.warn("admin command failed error={}", e.toString());
        }
    }

    private static PrintStream frames(DataOutputStream wire, int kind) {
        return new PrintStream(
                new OutputStream() {
                    @Override
                    public void write(int b) throws IOException {
                        write(new byte[] {(byte) b}, 0, 1);
                    }

                    @Override
                    public void write(byte[] bytes, int from, int length) throws IOException {
                        synchronized (wire) {
                            wire.writeByte(kind);
                            wire.writeInt(length);
                            wire.write(bytes, from, length);
                            wire.flush();
                        }
                    }
                },
                true,
                StandardCharsets.UTF_8);
    }

    /// A server listens there.
    static boolean answers(Path socket) {
        if (!Files.exists(socket)) {
            return false;
        }
        try (var channel = SocketChannel.open(UnixDomainSocketAddress.of(socket))) {
            return channel.isConnected();
        } catch (IOException e) {
            return false; // left behind by a killed server: the store is free
        }
    }

    /// Has the server run a command and copies what it prints.
    static int send(Path socket, Path directory, List<String> args, PrintStream out, PrintStream err) throws IOException {
        try (var channel = SocketChannel.open(UnixDomainSocketAddress.of(socket));
                var wire = new DataOutputStream(Channels.newOutputStream(channel));
                var in = new DataInputStream(Channels.newInputStream(channel))) {
            wire.writeUTF(directory.toString());
            wire.writeInt(args.size());
            for (var arg : args) {
                wire.writeUTF(arg);
            }
            wire.flush();
            while (true) {
                int kind = in.readByte();
                if (kind == EXIT) {
                    return in.readInt();
                }
                var text = in.readNBytes(in.readInt());
                (kind == OUT ? out : err).write(text, 0, text.length);
            }
        }
    }

    @Override
    public void close() {
        try {
            server.close();
            Files.deleteIfExists(socket);
        } catch (IOException e) {
            LOG.warn("admin socket not closed error={}", e.toString());
        }
    }
}
