package org.pintail.backend;

import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;
import org.pintail.backend.Collection.Index;

/// [Jobs] in documents, as durable as they are. A job is due at `due`; who claims it moves that to the end of his lease, so that it is due again
/// when he does not come back. Times are those of the node that writes them: clocks that differ make a lease shorter, never a job lost.
public final class DocumentJobs implements Jobs {
    public static final Collection JOBS = new Collection(
            "jobs", List.of(Index.on("jobs_due", "queue", "dead", "due"), Index.expiry("expires")));

    /// What is done is deleted at once; where the node dies in between, it goes after this time.
    private static final Duration LEFT_BEHIND = Duration.ofHours(1);

    private static final String ENDED = "ended";
    private final Documents documents;
    private final Signals signals;
    private final Clock clock;

    public DocumentJobs(Documents documents, Signals signals, Clock clock) {
        this.documents = documents;
        this.signals = signals;
        this.clock = clock;
    }

    @Override
    public String add(NewJob job) {
        var now = clock.instant();
        var id = ObjectId.at(now);
        documents.insert(
                JOBS,
                Document.of(
                        "_id", id, "queue", job.queue(), "body", job.body(), "attempt", 0, "attempts", job.attempts(), "dead", false,
                        "due", now.plus(job.delay()), "lease", "", "error", "", "created", now));
        signals.send(topic(job.queue()), id.hex());
        return id.hex();
    }

    private static String topic(String queue) {
        return "jobs:" + queue;
    }

    @Override
    public List<Job> claim(String queue, Duration lease, int most) {
        var now = clock.instant();
        var claimed = new ArrayList<Job>();
        Documents.@Nullable Place after = null;
        while (claimed.size() < most) {
            var page = documents.list(JOBS, "jobs_due", List.of(queue, false), after, true, most);
            for (var found : page) {
                if (due(found).isAfter(now) || claimed.size() == most) {
                    return claimed;
                }
                claim(found, now, lease).ifPresent(claimed::add);
            }
            if (page.size() < most) {
                break;
            }
            after = new Documents.Place(List.of(due(page.getLast())), page.getLast().id());
        }
        return claimed;
    }

    private static Instant due(Document job) {
        return job.instant("due").orElse(Instant.MIN);
    }

    /// Empty when another was faster, or when its last holder never came back and no attempt is left.
    private Optional<Job> claim(Document found, Instant now, Duration lease) {
        var token = ObjectId.next().hex();
        var changed = documents.update(JOBS, found.id(), d -> {
            if (d.bool("dead") || due(d).isAfter(now)) {
                return d;
            }
            return d.number("attempt") >= d.number("attempts")
                    ? d.with(Document.of("dead", true, "lease", "", "error", lostText(d)))
                    : d.with(Document.of("attempt", d.number("attempt") + 1, "lease", token, "due", now.plus(lease)));
        });
        return changed.filter(d -> d.string("lease", "").equals(token)).map(DocumentJobs::job);
    }

    private static String lostText(Document job) {
        var last = job.string("error", "");
        return last.isEmpty() ? "the last attempt never ended" : last;
    }

    private static Job job(Document d) {
        return new Job(
                d.string("queue", ""), d.id().hex(), d.string("body", ""), (int) d.number("attempt"), (int) d.number("attempts"),
                d.string("lease", ""), d.string("error", ""));
    }

    @Override
    public boolean extend(Job claimed, Duration lease) {
        return change(claimed, d -> d.with("due", clock.instant().plus(lease))).isPresent();
    }

    @Override
    public boolean done(Job claimed) {
        // taken out of everybody's reach first: an unconditional delete could take the job of its next holder
        var ended = change(claimed, this::ended);
        return ended.isPresent() && documents.delete(JOBS, ended.get().id());
    }

    @Override
    public Outcome failed(Job claimed, Duration delay, String error) {
        var kept = error.length() > ERROR_LENGTH ? error.substring(0, ERROR_LENGTH) : error;
        var after = change(claimed, d -> d.with(Document.of(
                "dead", d.number("attempt") >= d.number("attempts"), "due", clock.instant().plus(delay), "lease", "", "error", kept)));
        if (after.isEmpty()) {
            return Outcome.LOST;
        }
        return after.get().bool("dead") ? Outcome.DEAD : Outcome.AGAIN;
    }

    /// Changes a job whose lease the caller has; empty when he has not.
    private Optional<Document> change(Job claimed, UnaryOperator<Document> change) {
        var id = ObjectId.parse(claimed.id());
        var mine = new boolean[1];
        var after = id.flatMap(i -> documents.update(JOBS, i, d -> {
            mine[0] = !d.bool("dead") && !claimed.lease().isEmpty() && d.string("lease", "").equals(claimed.lease());
            return mine[0] ? change.apply(d) : d;
        }));
        return mine[0] ? after : Optional.empty();
    }

    @Override
    public List<Job> dead(String queue, int most) {
        var jobs = new ArrayList<Job>();
        for (var d : documents.list(JOBS, "jobs_due", List.of(queue, true), null, true, most)) {
            if (!d.string("lease", "").equals(ENDED)) {
                jobs.add(job(d));
            }
        }
        return jobs;
    }

    @Override
    public boolean revive(String queue, String id) {
        boolean revived = aside(id, d -> d.with(Document.of("dead", false, "attempt", 0, "due", clock.instant())));
        if (revived) {
            signals.send(topic(queue), id);
        }
        return revived;
    }

    @Override
    public boolean discard(String queue, String id) {
        boolean aside = aside(id, this::ended);
        return aside && documents.delete(JOBS, ObjectId.of(id));
    }

    private Document ended(Document job) {
        return job.with(Document.of("dead", true, "lease", ENDED, "expires", clock.instant().plus(LEFT_BEHIND)));
    }

    private boolean aside(String id, UnaryOperator<Document> change) {
        var was = new boolean[1];
        var found = ObjectId.parse(id).flatMap(i -> documents.update(JOBS, i, d -> {
            was[0] = d.bool("dead") && d.string("lease", "").isEmpty();
            return was[0] ? change.apply(d) : d;
        }));
        return found.isPresent() && was[0];
    }

    @Override
    public long waiting(String queue) {
        return documents.count(JOBS, "jobs_due", List.of(queue, false));
    }

    @Override
    public Events.Watch watch(String queue, Runnable wake) {
        return signals.watch(topic(queue), _ -> wake.run());
    }
}
