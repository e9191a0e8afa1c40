package org.pintail.suite;

import java.net.URI;
import java.net.http.HttpClient;
import java.time.Clock;
import java.time.Duration;
import java.util.Optional;
import org.pintail.sasl.IntrospectedTokens;
import org.pintail.sasl.SignedTokens;
import org.pintail.sasl.TokenCheck;

/// How OAuth access tokens are checked, from the section `oauth`.
final class Tokens {
    private Tokens() {}

    /// Empty where none is configured. A mistake is a [ConfigError].
    static Optional<TokenCheck> of(Config config) {
        var introspection = config.text("oauth.introspection");
        var jwks = config.text("oauth.jwks");
        if (introspection.isEmpty() && jwks.isEmpty()) {
            return Optional.empty();
        }
        var http = HttpClient.newBuilder().connectTimeout(Duration.ofSeconds(10)).build();
        var claim = config.text("oauth.claim");
        if (!introspection.isEmpty()) {
            var endpoint = url("oauth.introspection", introspection);
            return Optional.of(new IntrospectedTokens(http, endpoint, config.text("oauth.client-id"), config.text("oauth.client-secret"), claim));
        }
        if (config.text("oauth.audience").isEmpty()) {
            throw new ConfigError("oauth.audience is empty: with oauth.jwks it must name this server, or tokens made for others would log in");
        }
        var settings = new SignedTokens.Settings(url("oauth.jwks", jwks), config.text("oauth.issuer"), config.text("oauth.audience"), claim);
        return Optional.of(new SignedTokens(http, settings, Clock.systemUTC()));
    }

    private static URI url(String key, String text) {
        try {
            var url = URI.create(text);
            if (url.getHost() != null && ("https".equals(url.getScheme()) || "http".equals(url.getScheme()))) {
                return url;
            }
        } catch (IllegalArgumentException notAUrl) {
            throw notAUrl(key, text);
        }
        throw notAUrl(key, text);
    }

    private static ConfigError notAUrl(String key, String text) {
        return new ConfigError(key + " = \"" + text + "\": expected a URL such as https://login.example.org/keys");
    }
}
