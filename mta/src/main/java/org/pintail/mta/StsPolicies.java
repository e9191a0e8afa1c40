package org.pintail.mta;

import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import org.pintail.backend.Document;
import org.pintail.backend.Documents;
import org.pintail.backend.ObjectId;
import org.pintail.backend.StoreException;
import org.pintail.dns.Dns;
import org.pintail.dns.DnsType;
import org.pintail.fetch.FetchFailed;
import org.pintail.fetch.HttpsClient;
import org.pintail.mail.Collections;
import org.pintail.mtasts.StsPolicy;
import org.pintail.mtasts.StsRecord;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// MTA-STS policies of other domains (RFC 8461 §3.3, §5): fetched when a domain announces a new one, kept in the store for as long as
/// they say, so that whoever takes away the DNS record or the web server for a while cannot take away the promise. Blocking.
public final class StsPolicies {
    private static final Logger LOG = LoggerFactory.getLogger(StsPolicies.class);
    private static final HttpsClient.Limits LIMITS = new HttpsClient.Limits(64 * 1024, Duration.ofSeconds(15));
    private static final Duration AFTER_FAILURE = Duration.ofHours(1);
    private static final Duration SHORTEST = Duration.ofMinutes(1);
    private final Dns dns;
    private final HttpsClient web;
    private final Documents documents;
    private final Clock clock;
    private final Map<String, CompletableFuture<Answer>> running = new ConcurrentHashMap<>(); // one fetch per domain at a time

    public StsPolicies(Dns dns, HttpsClient web, Documents documents, Clock clock) {
        this.dns = dns;
        this.web = web;
        this.documents = documents;
        this.clock = clock;
    }

    /// What is known of a domain.
    public sealed interface Answer {}

    public record Found(StsPolicy policy) implements Answer {}

    public record None() implements Answer {}

    /// A policy is announced and cannot be had. `type` is a result type of RFC 8460 §4.3.2.2.
    public record Unusable(String type, String text) implements Answer {}

    private static final class NoPolicy extends RuntimeException {
        private final String type;

        NoPolicy(String type, String message) {
            super(message);
            this.type = type;
        }
    }

    /// `domain` in A-labels.
    public Answer find(String domain) {
        var now = clock.instant();
        var kept = documents.find(Collections.STS_POLICIES, "domain", domain);
        var policy = kept.flatMap(k -> valid(k, now));
        var answer = dns.ask("_mta-sts." + domain, DnsType.TXT);
        var announced = StsRecord.of(answer.records());
        boolean news = announced.isPresent() && !known(kept, announced.get().id(), now);
        if (!news) {
            return policy.<Answer>map(Found::new).orElseGet(() -> announced.isPresent() ? failedBefore(kept, now) : new None());
        }
        var fetched = fetchOnce(domain, announced.get().id());
        return fetched instanceof Unusable && policy.isPresent() ? new Found(policy.get()) : fetched;
    }

    private static Optional<StsPolicy> valid(Document kept, Instant now) {
        return kept.string("policy").filter(_ -> kept.instant("until").map(now::isBefore).orElse(false)).map(StsPolicy::parse);
    }

    /// Fetched already, or failed a short while ago.
    private static boolean known(Optional<Document> kept, String id, Instant now) {
        return kept.isPresent()
                && (kept.get().string("id", "").equals(id) && valid(kept.get(), now).isPresent()
                        || kept.get().string("failedId", "").equals(id) && kept.get().instant("failedUntil").map(now::isBefore).orElse(false));
    }

    private static Answer failedBefore(Optional<Document> kept, Instant now) {
        return kept.filter(k -> k.instant("failedUntil").map(now::isBefore).orElse(false))
                .<Answer>map(k -> new Unusable(k.string("failedType", ""), k.string("failure", "")))
                .orElse(new None());
    }

    private Answer fetchOnce(String domain, String id) {
        var mine = new CompletableFuture<Answer>();
        var other = running.putIfAbsent(domain, mine);
        if (other != null) {
            return other.join();
        }
        Answer answer = new Unusable("sts-policy-fetch-error", "the fetch did not end");
        try {
            answer = fetch(domain, id);
        } finally {
            running.remove(domain);
            mine.complete(answer);
        }
        return answer;
    }

    private Answer fetch(String domain, String id) {
        try {
            var policy = download(domain);
            var now = clock.instant();
            var until = now.plus(policy.maxAge().compareTo(SHORTEST) < 0 ? SHORTEST : policy.maxAge());
            keep(domain, Document.of("id", id, "policy", policy.text(), "fetched", now, "until", until, "expires", until, "failedId", null));
            return new Found(policy);
        } catch (NoPolicy e) {
            LOG.info("mta-sts policy not usable domain={} type={} error={}", domain, e.type, e.getMessage());
            var until = clock.instant().plus(AFTER_FAILURE);
            keep(domain, Document.of("failedId", id, "failedUntil", until, "failedType", e.type, "failure", e.getMessage()));
            return new Unusable(e.type, String.valueOf(e.getMessage()));
        }
    }

    /// RFC 8461 §3.3: 200 and nothing else, text/plain, no redirects.
    private StsPolicy download(String domain) {
        try {
            var uri = URI.create("https://mta-sts." + domain + "/.well-known/mta-sts.txt");
            var response = web.send(HttpsClient.Request.get(uri, Map.of()), LIMITS);
            if (response.status() != 200) {
                throw new NoPolicy("sts-policy-fetch-error", "the policy host answers " + response.status());
            }
            if (!response.mediaType().equals("text/plain")) {
                throw new NoPolicy("sts-policy-invalid", "the policy is " + response.mediaType() + ", not text/plain");
            }
            return StsPolicy.parse(new String(response.body().unsafeArray(), StandardCharsets.UTF_8));
        } catch (FetchFailed e) {
            boolean certificate = e.kind() == FetchFailed.Kind.CERTIFICATE;
            throw new NoPolicy(certificate ? "sts-webpki-invalid" : "sts-policy-fetch-error", String.valueOf(e.getMessage()));
        } catch (StsPolicy.Invalid | IllegalArgumentException e) {
            throw new NoPolicy("sts-policy-invalid", String.valueOf(e.getMessage()));
        }
    }

    /// A store that is away now costs another fetch later.
    private void keep(String domain, Document changes) {
        try {
            var before = documents.find(Collections.STS_POLICIES, "domain", domain);
            if (before.isPresent()) {
                documents.update(Collections.STS_POLICIES, before.get().id(), d -> later(d.with(changes)));
            } else {
                documents.insert(Collections.STS_POLICIES, later(Document.of("_id", ObjectId.next(), "domain", domain).with(changes)));
            }
        } catch (StoreException.Duplicate e) {
            LOG.debug("mta-sts policy kept by another node domain={}", domain);
        } catch (StoreException e) {
            LOG.warn("mta-sts policy not kept domain={} error={}", domain, e.toString());
        }
    }

    /// Goes when neither the policy nor the failure counts any more.
    private static Document later(Document d) {
        var until = d.instant("until");
        var failed = d.instant("failedUntil");
        return d.with("expires", until.isPresent() && (failed.isEmpty() || until.get().isAfter(failed.get())) ? until.get() : failed.orElse(Instant.EPOCH));
    }
}
