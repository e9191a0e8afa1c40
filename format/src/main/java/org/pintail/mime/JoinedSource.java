package org.pintail.mime;

import java.io.IOException;
import java.io.InputStream;
import java.io.SequenceInputStream;

/// Two sources read as one.
final class JoinedSource implements Source {
    private final Source first;
    private final Source second;

    JoinedSource(Source first, Source second) {
        this.first = first;
        this.second = second;
    }

    @Override
    public long size() {
        return first.size() + second.size();
    }

    @Override
    public InputStream open(long from, long length) throws IOException {
        long start = Math.clamp(from, 0, size());
        long end = start + Math.clamp(length, 0, size() - start);
        if (start >= first.size()) {
            return second.open(start - first.size(), end - start);
        }
        var head = first.open(start, Math.min(end, first.size()) - start);
        if (end <= first.size()) {
            return head;
        }
        return new SequenceInputStream(head, second.open(0, end - first.size()));
    }
}
