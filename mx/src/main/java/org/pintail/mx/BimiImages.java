package org.pintail.mx;

import java.net.URI;
import java.security.cert.X509Certificate;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Semaphore;
import org.pintail.backend.Bytes;
import org.pintail.backend.Document;
import org.pintail.backend.Documents;
import org.pintail.backend.ObjectId;
import org.pintail.backend.StoreException;
import org.pintail.bimi.BimiProblem;
import org.pintail.bimi.MarkCertificate;
import org.pintail.bimi.SvgIndicator;
import org.pintail.fetch.FetchFailed;
import org.pintail.fetch.HttpsClient;
import org.pintail.mail.Collections;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Logos and mark certificates of other domains, fetched and checked; documents of `bimi` keep them for a day, failures for an hour.
/// A certificate that is still valid outlives failures to fetch it again. Blocking.
public final class BimiImages {
    private static final Logger LOG = LoggerFactory.getLogger(BimiImages.class);
    private static final Duration FRESH = Duration.ofHours(24);
    private static final Duration FAILED = Duration.ofHours(1);
    private static final Duration TIME = Duration.ofSeconds(5); // the client waits for its reply to DATA meanwhile
    private static final int FETCHES_AT_ONCE = 20;
    private final HttpsClient web;
    private final Documents documents;
    private final List<X509Certificate> authorities;
    private final Clock clock;
    private final Semaphore slots = new Semaphore(FETCHES_AT_ONCE);

    public BimiImages(HttpsClient web, Documents documents, List<X509Certificate> authorities, Clock clock) {
        this.web = web;
        this.documents = documents;
        this.authorities = List.copyOf(authorities);
        this.clock = clock;
    }

    /// A checked logo. `names` of its certificate; none for a logo without one.
    record Image(ObjectId document, Bytes svg, List<String> names) {}

    private enum Type {
        LOCATION,
        AUTHORITY;

        String word() {
            return name().toLowerCase(java.util.Locale.ROOT);
        }
    }

    /// The logo at `l=`. Throws [BimiProblem].
    Image location(URI uri) {
        return image(Type.LOCATION, uri);
    }

    /// The logo in the certificate at `a=`. Throws [BimiProblem].
    Image authority(URI uri) {
        return image(Type.AUTHORITY, uri);
    }

    private Image image(Type type, URI uri) {
        var url = uri.toASCIIString();
        var kept = documents.find(Collections.BIMI, "by_type", type.word(), url);
        if (kept.isPresent() && fresh(kept.get())) {
            return image(type, kept.get());
        }
        return image(type, kept.isPresent() ? again(type, uri, kept.get()) : first(type, uri));
    }

    private boolean fresh(Document kept) {
        var age = Duration.between(kept.instant("updated").orElse(Instant.EPOCH), clock.instant());
        return age.compareTo(kept.document("error").isPresent() ? FAILED : FRESH) < 0;
    }

    /// What a document says: an image, or the problem it had.
    private Image image(Type type, Document d) {
        var vmc = d.document("vmc");
        boolean valid = type == Type.LOCATION
                ? d.document("error").isEmpty()
                : vmc.flatMap(v -> v.instant("until")).map(clock.instant()::isBefore).orElse(false);
        if (valid && d.value("content") instanceof Bytes svg) {
            return new Image(d.id(), svg, vmc.map(v -> v.strings("names")).orElse(List.of()));
        }
        var error = d.document("error").orElse(Document.of("code", "VMC_EXPIRED", "message", "the certificate has expired"));
        throw new BimiProblem(error.string("code", ""), error.string("message", ""));
    }

    private Document first(Type type, URI uri) {
        var now = clock.instant();
        var made = Document.of("_id", ObjectId.next(), "type", type.word(), "url", uri.toASCIIString(), "created", now).with(fetched(type, uri, Map.of()));
        try {
            documents.insert(Collections.BIMI, made);
            return made;
        } catch (StoreException.Duplicate e) {
            return documents.find(Collections.BIMI, "by_type", type.word(), uri.toASCIIString()).orElse(made);
        }
    }

    private Document again(Type type, URI uri, Document kept) {
        var conditions = new HashMap<String, String>();
        if (kept.document("error").isEmpty()) {
            kept.string("etag").filter(BimiImages::plain).ifPresent(t -> conditions.put("If-None-Match", t));
            kept.string("lastModified").filter(BimiImages::plain).ifPresent(t -> conditions.put("If-Modified-Since", t));
        }
        var changes = fetched(type, uri, conditions);
        var changed = kept.with(changes);
        return documents.update(Collections.BIMI, kept.id(), d -> d.with(changes)).orElse(changed);
    }

    /// Fit for a header field of ours.
    private static boolean plain(String text) {
        return text.length() < 500 && text.chars().allMatch(c -> c >= ' ' && c < 0x7f);
    }

    /// What changes in the document.
    private Document fetched(Type type, URI uri, Map<String, String> conditions) {
        var now = clock.instant();
        try {
            return download(type, uri, conditions).with("error", null).with("updated", now);
        } catch (BimiProblem e) {
            LOG.info("bimi type={} url={} code={} error=\"{}\"", type.word(), uri, e.code(), e.getMessage());
            var kind = e.code().startsWith("HTTP") ? "download" : type == Type.AUTHORITY ? "vmc" : "svg";
            return Document.of(
                    "error", Document.of("message", String.valueOf(e.getMessage()), "code", e.code(), "type", kind, "time", now), "updated", now);
        }
    }

    private Document download(Type type, URI uri, Map<String, String> conditions) {
        var response = request(type, uri, conditions);
        if (response.status() == 304 && !conditions.isEmpty()) {
            return Document.EMPTY;
        }
        if (response.status() != 200) {
            throw new BimiProblem("HTTP_REQUEST_FAILED", "the web server answers " + response.status());
        }
        var body = response.body().unsafeArray();
        var tags = Document.of("etag", response.fields().get("etag"), "lastModified", response.fields().get("last-modified"));
        if (type == Type.LOCATION) {
            SvgIndicator.check(body);
            return tags.with("content", response.body());
        }
        var mark = MarkCertificate.check(body, authorities, clock.instant());
        var vmc = Document.of("type", mark.type(), "until", mark.until(), "names", mark.names());
        return tags.with("content", Bytes.wrap(mark.svg())).with("vmc", vmc);
    }

    private HttpsClient.Response request(Type type, URI uri, Map<String, String> conditions) {
        if (!slots.tryAcquire()) {
            throw new BimiProblem("HTTP_REQUEST_FAILED", "too many downloads at once");
        }
        try {
            int most = type == Type.LOCATION ? SvgIndicator.MAX_SIZE : MarkCertificate.MAX_PEM;
            return web.send(HttpsClient.Request.get(uri, conditions), new HttpsClient.Limits(most, TIME));
        } catch (FetchFailed e) {
            throw new BimiProblem("HTTP_REQUEST_FAILED", String.valueOf(e.getMessage()));
        } finally {
            slots.release();
        }
    }
}
