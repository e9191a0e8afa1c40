package org.pintail.imap;

import java.io.IOException;
import java.io.OutputStream;
import org.pintail.net.Connection;

/// A connection as [org.pintail.imap.wire.Responses] wants it.
final class ConnectionOutput extends OutputStream {
    private final Connection connection;

    ConnectionOutput(Connection connection) {
        this.connection = connection;
    }

    @Override
    public void write(int b) throws IOException {
        connection.write(new byte[] {(byte) b});
    }

    @Override
    public void write(byte[] bytes, int from, int length) throws IOException {
        connection.write(bytes, from, length);
    }

    @Override
    public void flush() throws IOException {
        connection.flush();
    }
}
