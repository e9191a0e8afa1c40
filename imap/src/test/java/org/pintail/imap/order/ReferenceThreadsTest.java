package org.pintail.imap.order;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Assertions;
import org.junit.jupiter.api.Test;
import org.pintail.backend.Mailbox;
import org.pintail.backend.Samples;
import org.pintail.backend.memory.MemoryStore;
import org.pintail.imap.envelope.SubjectKey;
import org.pintail.imap.view.Columns;

/// What the transcript of THREAD cannot show: odd references.
class ReferenceThreadsTest {
    private final MemoryStore store = new MemoryStore(java.time.Clock.systemUTC());
    private final Mailbox inbox = Samples.inbox(store);
    private final ReferenceThreads threads = new ReferenceThreads();
    private int messages;

    private Columns columns() {
        if (store.messages().rows(inbox.id()).isEmpty()) {
            store.messages().append(List.of(Samples.message(inbox, "Subject: x\r\n\r\n")));
        }
        return Columns.of(store.messages().rows(inbox.id()), 1, 2);
    }

    private void add(Columns columns, String id, String subject, String... references) {
        var node = threads.place(id).fill(messages++, columns, 0, SubjectKey.of(subject));
        threads.link(node, List.of(references));
    }

    private static String shown(List<ThreadNode> nodes) {
        var out = new StringBuilder();
        for (var node : nodes) {
            out.append('(').append(node.isDummy() ? "?" : Integer.toString(node.index())).append(shown(node.children())).append(')');
        }
        return out.toString();
    }

    @Test
    void loopsAreNotClosed() {
        var columns = columns();
        add(columns, "a", "one", "b");
        add(columns, "b", "two", "a");
        add(columns, "c", "three", "c", "c");
        assertThat(shown(threads.references())).isEqualTo("(1(0))(2)");
    }

    @Test
    void theSecondMessageOfAnIdStandsForItself() {
        var columns = columns();
        add(columns, "a", "one");
        add(columns, "a", "two");
        add(columns, "", "three");
        add(columns, "", "four", "a");
        assertThat(shown(threads.references())).isEqualTo("(0(3))(1)(2)");
    }

    @Test
    void whatWasReferredToTakesItsPlaceLater() {
        var columns = columns();
        add(columns, "c", "Re: one", "a", "b");
        add(columns, "d", "Re: one", "a", "b");
        add(columns, "b", "Re: one", "a");
        assertThat(shown(threads.references())).isEqualTo("(2(0)(1))");
    }

    @Test
    void deepThreadsAndWideOnesEnd() {
        var columns = columns();
        int depth = 50_000;
        for (int i = 0; i < depth; i++) {
            add(columns, "m" + i, "same", i == 0 ? "root" : "m" + (i - 1));
        }
        for (int i = 0; i < depth; i++) {
            add(columns, "w" + i, "Re: other", "wide");
        }
        var roots = Assertions.assertTimeout(Duration.ofSeconds(10), threads::references);
        assertThat(roots).hasSize(2);
        assertThat(count(roots)).isEqualTo(2 * depth);
    }

    @Test
    void everyMessageIsThereOnceWhateverRefersToWhat() {
        long seed = System.nanoTime();
        var random = new Random(seed);
        var columns = columns();
        for (int i = 0; i < 2000; i++) {
            var references = new ArrayList<String>();
            for (int n = random.nextInt(4); n > 0; n--) {
                references.add("m" + random.nextInt(300));
            }
            add(columns, random.nextInt(10) == 0 ? "" : "m" + random.nextInt(300), "s" + random.nextInt(20), references.toArray(String[]::new));
        }
        assertThat(count(threads.references())).as("seed " + seed).isEqualTo(2000);
    }

    private static int count(List<ThreadNode> roots) {
        var seen = new HashSet<Integer>();
        var all = new ArrayList<>(roots);
        for (int i = 0; i < all.size(); i++) {
            var node = all.get(i);
            all.addAll(node.children());
            if (!node.isDummy()) {
                assertThat(seen.add(node.index())).isTrue();
            }
        }
        return seen.size();
    }
}
