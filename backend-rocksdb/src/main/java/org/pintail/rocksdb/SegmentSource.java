package org.pintail.rocksdb;

import java.io.InputStream;
import java.nio.channels.FileChannel;
import org.pintail.mime.ChannelStream;
import org.pintail.mime.Source;

/// Bytes of a segment. It holds the channel, so it reads on when the segment's file was collected meanwhile.
record SegmentSource(FileChannel channel, long offset, long size) implements Source {
    @Override
    public InputStream open(long from, long length) {
        long start = Math.clamp(from, 0, size);
        return new ChannelStream(channel, offset + start, Math.clamp(length, 0, size - start));
    }
}
