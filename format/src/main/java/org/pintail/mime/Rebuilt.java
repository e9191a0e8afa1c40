package org.pintail.mime;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.util.List;

/// The message put together from its skeleton and pieces, readable from any place without rebuilding what stands before it.
public final class Rebuilt implements Source {
    /// One stored piece: as [Cut.Piece], with a way to its stored bytes.
    public record Piece(int at, long encodedSize, int lineLength, boolean finalBreak, Source stored) {
        /// The piece as it stood in the message.
        Source original() {
            return lineLength == 0 ? stored : new Base64Lines(stored, lineLength, finalBreak);
        }
    }

    private final Source skeleton;
    private final List<Piece> pieces;
    private final long size;

    public Rebuilt(Source skeleton, List<Piece> pieces) {
        this.skeleton = skeleton;
        this.pieces = List.copyOf(pieces);
        long sum = skeleton.size();
        for (var piece : pieces) {
            sum += piece.encodedSize();
        }
        this.size = sum;
    }

    @Override
    public long size() {
        return size;
    }

    @Override
    public InputStream open(long from, long length) throws IOException {
        long start = Math.clamp(from, 0, size);
        return new Stream(start, Math.clamp(length, 0, size - start));
    }

    /// Steps through runs of skeleton and pieces in turn.
    private final class Stream extends InputStream {
        private long at;
        private final long end;
        private InputStream current = new ByteArrayInputStream(new byte[0]);

        Stream(long from, long length) {
            this.at = from;
            this.end = from + length;
        }

        @Override
        public int read() throws IOException {
            var one = new byte[1];
            return read(one, 0, 1) < 0 ? -1 : one[0] & 0xff;
        }

        @Override
        public int read(byte[] into, int from, int length) throws IOException {
            if (length == 0) {
                return 0;
            }
            while (at < end) {
                int count = current.read(into, from, (int) Math.min(length, end - at));
                if (count > 0) {
                    at += count;
                    return count;
                }
                current.close();
                current = run(at);
            }
            return -1;
        }

        /// The rest of the run that holds byte `offset` of the message.
        private InputStream run(long offset) throws IOException {
            long place = 0;
            int inSkeleton = 0;
            for (var piece : pieces) {
                long text = piece.at() - inSkeleton;
                if (offset < place + text) {
                    return skeleton.open(inSkeleton + offset - place, place + text - offset);
                }
                place += text;
                inSkeleton = piece.at();
                if (offset < place + piece.encodedSize()) {
                    long inside = offset - place;
                    return piece.original().open(inside, piece.encodedSize() - inside);
                }
                place += piece.encodedSize();
            }
            return skeleton.open(inSkeleton + offset - place, size - offset);
        }

        @Override
        public void close() throws IOException {
            current.close();
        }
    }
}
