package org.pintail.redis;

import io.lettuce.core.ScriptOutputType;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.pintail.backend.DocumentJobs;
import org.pintail.backend.Documents;
import org.pintail.backend.Events;
import org.pintail.backend.Jobs;
import org.pintail.backend.ObjectId;
import org.pintail.backend.Signals;
import org.pintail.backend.StoreException;

/// A sorted set of ids by the time they are due, one of those set aside, a hash per job. Times are those of Redis. What is added while Redis
/// is away is kept in the store, and claimed from there by whoever looks for work.
final class RedisJobs implements Jobs {
    private static final int FIELDS = 6;
    private static final String OURS = "redis:";
    private final RedisLink link;
    private final Signals signals;
    private final DocumentJobs meanwhile;

    RedisJobs(RedisLink link, Signals signals, Documents documents, Clock clock) {
        this.link = link;
        this.signals = signals;
        this.meanwhile = new DocumentJobs(documents, signals, clock);
    }

    private static String due(String queue) {
        return "pintail:jobs:" + queue + ":due";
    }

    private static String aside(String queue) {
        return "pintail:jobs:" + queue + ":dead";
    }

    private static String prefix(String queue) {
        return "pintail:jobs:" + queue + ":job:";
    }

    @Override
    public String add(NewJob job) {
        var id = ObjectId.next().hex();
        try {
            link.run(
                    Script.JOB_ADD, ScriptOutputType.INTEGER, List.of(due(job.queue()), prefix(job.queue()) + id), id, job.body(),
                    Integer.toString(job.attempts()), Long.toString(job.delay().toMillis()));
        } catch (RedisAway away) {
            return meanwhile.add(job);
        }
        signals.send("jobs:" + job.queue(), id);
        return id;
    }

    @Override
    public List<Job> claim(String queue, Duration lease, int most) {
        var jobs = new ArrayList<Job>();
        try {
            List<String> claimed = link.run(
                    Script.JOB_CLAIM, ScriptOutputType.MULTI, List.of(due(queue), aside(queue)), prefix(queue),
                    Long.toString(lease.toMillis()), Integer.toString(most), OURS + ObjectId.next().hex());
            jobs.addAll(jobs(queue, claimed));
        } catch (RedisAway away) {
            // the store may have some
        }
        if (jobs.size() < most) {
            jobs.addAll(meanwhile.claim(queue, lease, most - jobs.size()));
        }
        return jobs;
    }

    private static List<Job> jobs(String queue, List<String> fields) {
        var jobs = new ArrayList<Job>();
        for (int i = 0; i + FIELDS <= fields.size(); i += FIELDS) {
            jobs.add(new Job(
                    queue, fields.get(i), fields.get(i + 1), Integer.parseInt(fields.get(i + 2)), Integer.parseInt(fields.get(i + 3)),
                    fields.get(i + 4), fields.get(i + 5)));
        }
        return jobs;
    }

    private static StoreException.Unavailable unavailable(RedisAway why) {
        return new StoreException.Unavailable("jobs are not available, redis is away", why);
    }

    private String settle(Job claimed, String how, Duration time, String error) {
        try {
            return link.run(
                    Script.JOB_SETTLE, ScriptOutputType.VALUE,
                    List.of(prefix(claimed.queue()) + claimed.id(), due(claimed.queue()), aside(claimed.queue())),
                    claimed.id(), claimed.lease(), how, Long.toString(time.toMillis()), error);
        } catch (RedisAway away) {
            throw unavailable(away);
        }
    }

    private static boolean ours(Job claimed) {
        return claimed.lease().startsWith(OURS);
    }

    @Override
    public boolean extend(Job claimed, Duration lease) {
        return ours(claimed) ? settle(claimed, "extend", lease, "").equals("DONE") : meanwhile.extend(claimed, lease);
    }

    @Override
    public boolean done(Job claimed) {
        return ours(claimed) ? settle(claimed, "done", Duration.ZERO, "").equals("DONE") : meanwhile.done(claimed);
    }

    @Override
    public Outcome failed(Job claimed, Duration delay, String error) {
        if (!ours(claimed)) {
            return meanwhile.failed(claimed, delay, error);
        }
        var kept = error.length() > ERROR_LENGTH ? error.substring(0, ERROR_LENGTH) : error;
        return Outcome.valueOf(settle(claimed, "failed", delay, kept));
    }

    @Override
    public List<Job> dead(String queue, int most) {
        var jobs = new ArrayList<Job>();
        try {
            List<String> dead = link.run(
                    Script.JOB_DEAD, ScriptOutputType.MULTI, List.of(aside(queue)), prefix(queue), Integer.toString(most));
            jobs.addAll(jobs(queue, dead));
        } catch (RedisAway away) {
            throw unavailable(away);
        }
        jobs.addAll(meanwhile.dead(queue, Math.max(0, most - jobs.size())));
        return jobs;
    }

    @Override
    public boolean revive(String queue, String id) {
        boolean revived = aside(queue, id, "revive");
        if (revived) {
            signals.send("jobs:" + queue, id);
        }
        return revived || meanwhile.revive(queue, id);
    }

    @Override
    public boolean discard(String queue, String id) {
        return aside(queue, id, "discard") || meanwhile.discard(queue, id);
    }

    private boolean aside(String queue, String id, String how) {
        try {
            Long changed = link.run(
                    Script.JOB_ASIDE, ScriptOutputType.INTEGER, List.of(prefix(queue) + id, due(queue), aside(queue)), id, how);
            return changed == 1;
        } catch (RedisAway away) {
            throw unavailable(away);
        }
    }

    @Override
    public long waiting(String queue) {
        try {
            return link.call(c -> c.zcard(due(queue))) + meanwhile.waiting(queue);
        } catch (RedisAway away) {
            throw unavailable(away);
        }
    }

    @Override
    public Events.Watch watch(String queue, Runnable wake) {
        return meanwhile.watch(queue, wake);
    }
}
