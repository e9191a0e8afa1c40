package org.pintail.redis;

import java.time.Duration;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Consumer;
import org.pintail.backend.AccountId;
import org.pintail.backend.Events;
import org.pintail.backend.ObjectId;
import org.pintail.backend.Wakes;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.json.JsonMapper;

/// Beacons of accounts, in WildDuck's channel and form. Watchers on this node are woken directly and hear the others through Redis. The journal is
/// the truth and a beacon only says when to look: every watcher is also woken now and then, more often while Redis is away, and soon
/// after it came back.
final class RedisEvents implements Events, AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(RedisEvents.class);
    static final String CHANNEL = "wd_events";
    private static final String BEFORE = "{\"e\":\"";
    private static final String AFTER = "\"}";
    private static final int BEACON_LENGTH = BEFORE.length() + 24 + AFTER.length();
    private static final Duration TICK = Duration.ofSeconds(1);
    private static final int HURRIED_TICKS = 3;
    private static final JsonMapper JSON = JsonMapper.builder().build();
    private final Wakes<AccountId, AccountId> changes = new Wakes<>();
    private final Wakes<AccountId, String> logouts = new Wakes<>();
    private final RedisLink link;
    private final Beacons beacons;
    private final long ticks;
    private final long ticksAway;
    private final Thread poller;
    private volatile int hurried;
    private volatile boolean closing;

    RedisEvents(RedisLink link, Beacons beacons, RedisSettings settings) {
        this.link = link;
        this.beacons = beacons;
        this.ticks = Math.max(1, settings.poll().toSeconds());
        this.ticksAway = Math.max(1, settings.pollAway().toSeconds());
        link.subscribe(CHANNEL, this::heard);
        link.onConnect(this::wakeAllSoon);
        this.poller = Thread.ofVirtual().name("redis-poll").unstarted(this::poll);
    }

    void start() {
        poller.start();
    }

    @Override
    public Watch watch(AccountId account, Runnable watcher) {
        return changes.watch(account, _ -> watcher.run());
    }

    @Override
    public void publish(AccountId account) {
        changes.wake(account, account);
        beacons.say(CHANNEL, BEFORE + account.hex() + AFTER);
    }

    @Override
    public void logout(AccountId account, String reason) {
        logouts.wake(account, reason);
        var payload = JSON.createObjectNode();
        payload.put("e", account.hex());
        payload.putObject("p").put("command", "LOGOUT").put("reason", reason);
        beacons.say(CHANNEL, JSON.writeValueAsString(payload));
    }

    @Override
    public Watch watchLogout(AccountId account, Consumer<String> watcher) {
        return logouts.watch(account, watcher);
    }

    /// Something was missed, perhaps: everybody looks, over the next seconds.
    void wakeAllSoon() {
        hurried = HURRIED_TICKS;
        LockSupport.unpark(poller);
    }

    private void heard(String message) {
        if (message.length() == BEACON_LENGTH && message.startsWith(BEFORE) && message.endsWith(AFTER)) {
            ObjectId.parse(message.substring(BEFORE.length(), BEACON_LENGTH - AFTER.length()))
                    .map(AccountId::new)
                    .ifPresent(account -> changes.wake(account, account));
            return;
        }
        try {
            var payload = JSON.readTree(message);
            var account = ObjectId.parse(payload.path("e").asString("")).map(AccountId::new);
            var command = payload.path("p").path("command").asString("");
            if (account.isPresent() && command.equals("LOGOUT")) {
                logouts.wake(account.get(), payload.path("p").path("reason").asString("Logout requested"));
            } else if (account.isPresent()) {
                changes.wake(account.get(), account.get());
            }
        } catch (JacksonException e) {
            LOG.warn("a message on {} is no event error={}", CHANNEL, e.getOriginalMessage());
        }
    }

    /// Each tick wakes its share of the watched accounts, so that they do not all look at once.
    private void poll() {
        for (long tick = 0; !closing; tick++) {
            int hurry = hurried;
            long period = hurry > 0 ? HURRIED_TICKS : link.connected() ? ticks : ticksAway;
            long share = tick % period;
            changes.wakeWhere(account -> Math.floorMod(account.hashCode(), period) == share, a -> a);
            if (hurry > 0) {
                hurried = hurry - 1;
            }
            LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(TICK.toMillis()));
        }
    }

    @Override
    public void close() {
        closing = true;
        LockSupport.unpark(poller);
    }
}
