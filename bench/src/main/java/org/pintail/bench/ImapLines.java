package org.pintail.bench;

import java.io.IOException;
import java.util.List;
import java.util.regex.Pattern;

/// The lines of a table, measured one after the other: wall time and CPU of each contestant, in milliseconds.
record ImapLines(Options options, List<Peer> peers, Table table) {
    ImapLines {
        peers = List.copyOf(peers);
    }

    boolean wants(String title) {
        return Pattern.compile(options.lines()).matcher(title).find();
    }

    /// A line that was not asked for is not measured. `before`: how often each contestant does it before that counts.
    void line(String title, int before, Pairs.Run run) throws IOException {
        if (!wants(title)) {
            return;
        }
        var pairs = Pairs.measure(peers, before, options.rounds(), run);
        table.row(
                title,
                pairs.pintail("%.4f", Sample::millisEach),
                pairs.peer("%.4f", Sample::millisEach),
                pairs.ratio(Sample::millisEach),
                pairs.pintail("%.4f", Sample::cpuMillisEach),
                pairs.peer("%.4f", Sample::cpuMillisEach),
                pairs.ratio(Sample::cpuMillisEach));
    }
}
