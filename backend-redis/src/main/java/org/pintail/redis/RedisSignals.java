package org.pintail.redis;

import java.util.function.Consumer;
import org.pintail.backend.Events;
import org.pintail.backend.LocalSignals;
import org.pintail.backend.Signals;

/// Words through a channel: sender, topic and word, a line each. The sender's own watchers hear it at once and not again.
final class RedisSignals implements Signals {
    static final String CHANNEL = "pintail:signals";
    private static final String LINE = "\n";
    private final LocalSignals here = new LocalSignals();
    private final Beacons beacons;
    private final String node;
    private final Runnable anything;

    /// `anything` runs when a node lost count of what it had to say.
    RedisSignals(RedisLink link, Beacons beacons, Runnable anything) {
        this.beacons = beacons;
        this.anything = anything;
        this.node = link.node();
        link.subscribe(CHANNEL, this::heard);
        link.onConnect(here::sendAnything);
    }

    @Override
    public Events.Watch watch(String topic, Consumer<String> watcher) {
        return here.watch(topic, watcher);
    }

    @Override
    public void send(String topic, String word) {
        here.send(topic, word);
        beacons.say(CHANNEL, node + LINE + topic + LINE + word);
    }

    private void heard(String message) {
        if (message.isEmpty()) {
            here.sendAnything();
            anything.run();
            return;
        }
        var parts = message.split(LINE, 3);
        if (parts.length == 3 && !parts[0].equals(node)) {
            here.send(parts[1], parts[2]);
        }
    }
}
