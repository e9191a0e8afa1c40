package org.pintail.mongodb;

import java.time.Duration;
import org.pintail.backend.Events;
import org.pintail.backend.MailboxId;
import org.pintail.backend.ObjectId;
import org.pintail.backend.Signals;

/// What processes tell each other about the ends of mailboxes, so that each plans its next message for what is there now. It may be late,
/// lost or wrong: a step begins only if its plan holds. Nothing is said while nobody else adds to the mailboxes that this process adds to.
final class Hearsay implements AutoCloseable {
    private static final String TOPIC = "mailbox-ends";
    private static final Duration COMPANY = Duration.ofMinutes(1);
    private static final int WORDS = 3;
    private final Signals signals;
    private final Events.Watch watch;
    private volatile boolean met;
    private volatile long lastMet;

    /// Who is told what others say.
    interface Listener {
        void heard(MailboxId mailbox, long uidNext, long modSeq);
    }

    Hearsay(Signals signals, Listener listener) {
        this.signals = signals;
        this.watch = signals.watch(TOPIC, word -> heard(word, listener));
    }

    private static void heard(String word, Listener listener) {
        var words = word.split(" ", -1);
        if (words.length == WORDS) {
            ObjectId.parse(words[0])
                    .ifPresent(id -> listener.heard(new MailboxId(id), Long.parseLong(words[1]), Long.parseLong(words[2])));
        }
    }

    /// Somebody else was faster.
    void meet() {
        lastMet = System.nanoTime();
        met = true;
    }

    /// Tells the others, if there were any lately. Does not block.
    void say(Box box) {
        if (met && System.nanoTime() - lastMet < COMPANY.toNanos()) {
            signals.send(TOPIC, box.id().value().hex() + " " + box.uidNext() + " " + box.modSeq());
        }
    }

    @Override
    public void close() {
        watch.close();
    }
}
