package org.pintail.push;

import java.time.Duration;
import org.pintail.backend.AccountId;
import org.pintail.backend.Counters;
import org.pintail.backend.Jobs;
import org.pintail.backend.Jobs.NewJob;
import org.pintail.backend.MailboxId;
import org.pintail.backend.StoreException;
import org.pintail.mail.Mail;
import org.pintail.mail.Mailstore;
import org.pintail.mail.PushDevices;
import org.pintail.mail.PushDevices.Device;
import org.pintail.mail.Right;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Has devices woken when messages come into mailboxes they asked for: puts a job into the queue, which any node with [PushSender] does. A device is
/// woken at once, and for what comes within [#PAUSE] after that once more.
public final class ApplePush implements Mailstore.Arrivals {
    static final String QUEUE = "applepush";

    private static final Logger LOG = LoggerFactory.getLogger(ApplePush.class);
    private static final Duration PAUSE = Duration.ofSeconds(5);
    private static final int ATTEMPTS = 8; // with the waits between them some ten minutes
    private final Mail mail;
    private final PushDevices devices;
    private final Counters counters;
    private final Jobs jobs;
    private final String topic;

    /// `topic`: what Apple's certificate is for, `com.apple.mail.XServer.` and a UUID. Devices are told, and listen for it.
    public ApplePush(Mail mail, String topic) {
        this.mail = mail;
        this.devices = mail.pushDevices();
        this.counters = mail.store().counters();
        this.jobs = mail.store().jobs();
        this.topic = topic;
    }

    public String topic() {
        return topic;
    }

    /// On a thread of its own: nobody's message waits for this.
    @Override
    public void came(AccountId owner, MailboxId mailbox) {
        Thread.ofVirtual().name("push-" + mailbox).start(() -> {
            try {
                wakeAll(owner, mailbox);
            } catch (StoreException e) {
                LOG.warn("devices not woken mailbox={} error={}", mailbox, e.toString());
            }
        });
    }

    private void wakeAll(AccountId owner, MailboxId mailbox) {
        for (var device : devices.of(mailbox)) {
            if (device.account().equals(owner) || mayStillRead(device, mailbox)) {
                wake(device);
            }
        }
    }

    /// A mailbox of somebody else, which the device's account could read when it asked.
    private boolean mayStillRead(Device device, MailboxId mailbox) {
        var shared = mail.store().mailboxes().find(mailbox);
        var account = mail.accounts().find(device.account());
        return shared.isPresent() && account.isPresent() && mail.sharing().rights(shared.get(), account.get()).has(Right.READ);
    }

    private void wake(Device device) {
        var id = device.id().hex();
        var first = counters.add("push:" + id, 1, 1, PAUSE);
        if (first.allowed()) {
            jobs.add(new NewJob(QUEUE, id, ATTEMPTS, Duration.ZERO));
        } else if (counters.add("push-again:" + id, 1, 1, first.left()).allowed()) {
            jobs.add(new NewJob(QUEUE, id, ATTEMPTS, first.left()));
        }
    }
}
