package org.pintail.resolver;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import com.github.benmanes.caffeine.cache.Expiry;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetSocketAddress;
import java.net.UnknownHostException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.pintail.dns.Dns;
import org.pintail.dns.DnsAnswer;
import org.pintail.dns.DnsType;
import org.xbill.DNS.DClass;
import org.xbill.DNS.ExtendedResolver;
import org.xbill.DNS.Flags;
import org.xbill.DNS.Message;
import org.xbill.DNS.Name;
import org.xbill.DNS.Record;
import org.xbill.DNS.Resolver;
import org.xbill.DNS.ResolverConfig;
import org.xbill.DNS.SimpleResolver;
import org.xbill.DNS.dnssec.ValidatingResolver;

/// Asks recursive resolvers and remembers what they said for as long as they said (at most a day; "nothing" at most an hour).
/// Failures are not remembered.
public final class DnsResolver implements Dns {
    private static final int EDNS_PAYLOAD = 1232; // fits every path without fragments
    private static final int MAX_ALIASES = 8;
    private static final Duration PER_SERVER = Duration.ofSeconds(3);
    private static final Duration LONGEST = Duration.ofDays(1);
    private static final Duration LONGEST_NOTHING = Duration.ofHours(1);

    /// Trust anchors of the root zone, key signing keys of 2017 and 2024.
    private static final String ROOT =
            """
            . IN DS 20326 8 2 E06D44B80B8F1D39A95C0B0D7C65D08458E880409BBC683457104237C7F8EC8D
            . IN DS 38696 8 2 683D2D0ACB8C9B712A1948B27F741219298D0A450D612C483AF444A4C0FB2B16
            """;

    private final ResolverSettings settings;
    private final Resolver resolver;
    private final Semaphore slots;
    private final Cache<Question, DnsAnswer<?>> cache;

    private record Question(String name, DnsType<?> type) {}

    /// Throws `IllegalArgumentException` when servers or trust anchors cannot be read.
    public DnsResolver(ResolverSettings settings) {
        this.settings = settings;
        this.slots = new Semaphore(settings.concurrency());
        this.cache = Caffeine.newBuilder()
                .maximumWeight(settings.cacheBytes())
                .<Question, DnsAnswer<?>>weigher((question, answer) -> weight(question, answer))
                .expireAfter(Expiry.<Question, DnsAnswer<?>>creating((_, answer) -> answer.ttl()))
                .build();
        this.resolver = open();
    }

    private Resolver open() {
        var servers = new ArrayList<Resolver>();
        for (var address : addresses()) {
            var server = new SimpleResolver(address);
            server.setTimeout(PER_SERVER);
            server.setEDNS(0, EDNS_PAYLOAD, 0, List.of());
            servers.add(server);
        }
        var asking = new ExtendedResolver(servers);
        asking.setRetries(2);
        asking.setTimeout(settings.timeout());
        if (settings.dnssec() != ResolverSettings.Dnssec.VALIDATE) {
            return asking;
        }
        var validating = new ValidatingResolver(asking);
        var anchors = settings.trustAnchors();
        try {
            var text = anchors == null ? ROOT.getBytes(StandardCharsets.US_ASCII) : Files.readAllBytes(anchors);
            validating.loadTrustAnchors(new ByteArrayInputStream(text));
        } catch (IOException e) {
            throw new IllegalArgumentException("dns.trust-anchors: expected a file of DS or DNSKEY records (" + e.getMessage() + ")", e);
        }
        return validating;
    }

    private List<InetSocketAddress> addresses() {
        if (settings.servers().isEmpty()) {
            return ResolverConfig.getCurrentConfig().servers();
        }
        return settings.servers().stream().map(DnsResolver::address).toList();
    }

    private static InetSocketAddress address(String server) {
        try {
            boolean bracket = server.startsWith("[");
            int colon = server.lastIndexOf(':');
            boolean port = bracket ? server.indexOf("]:") > 0 : colon > 0 && server.indexOf(':') == colon;
            var host = port ? server.substring(bracket ? 1 : 0, bracket ? colon - 1 : colon) : server.replaceAll("[\\[\\]]", "");
            int number = port ? Integer.parseInt(server.substring(colon + 1)) : SimpleResolver.DEFAULT_PORT;
            return new InetSocketAddress(java.net.InetAddress.getByName(host), number);
        } catch (UnknownHostException | IllegalArgumentException e) {
            throw new IllegalArgumentException("dns.servers: expected addresses of resolvers, found " + server, e);
        }
    }

    private static int weight(Question question, DnsAnswer<?> answer) {
        int weight = 200 + 2 * question.name.length();
        for (var record : answer.records()) {
            weight += 100 + (record instanceof String text ? text.length() : 100);
        }
        return weight;
    }

    @Override
    @SuppressWarnings("unchecked") // the type is part of the key
    public <T> DnsAnswer<T> ask(String name, DnsType<T> type) {
        var bare = (name.endsWith(".") ? name.substring(0, name.length() - 1) : name).toLowerCase(Locale.ROOT);
        var question = new Question(bare, type);
        var known = cache.getIfPresent(question);
        if (known != null) {
            return (DnsAnswer<T>) known;
        }
        var answer = resolve(bare, type);
        if (!answer.failed() && answer.ttl().isPositive()) {
            cache.put(question, answer);
        }
        return answer;
    }

    private <T> DnsAnswer<T> resolve(String name, DnsType<T> type) {
        var wire = WireName.of(name);
        if (wire.isEmpty()) {
            return DnsAnswer.noSuchName(name, LONGEST_NOTHING, false);
        }
        try {
            if (!slots.tryAcquire(settings.timeout().toMillis(), TimeUnit.MILLISECONDS)) {
                return DnsAnswer.temporary(name, "too many questions at once");
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return DnsAnswer.temporary(name, "interrupted");
        }
        try {
            return follow(name, wire.get(), type);
        } finally {
            slots.release();
        }
    }

    /// Recursive resolvers answer with the whole chain of CNAMEs; one that stops on the way is asked for the rest.
    private <T> DnsAnswer<T> follow(String name, Name first, DnsType<T> type) {
        var deadline = System.nanoTime() + settings.timeout().toNanos();
        var at = first;
        boolean authenticated = true;
        for (int i = 0; i < MAX_ALIASES; i++) {
            var sent = send(at, type, deadline - System.nanoTime());
            if (sent.message == null) {
                return DnsAnswer.temporary(name, sent.problem);
            }
            var reading = new AnswerReader<>(sent.message, at, type);
            authenticated &= authentic(sent.message);
            switch (reading.read()) {
                case AnswerReader.Reading.Records<T>(var records, var canonical, var ttl) -> {
                    return DnsAnswer.found(records, canonical, shorter(ttl, LONGEST), authenticated);
                }
                case AnswerReader.Reading.Nothing<T>(boolean exists, var canonical, var ttl) -> {
                    return exists
                            ? DnsAnswer.noData(canonical, shorter(ttl, LONGEST_NOTHING), authenticated)
                            : DnsAnswer.noSuchName(canonical, shorter(ttl, LONGEST_NOTHING), authenticated);
                }
                case AnswerReader.Reading.Failed<T>(boolean bogus, var problem) -> {
                    return bogus ? DnsAnswer.bogus(name, problem) : DnsAnswer.temporary(name, problem);
                }
                case AnswerReader.Reading.Elsewhere<T>(var target) -> at = target;
            }
        }
        return DnsAnswer.temporary(name, "more than " + MAX_ALIASES + " CNAMEs to follow");
    }

    private static Duration shorter(Duration a, Duration b) {
        return a.compareTo(b) < 0 ? a : b;
    }

    private boolean authentic(Message message) {
        return settings.dnssec() != ResolverSettings.Dnssec.OFF && message.getHeader().getFlag(Flags.AD);
    }

    /// A message, or why there is none.
    private record Sent(@org.jspecify.annotations.Nullable Message message, String problem) {}

    private Sent send(Name name, DnsType<?> type, long nanos) {
        var query = Message.newQuery(Record.newRecord(name, type.code(), DClass.IN));
        if (settings.dnssec() == ResolverSettings.Dnssec.RESOLVER) {
            query.getHeader().setFlag(Flags.AD); // RFC 6840 §5.7: say so in the answer
        }
        CompletableFuture<Message> answer;
        try {
            answer = resolver.sendAsync(query).toCompletableFuture();
        } catch (RuntimeException e) { // the library's own checks of what it sends
            return new Sent(null, "cannot be asked (" + e.getClass().getSimpleName() + ")");
        }
        try {
            return new Sent(answer.get(Math.max(1, nanos), TimeUnit.NANOSECONDS), "");
        } catch (TimeoutException e) {
            answer.cancel(true);
            return new Sent(null, "time-out");
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return new Sent(null, "interrupted");
        } catch (ExecutionException e) {
            return switch (e.getCause()) {
                case IOException io -> new Sent(null, problem(io));
                case UncheckedIOException io -> new Sent(null, problem(io));
                case RuntimeException broken -> new Sent(null, "unreadable answer (" + broken.getClass().getSimpleName() + ")");
                case null, default -> throw new IllegalStateException(e);
            };
        }
    }

    private static String problem(Exception e) {
        var said = e.getMessage();
        var message = said == null || said.isEmpty() ? e.getClass().getSimpleName() : said;
        return message.toLowerCase(Locale.ROOT).contains("timed out") || message.contains("Timeout") ? "time-out" : message;
    }
}
