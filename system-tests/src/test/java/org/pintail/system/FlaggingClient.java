package org.pintail.system;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.TreeSet;

/// An IMAP client that sets and clears `\Flagged` of what is in INBOX as fast as it can, and remembers what was answered with OK. Nobody else
/// changes these flags.
final class FlaggingClient {
    private static final int MOST_AT_ONCE = 600; // more than two blocks of the embedded store
    private final String login;
    private Set<Long> flagged = new TreeSet<>();
    private Set<Long> begun = new TreeSet<>(); // as it would be with the STORE that was not answered
    private String refused = "";
    private int answered;

    FlaggingClient(String login) {
        this.login = login;
    }

    /// How many STOREs were answered.
    int answered() {
        return answered;
    }

    /// Until the server is gone.
    void run(InetSocketAddress server, Random random) {
        try (var client = new LineClient(server)) {
            client.read();
            client.imap("LOGIN " + login);
            client.imap("SELECT INBOX");
            var uids = uids(client);
            while (!uids.isEmpty()) {
                store(client, uids, random);
            }
        } catch (IOException killed) {
            return;
        }
    }

    private static List<Long> uids(LineClient client) throws IOException {
        var uids = new ArrayList<Long>();
        for (var line : client.imap("UID SEARCH ALL")) {
            if (line.startsWith("* SEARCH ")) {
                for (var uid : line.substring("* SEARCH ".length()).split(" ")) {
                    uids.add(Long.parseLong(uid));
                }
            }
        }
        return uids;
    }

    private void store(LineClient client, List<Long> uids, Random random) throws IOException {
        int from = random.nextInt(uids.size());
        int to = Math.min(uids.size(), from + 1 + random.nextInt(random.nextBoolean() ? 3 : MOST_AT_ONCE));
        boolean on = random.nextBoolean();
        var after = new TreeSet<>(flagged);
        if (on) {
            after.addAll(uids.subList(from, to));
        } else {
            after.removeAll(new HashSet<>(uids.subList(from, to)));
        }
        begun = after;
        var answer = client.imap("UID STORE " + uids.get(from) + ":" + uids.get(to - 1) + (on ? " +" : " -") + "FLAGS.SILENT (\\Flagged)").getLast();
        if (!answer.startsWith("x OK")) {
            refused = answer;
            throw new IOException(answer);
        }
        flagged = after;
        answered++;
    }

    /// `found` is what is flagged now: what was answered, and of the last STORE all or nothing.
    void compare(Set<Long> found, String what) {
        assertThat(refused).as(what).isEmpty();
        assertThat(found).as("%s: what is flagged", what).isIn(flagged, begun);
        flagged = new TreeSet<>(found);
        begun = flagged;
    }
}
