package org.pintail.sasl;

import java.io.IOException;
import java.math.BigInteger;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.nio.charset.StandardCharsets;
import java.security.AlgorithmParameters;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.PublicKey;
import java.security.Signature;
import java.security.spec.ECGenParameterSpec;
import java.security.spec.ECParameterSpec;
import java.security.spec.ECPoint;
import java.security.spec.ECPublicKeySpec;
import java.security.spec.RSAPublicKeySpec;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Base64;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.locks.ReentrantLock;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;

/// Access tokens that are JWTs (RFC 9068), checked here with the issuer's published keys (JWKS, RFC 7517): RS256 and ES256. Keys are fetched
/// again after an hour, or when a token names one that is not known, but not more than once a minute.
public final class SignedTokens implements TokenCheck {
    private static final Logger LOG = LoggerFactory.getLogger(SignedTokens.class);
    private static final Duration FRESH = Duration.ofHours(1);
    private static final Duration PAUSE = Duration.ofMinutes(1);
    private static final Duration SKEW = Duration.ofSeconds(60);
    private final HttpClient http;
    private final Settings settings;
    private final Clock clock;
    private final ReentrantLock fetching = new ReentrantLock();
    private volatile Known known = new Known(Map.of(), Instant.EPOCH, Instant.EPOCH);

    /// `issuer` and `audience` must be in the token; an empty one is not looked at. `claim` names the user.
    public record Settings(URI jwks, String issuer, String audience, String claim) {}

    /// The issuer's keys, when they came, and when they were last asked for.
    private record Known(Map<String, PublicKey> keys, Instant fetched, Instant tried) {
        Known {
            keys = Map.copyOf(keys);
        }
    }

    public SignedTokens(HttpClient http, Settings settings, Clock clock) {
        this.http = http;
        this.settings = settings;
        this.clock = clock;
    }

    @Override
    public Optional<String> username(String token) throws IOException {
        var parts = token.split("\\.", -1);
        if (parts.length != 3) {
            return Optional.empty();
        }
        JsonNode header;
        JsonNode claims;
        byte[] signature;
        try {
            header = JsonFetch.JSON.readTree(Base64.getUrlDecoder().decode(parts[0]));
            claims = JsonFetch.JSON.readTree(Base64.getUrlDecoder().decode(parts[1]));
            signature = Base64.getUrlDecoder().decode(parts[2]);
        } catch (JacksonException | IllegalArgumentException notAToken) {
            return Optional.empty();
        }
        var key = key(header.path("kid").asString(""));
        var signed = (parts[0] + "." + parts[1]).getBytes(StandardCharsets.US_ASCII);
        if (key.isEmpty() || !verifies(header.path("alg").asString(""), key.get(), signed, signature) || !holds(claims)) {
            return Optional.empty();
        }
        return Optional.of(claims.path(settings.claim()).asString("")).filter(name -> !name.isEmpty());
    }

    /// The algorithm must be one of ours and fit the key: "none" and keyed hashes are no signatures.
    private static boolean verifies(String algorithm, PublicKey key, byte[] signed, byte[] signature) {
        var name = switch (algorithm + "/" + key.getAlgorithm()) {
            case "RS256/RSA" -> "SHA256withRSA";
            case "ES256/EC" -> "SHA256withECDSAinP1363Format";
            default -> "";
        };
        if (name.isEmpty()) {
            return false;
        }
        try {
            var check = Signature.getInstance(name);
            check.initVerify(key);
            check.update(signed);
            return check.verify(signature);
        } catch (GeneralSecurityException broken) {
            return false; // a signature that cannot even be read is none
        }
    }

    private boolean holds(JsonNode claims) {
        var now = clock.instant();
        long expires = claims.path("exp").asLong(0);
        long notBefore = claims.path("nbf").asLong(0);
        return expires > now.minus(SKEW).getEpochSecond()
                && notBefore <= now.plus(SKEW).getEpochSecond()
                && (settings.issuer().isEmpty() || claims.path("iss").asString("").equals(settings.issuer()))
                && (settings.audience().isEmpty() || isFor(claims.path("aud")));
    }

    private boolean isFor(JsonNode audience) {
        for (var one : audience) {
            if (one.asString("").equals(settings.audience())) {
                return true;
            }
        }
        return audience.asString("").equals(settings.audience());
    }

    /// Whoever waits here wants just the answer that is being fetched. Keys that are known stay good while the issuer does not answer.
    private Optional<PublicKey> key(String id) throws IOException {
        if (!isDue(known, id)) {
            return find(known, id);
        }
        fetching.lock();
        try {
            if (isDue(known, id)) {
                known = new Known(known.keys(), known.fetched(), clock.instant());
                known = new Known(fetch(), clock.instant(), clock.instant());
            }
        } catch (IOException e) {
            LOG.warn("keys of issuer not fetched jwks={} error={}", settings.jwks(), e.toString());
        } finally {
            fetching.unlock();
        }
        return find(known, id);
    }

    private boolean isDue(Known now, String id) {
        boolean wanted = !now.keys().containsKey(id) || Duration.between(now.fetched(), clock.instant()).compareTo(FRESH) > 0;
        return wanted && Duration.between(now.tried(), clock.instant()).compareTo(PAUSE) > 0;
    }

    /// Throws where the key is unknown because the issuer could not be asked when it was last tried.
    private static Optional<PublicKey> find(Known now, String id) throws IOException {
        var key = Optional.ofNullable(now.keys().get(id));
        if (key.isEmpty() && now.tried().isAfter(now.fetched())) {
            throw new IOException("the issuer's keys could not be fetched");
        }
        return key;
    }

    private Map<String, PublicKey> fetch() throws IOException {
        var request = HttpRequest.newBuilder(settings.jwks()).timeout(JsonFetch.TIMEOUT).GET().build();
        var found = new HashMap<String, PublicKey>();
        for (var key : JsonFetch.object(http, request).path("keys")) {
            try {
                publicKey(key).ifPresent(k -> found.put(key.path("kid").asString(""), k));
            } catch (GeneralSecurityException | IllegalArgumentException e) {
                LOG.warn("key of issuer not usable jwks={} error={}", settings.jwks(), e.toString());
            }
        }
        return found;
    }

    private static Optional<PublicKey> publicKey(JsonNode key) throws GeneralSecurityException {
        if (key.path("kty").asString("").equals("RSA")) {
            return Optional.of(KeyFactory.getInstance("RSA").generatePublic(new RSAPublicKeySpec(number(key, "n"), number(key, "e"))));
        }
        if (!key.path("kty").asString("").equals("EC") || !key.path("crv").asString("").equals("P-256")) {
            return Optional.empty();
        }
        var curve = AlgorithmParameters.getInstance("EC");
        curve.init(new ECGenParameterSpec("secp256r1"));
        var point = new ECPoint(number(key, "x"), number(key, "y"));
        return Optional.of(KeyFactory.getInstance("EC").generatePublic(new ECPublicKeySpec(point, curve.getParameterSpec(ECParameterSpec.class))));
    }

    private static BigInteger number(JsonNode key, String name) {
        return new BigInteger(1, Base64.getUrlDecoder().decode(key.path(name).asString("")));
    }
}
