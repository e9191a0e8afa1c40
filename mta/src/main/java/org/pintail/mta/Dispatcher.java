package org.pintail.mta;

import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import javax.net.ssl.X509TrustManager;
import org.jspecify.annotations.Nullable;
import org.pintail.backend.Events;
import org.pintail.backend.QueueRow;
import org.pintail.backend.StoreException;
import org.pintail.dns.Dns;
import org.pintail.mail.DkimKeys;
import org.pintail.mail.Mail;
import org.pintail.srs.Srs;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Claims due rows of the queue and delivers them: to local accounts without leaving, to `route`, or to MX hosts.
public final class Dispatcher implements AutoCloseable {
    /// The signal that rows became due, sent by whichever node put them there.
    public static final String TOPIC = "queue";

    private static final Logger LOG = LoggerFactory.getLogger(Dispatcher.class);
    private static final Duration LONGEST_NAP = Duration.ofSeconds(30);
    private static final Duration AFTER_FAILURE = Duration.ofSeconds(1);
    private static final int CLAIMED_AT_ONCE = 100;
    private final Mail mail;
    private final Outbox outbox;
    private final MtaSettings settings;
    private final RemoteDelivery remote;
    private final DeliveryTask task;
    private final Leases leases;
    private final Semaphore slots;
    private final Semaphore wakes = new Semaphore(0);
    private final ConcurrentHashMap<String, Integer> running = new ConcurrentHashMap<>();
    private volatile boolean closing;
    private @Nullable Thread thread;
    private Events.@Nullable Watch watch;
    private Events.@Nullable Watch watchOthers;

    /// What mail meets on its way out.
    ///
    /// @param keys to sign with
    /// @param srs return paths of forwarded mail; null: they stay
    /// @param sts MTA-STS policies; null: none is asked for
    /// @param dane TLSA records are asked for
    /// @param authorities who signs certificates of MX hosts
    /// @param results TLS sessions for reports
    public record Outward(
            Dns dns, DkimKeys keys, @Nullable Srs srs, @Nullable StsPolicies sts, boolean dane, X509TrustManager authorities, TlsResults results) {}

    public Dispatcher(Mail mail, Outbox outbox, MtaSettings settings, Outward outward) {
        this(mail, outbox, settings, outward, new DnsMxResolver(outward.dns()));
    }

    Dispatcher(Mail mail, Outbox outbox, MtaSettings settings, Outward outward, MxResolver resolver) {
        this.mail = mail;
        this.outbox = outbox;
        this.settings = settings;
        var security = new TransportSecurity(
                outward.dns(),
                new TransportSecurity.Settings(outward.dane(), outward.authorities()),
                outward.sts(),
                outward.results(),
                mail.clock());
        this.remote = new RemoteDelivery(settings, resolver, security, outward.results());
        this.task = new DeliveryTask(mail, outbox, settings, remote, outward.srs(), new MessageSigner(outward.keys(), mail.clock()));
        this.leases = new Leases(outbox.queue(), mail.clock());
        this.slots = new Semaphore(settings.connections());
    }

    public void start() {
        watch = outbox.queue().watch(this::wake);
        watchOthers = mail.store().cluster().signals().watch(TOPIC, _ -> wake());
        thread = Thread.ofVirtual().name("dispatcher").start(this::loop);
    }

    private void wake() {
        if (wakes.availablePermits() == 0) {
            wakes.release();
        }
    }

    private void loop() {
        while (!closing) {
            try {
                if (!dispatch()) {
                    nap();
                }
            } catch (StoreException e) {
                LOG.warn("queue not available, tried again error={}", e.toString());
                await(AFTER_FAILURE);
            } catch (RuntimeException e) {
                LOG.error("dispatching failed, tried again", e);
                await(AFTER_FAILURE);
            }
        }
    }

    /// Starts what is due and fits; false when there was nothing.
    private boolean dispatch() {
        slots.acquireUninterruptibly();
        slots.release(); // at least one slot is free now
        int free = Math.max(1, slots.availablePermits());
        var rows = outbox.queue().claim(Outbox.ZONE, mail.clock().instant(), Lease.LENGTH, busyDomains(), Math.min(CLAIMED_AT_ONCE, free * 2));
        var jobs = group(rows).stream().map(job -> new Job(job, leases.begin(job))).toList(); // those that wait for a slot as well
        for (var job : jobs) {
            slots.acquireUninterruptibly();
            running.merge(job.domain(), 1, Integer::sum);
            Thread.ofVirtual().name("delivery-" + job.id()).start(() -> run(job));
        }
        return !rows.isEmpty();
    }

    /// Rows of one message for one domain.
    private record Job(List<QueueRow> rows, Lease lease) {
        String id() {
            return rows.getFirst().id();
        }

        String domain() {
            return rows.getFirst().domain();
        }
    }

    /// Domains that have as many deliveries as they may. With a route there is one destination, bounded by the slots alone.
    private Set<String> busyDomains() {
        var busy = new HashSet<String>();
        if (settings.route() == null) {
            running.forEach((domain, count) -> {
                if (count >= settings.perDomain()) {
                    busy.add(domain);
                }
            });
        }
        return busy;
    }

    /// Rows of one message for one domain go together.
    private static List<List<QueueRow>> group(List<QueueRow> rows) {
        Map<String, List<QueueRow>> jobs = new LinkedHashMap<>();
        for (var row : rows) {
            jobs.computeIfAbsent(row.id() + " " + row.domain(), _ -> new ArrayList<>()).add(row);
        }
        return List.copyOf(jobs.values());
    }

    private void run(Job job) {
        try {
            task.run(job.rows(), job.lease());
        } catch (RuntimeException e) {
            // the lease ends and the rows come back; nothing is lost
            LOG.error("delivery failed queue={} domain={}", job.id(), job.domain(), e);
        } finally {
            leases.end(job.lease());
            running.computeIfPresent(job.domain(), (_, n) -> n > 1 ? n - 1 : null);
            slots.release();
            if (settings.route() == null) {
                wake(); // a domain may take more again
            }
        }
    }

    private void nap() {
        var now = mail.clock().instant();
        var next = outbox.queue().nextDue(Outbox.ZONE);
        var nap = next.map(due -> Duration.between(now, due)).filter(d -> d.compareTo(LONGEST_NAP) < 0).orElse(LONGEST_NAP);
        boolean blocked = nap.isNegative() || nap.isZero(); // due, but its domain is busy
        await(blocked ? AFTER_FAILURE : nap.plusMillis(1));
        remote.sweep();
    }

    private void await(Duration atMost) {
        try {
            if (wakes.tryAcquire(atMost.toMillis(), TimeUnit.MILLISECONDS)) {
                wakes.drainPermits();
            }
        } catch (InterruptedException e) {
            closing = true;
        }
    }

    /// Takes no more work and waits for running deliveries.
    @Override
    public void close() {
        closing = true;
        if (watch != null) {
            watch.close();
        }
        if (watchOthers != null) {
            watchOthers.close();
        }
        wake();
        if (thread != null) {
            try {
                thread.join();
                if (!slots.tryAcquire(settings.connections(), LONGEST_NAP.toSeconds(), TimeUnit.SECONDS)) {
                    LOG.warn("deliveries still running at shutdown; their rows come back when the lease ends");
                }
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
        }
        leases.close();
        remote.close();
    }
}
