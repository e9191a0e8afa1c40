package org.pintail.mta;

import java.io.IOException;
import java.io.InputStream;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import org.pintail.backend.Queue;
import org.pintail.backend.QueueRow;
import org.pintail.mime.Source;

/// The right to deliver claimed rows, for as long as it is begun anew in time. A process that stood still finds out here that another
/// has taken over.
final class Lease {
    /// How long the rows of a node that died stay away. Begun anew every third of it.
    static final Duration LENGTH = Duration.ofMinutes(3);

    private final Queue queue;
    private final Clock clock;
    private final List<QueueRow> rows;
    private long ends;
    private boolean lost;

    /// The rows were claimed just now, or not long before: their `leaseEnds` says until when.
    Lease(Queue queue, Clock clock, List<QueueRow> rows) {
        this.queue = queue;
        this.clock = clock;
        this.rows = List.copyOf(rows);
        this.ends = rows.stream().mapToLong(r -> r.leaseEnds() == null ? 0 : r.leaseEnds().toEpochMilli()).min().orElse(0);
    }

    /// Begins the time anew. False when any of the rows is no longer ours; rows that were settled meanwhile do not come into it.
    synchronized boolean extend() {
        var until = clock.instant().plus(LENGTH);
        for (var row : rows) {
            if (!queue.extend(row, until) && !isSettled(row)) {
                lost = true;
            }
        }
        ends = until.toEpochMilli();
        return !lost;
    }

    /// Gone, or put back: nobody holds it, so it is none of another's either.
    private boolean isSettled(QueueRow row) {
        return queue.rows(row.id()).stream().noneMatch(r -> r.seq().equals(row.seq()) && r.lease() != 0);
    }

    /// Whether nobody else can have the rows. Asks the queue only when the time is over.
    synchronized boolean held() {
        return !lost && (clock.millis() < ends || extend());
    }

    /// The message, whose end is given only while the lease is held: a delivery that stood still for too long breaks off before the
    /// final dot, and whoever has the rows now delivers.
    Source whileHeld(Source message) {
        return new Source() {
            @Override
            public long size() {
                return message.size();
            }

            @Override
            public InputStream open(long from, long length) throws IOException {
                return new Guarded(message.open(from, length));
            }
        };
    }

    /// The lease was lost before the message was handed over.
    static final class Lost extends IOException {
        Lost() {
            super("the lease of the message was lost");
        }
    }

    private final class Guarded extends InputStream {
        private final InputStream in;

        Guarded(InputStream in) {
            this.in = in;
        }

        @Override
        public int read() throws IOException {
            return checked(in.read());
        }

        @Override
        public int read(byte[] to, int at, int length) throws IOException {
            return checked(in.read(to, at, length));
        }

        private int checked(int read) throws IOException {
            if (read < 0 && !held()) {
                throw new Lost();
            }
            return read;
        }

        @Override
        public void close() throws IOException {
            in.close();
        }
    }
}
