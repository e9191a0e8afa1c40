package org.pintail.suite;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.pintail.api.ApiServer;
import org.pintail.mail.Health;
import org.pintail.net.Listener;
import org.pintail.net.Tls;

/// Where a node listens, by the names that its `ready` line has. An address that cannot be had is a [ConfigError].
final class Listening implements AutoCloseable {
    private final Config config;
    private final Tls tls;
    private final List<Listener> listeners = new ArrayList<>();
    private final List<ApiServer> apis = new ArrayList<>();
    private final Map<String, List<InetSocketAddress>> bound = new LinkedHashMap<>();
    private @Nullable HealthServer health;

    /// Serves the API at an address; `tls` null: plain HTTP.
    interface Api {
        ApiServer open(InetSocketAddress address, @Nullable Tls tls);
    }

    Listening(Config config, Tls tls) {
        this.config = config;
        this.tls = tls;
    }

    /// At the addresses of `section`; those with TLS from the first byte are called `tlsName`.
    void protocol(String section, String tlsName, Listener.Service service) {
        protocol(section, section, false, service);
        protocol(section, tlsName, true, service);
    }

    private void protocol(String section, String name, boolean withTls, Listener.Service service) {
        for (var address : config.addresses(key(section, withTls))) {
            var settings = new Listener.Settings(
                    name,
                    address,
                    withTls,
                    config.yes(section + ".proxy-protocol"),
                    config.count(section + ".max-connections"),
                    config.count(section + ".max-per-address"));
            try {
                var listener = Listener.open(settings, tls, service);
                listeners.add(listener);
                bound.computeIfAbsent(name, _ -> new ArrayList<>()).add(listener.address());
            } catch (IOException e) {
                throw cannotListen(section, withTls, address, e);
            }
        }
    }

    private static String key(String section, boolean withTls) {
        return section + (withTls ? ".listen-tls" : ".listen");
    }

    /// Without a token only on the loopback.
    void api(boolean token, Api api) {
        api("api", false, token, api);
        api("apis", true, token, api);
    }

    private void api(String name, boolean withTls, boolean token, Api api) {
        for (var address : config.addresses(key("api", withTls))) {
            if (!token && !address.getAddress().isLoopbackAddress()) {
                throw new ConfigError("api.token = \"none\": expected a token, because the API listens on " + Addresses.show(address));
            }
            try {
                var server = api.open(address, withTls ? tls : null);
                apis.add(server);
                bound.computeIfAbsent(name, _ -> new ArrayList<>()).add(server.address());
            } catch (UncheckedIOException e) {
                throw cannotListen("api", withTls, address, e);
            }
        }
    }

    void health(Health of) {
        var addresses = config.addresses("health.listen");
        if (addresses.isEmpty()) {
            return;
        }
        try {
            health = HealthServer.open(addresses, of);
            bound.put("health", health.addresses());
        } catch (IOException e) {
            throw cannotListen("health", false, addresses.getFirst(), e);
        }
    }

    private static ConfigError cannotListen(String section, boolean withTls, InetSocketAddress address, Exception why) {
        return new ConfigError(key(section, withTls) + " = \"" + Addresses.show(address) + "\": cannot listen there (" + why.getMessage()
                + "); expected an address of this machine and a free port");
    }

    /// The first bound address of a listener by its name in [#ready].
    InetSocketAddress address(String name) {
        var addresses = bound.get(name);
        if (addresses == null) {
            throw new IllegalStateException("no listener " + name);
        }
        return addresses.getFirst();
    }

    /// `ready mx=127.0.0.1:2025 submission=…`
    String ready() {
        var line = new StringBuilder("ready");
        bound.forEach((name, addresses) -> line.append(' ')
                .append(name)
                .append('=')
                .append(String.join(",", addresses.stream().map(Addresses::show).toList())));
        return line.toString();
    }

    boolean isEmpty() {
        return listeners.isEmpty();
    }

    /// Takes no more connections, and lets what runs come to its end for `grace`. Health is still told.
    void drain(Duration grace) {
        var drains = new ArrayList<Thread>();
        for (var listener : listeners) {
            drains.add(Thread.ofPlatform().name("drain").start(() -> listener.drain(grace)));
        }
        for (var drain : drains) {
            join(drain, grace.plusSeconds(5));
        }
        apis.forEach(ApiServer::close);
    }

    private static void join(Thread thread, Duration atMost) {
        try {
            thread.join(atMost);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    @Override
    public void close() {
        if (health != null) {
            health.close();
        }
    }
}
