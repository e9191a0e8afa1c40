package org.pintail.imap;

import java.io.IOException;
import org.pintail.imap.view.SelectedMailbox;
import org.pintail.imap.wire.BadCommand;
import org.pintail.imap.wire.ImapReader;
import org.pintail.imap.wire.No;
import org.pintail.imap.wire.Responses;

/// UIDBATCHES — RFC 10022: ranges of UIDs that hold so many messages each, the newest first. Together they cover
/// every UID there is.
///
///     message-batches = "UIDBATCHES" SP nz-number [SP nz-number ":" nz-number]
///     uidbatches-response = "UIDBATCHES" search-correlator [SP uid-range *("," uid-range)]
///
/// A batch costs one look into the columns that are in memory anyway, and 22 bytes of the answer. So nothing is too much (TOOMANY, §3.1.7), and
/// who asks again before the mailbox has changed is answered (LIMIT, §3.1.1 and §6: SHOULD).
///
/// @param first the first batch that is wanted, counted from 1
record UidBatchesCommand(long size, long first, long last) implements Command.InSelected {
    private static final long SMALLEST = 500;

    static UidBatchesCommand parse(ImapReader in) {
        in.sp();
        long size = in.number();
        long first = 1;
        long last = Long.MAX_VALUE;
        if (in.accept(' ')) {
            first = in.number();
            in.expect(':');
            last = in.number();
        }
        in.end();
        if (size == 0 || first == 0) {
            throw new BadCommand("Batches are counted from 1");
        }
        if (last < first) {
            throw new BadCommand("CLIENTBUG", "The last batch stands before the first");
        }
        return new UidBatchesCommand(size, first, last);
    }

    @Override
    public Reply run(Authenticated session, SelectedMailbox selected, Responses out) throws IOException {
        if (size < SMALLEST) {
            throw new No("TOOFEW", "A batch has at least " + SMALLEST + " messages");
        }
        session.dialogue().announcer().refresh();
        out.ascii("* UIDBATCHES (TAG ").string(session.dialogue().tag()).put(')');
        long batches = (selected.count() + size - 1) / size;
        for (long batch = first; batch <= Math.min(last, batches); batch++) {
            long above = selected.count() - (batch - 1) * size;
            long high = batch == 1 ? selected.uid((int) above - 1) : selected.uid((int) above) - 1;
            long low = batch == batches ? 1 : selected.uid((int) (above - size));
            out.ascii(batch == first ? " " : ",").number(high).put(':').number(low);
        }
        out.crlf();
        return Reply.COMPLETED;
    }
}
