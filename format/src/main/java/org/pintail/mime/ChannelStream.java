package org.pintail.mime;

import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;

/// A window of a file as a stream, read by position: any number of them may share one channel, which stays open when a stream is closed.
public final class ChannelStream extends InputStream {
    private static final int BUFFER = 16 * 1024;
    private final FileChannel channel;
    private long at;
    private long left;
    private final ByteBuffer buffer;

    public ChannelStream(FileChannel channel, long from, long length) {
        this.channel = channel;
        this.at = from;
        this.left = length;
        this.buffer = ByteBuffer.allocate((int) Math.min(BUFFER, Math.max(1, length))).limit(0);
    }

    @Override
    public int read() throws IOException {
        return fill() ? buffer.get() & 0xff : -1;
    }

    @Override
    public int read(byte[] into, int from, int length) throws IOException {
        if (length == 0) {
            return 0;
        }
        if (!fill()) {
            return -1;
        }
        int count = Math.min(length, buffer.remaining());
        buffer.get(into, from, count);
        return count;
    }

    private boolean fill() throws IOException {
        if (buffer.hasRemaining()) {
            return true;
        }
        if (left == 0) {
            return false;
        }
        buffer.clear().limit((int) Math.min(buffer.capacity(), left));
        int count = channel.read(buffer, at);
        if (count < 0) {
            throw new IOException("the file ends " + left + " bytes early");
        }
        buffer.flip();
        at += count;
        left -= count;
        return count > 0 || fill();
    }
}
