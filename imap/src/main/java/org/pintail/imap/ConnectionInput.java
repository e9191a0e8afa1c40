package org.pintail.imap;

import java.io.IOException;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;
import org.pintail.imap.wire.CommandLines;
import org.pintail.imap.wire.Responses;
import org.pintail.net.Connection;

/// What [CommandLines] reads from when there is a client.
record ConnectionInput(Connection connection, Responses out, ReentrantLock lock) implements CommandLines.Input {
    @Override
    public byte @Nullable [] readLine(int limit) throws IOException {
        return connection.readLine(limit);
    }

    @Override
    public byte @Nullable [] readLine(int usual, Connection.LongLine longer) throws IOException {
        return connection.readLine(usual, longer);
    }

    @Override
    public int read(byte[] into, int from, int length) throws IOException {
        return connection.read(into, from, length);
    }

    @Override
    public void goOn(String text) throws IOException {
        lock.lock();
        try {
            out.ascii("+ ").ascii(text).crlf();
            out.flush();
        } finally {
            lock.unlock();
        }
    }
}
