package org.pintail.rocksdb;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.pintail.backend.Mailbox;
import org.pintail.backend.MailboxChanges;
import org.pintail.backend.MailboxChanges.Expunged;
import org.pintail.backend.MailboxId;
import org.pintail.backend.MessageRow;
import org.pintail.backend.NewFlags;

/// The last steps of the mailboxes that somebody looks at, in memory: whoever has read a mailbox learns here what happened since, and not by four scans
/// of the index. A step that nobody has noted leaves a gap between the modseqs, and what was before a gap is not known here.
final class RecentSteps {
    /// Messages in the steps of one mailbox, and of all: some 250 bytes for each.
    private static final int MOST = 10_000;

    private static final int MOST_TOGETHER = 40_000;
    private static final int MAILBOXES = 2_000;

    private final Map<MailboxId, Log> logs = new LinkedHashMap<>(16, 0.75f, true);
    private int together;

    /// What one operation did: from the mailbox with the modseq `before` to that with `after`.
    record Step(long before, long after, List<MessageRow> came, List<NewFlags> flagged, List<Expunged> gone) {
        static Step came(List<MessageRow> rows) {
            return new Step(rows.getFirst().modSeq() - 1, rows.getLast().modSeq(), rows, List.of(), List.of());
        }

        static Step flagged(List<NewFlags> flags) {
            long modSeq = flags.getFirst().modSeq();
            return new Step(modSeq - 1, modSeq, List.of(), flags, List.of());
        }

        static Step gone(List<Long> uids, long modSeq) {
            return new Step(modSeq - 1, modSeq, List.of(), List.of(), uids.stream().map(uid -> new Expunged(uid, modSeq)).toList());
        }

        int messages() {
            return came.size() + flagged.size() + gone.size();
        }
    }

    /// Steps that follow each other without a gap.
    private static final class Log {
        private final ArrayDeque<Step> steps = new ArrayDeque<>();
        private int messages;

        void add(Step step) {
            if (!steps.isEmpty() && steps.getLast().after() != step.before()) {
                clear();
            }
            steps.add(step);
            messages += step.messages();
            while (messages > MOST) {
                messages -= steps.removeFirst().messages();
            }
        }

        private void clear() {
            steps.clear();
            messages = 0;
        }

        boolean reaches(long since, long now) {
            return !steps.isEmpty() && steps.getFirst().before() <= since && steps.getLast().after() == now;
        }
    }

    /// From now on the steps of this mailbox are kept.
    synchronized void follow(MailboxId mailbox) {
        logs.computeIfAbsent(mailbox, _ -> new Log());
        forgetSome();
    }

    /// Notes a step once it is written.
    void note(Txn txn, MailboxId mailbox, Step step) {
        txn.afterwards(durable -> {
            if (durable) {
                add(mailbox, step);
            }
        });
    }

    private synchronized void add(MailboxId mailbox, Step step) {
        var log = logs.get(mailbox);
        if (log == null) {
            return;
        }
        together -= log.messages;
        log.add(step);
        together += log.messages;
        forgetSome();
    }

    /// Those that nobody has asked for and in which nothing has happened for the longest time.
    private void forgetSome() {
        var eldest = logs.values().iterator();
        while ((together > MOST_TOGETHER || logs.size() > MAILBOXES) && eldest.hasNext()) {
            together -= eldest.next().messages;
            eldest.remove();
        }
    }

    /// What happened after `since` in a mailbox that is like `now`; empty where that is not known.
    Optional<MailboxChanges> since(Mailbox now, long since) {
        List<Step> steps;
        synchronized (this) {
            var log = logs.get(now.id());
            if (log == null || !log.reaches(since, now.highestModSeq())) {
                return Optional.empty();
            }
            steps = log.steps.stream().filter(step -> step.after() > since).toList();
        }
        return Optional.of(together(steps, now, since));
    }

    private static MailboxChanges together(List<Step> steps, Mailbox now, long since) {
        Map<Long, MessageRow> came = new HashMap<>();
        Map<Long, NewFlags> flagged = new HashMap<>();
        var gone = new ArrayList<Expunged>();
        for (var step : steps) {
            step.came().stream().filter(row -> row.modSeq() > since).forEach(row -> came.put(row.uid(), row));
            for (var flags : step.flagged()) {
                var row = came.computeIfPresent(flags.uid(), (_, r) -> Rows.flagged(r, flags.modSeq(), flags.flags()));
                if (row == null) {
                    flagged.put(flags.uid(), flags);
                }
            }
            for (var expunged : step.gone()) {
                came.remove(expunged.uid());
                flagged.remove(expunged.uid());
                gone.add(expunged);
            }
        }
        gone.sort(Comparator.comparingLong(Expunged::uid));
        return new MailboxChanges(
                now.highestModSeq(),
                now.uidNext(),
                came.values().stream().sorted(Comparator.comparingLong(MessageRow::uid)).toList(),
                flagged.values().stream().sorted(Comparator.comparingLong(NewFlags::uid)).toList(),
                gone);
    }
}
