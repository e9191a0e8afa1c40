package org.pintail.auth;

import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import org.pintail.dns.Dns;
import org.pintail.dns.DnsAnswer;
import org.pintail.dns.DnsType;

/// The DNS as far as one message may use it up.
final class BoundedDns implements Dns {
    private final Dns dns;
    private final InstantSource clock;
    private final Instant deadline;
    private int left;

    BoundedDns(Dns dns, InstantSource clock, int questions, Duration time) {
        this.dns = dns;
        this.clock = clock;
        this.deadline = clock.instant().plus(time);
        this.left = questions;
    }

    @Override
    public <T> DnsAnswer<T> ask(String name, DnsType<T> type) {
        if (--left < 0) {
            return DnsAnswer.temporary(name, "too many questions for one message");
        }
        return clock.instant().isAfter(deadline) ? DnsAnswer.temporary(name, "out of time") : dns.ask(name, type);
    }
}
