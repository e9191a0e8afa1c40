package org.pintail.imap;

import java.io.IOException;
import org.pintail.imap.wire.ImapReader;
import org.pintail.imap.wire.No;
import org.pintail.imap.wire.Responses;

/// COMPRESS — RFC 4978. The tagged OK is the last thing that is not compressed.
///
///     compress = "COMPRESS" SP "DEFLATE"
record CompressCommand(String algorithm) implements Command.InAuthenticated {
    static CompressCommand parse(ImapReader in) {
        in.sp();
        var algorithm = in.atom();
        in.end();
        return new CompressCommand(algorithm);
    }

    @Override
    public Reply run(Authenticated session, Responses out) throws IOException {
        var connection = session.dialogue().connection();
        if (connection.compressed()) {
            throw new No("COMPRESSIONACTIVE", "DEFLATE is active already");
        }
        if (!algorithm.equalsIgnoreCase("DEFLATE")) {
            throw new No("Only DEFLATE is known");
        }
        session.dialogue().taggedOk("DEFLATE active");
        out.flush();
        connection.compress();
        return Reply.SENT;
    }
}
