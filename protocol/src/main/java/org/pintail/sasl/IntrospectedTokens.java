package org.pintail.sasl;

import java.io.IOException;
import java.net.URI;
import java.net.URLEncoder;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.Optional;

/// Asks the issuer about every token: RFC 7662. `claim` is the field of its answer that names the user.
public record IntrospectedTokens(HttpClient http, URI endpoint, String clientId, String clientSecret, String claim) implements TokenCheck {
    @Override
    public Optional<String> username(String token) throws IOException {
        var credentials = (clientId + ":" + clientSecret).getBytes(StandardCharsets.UTF_8);
        var form = "token=" + URLEncoder.encode(token, StandardCharsets.UTF_8) + "&token_type_hint=access_token";
        var request = HttpRequest.newBuilder(endpoint)
                .timeout(JsonFetch.TIMEOUT)
                .header("Content-Type", "application/x-www-form-urlencoded")
                .header("Accept", "application/json")
                .header("Authorization", "Basic " + Base64.getEncoder().encodeToString(credentials))
                .POST(HttpRequest.BodyPublishers.ofString(form))
                .build();
        var answer = JsonFetch.object(http, request);
        var name = answer.path(claim).asString("");
        return answer.path("active").asBoolean(false) && !name.isEmpty() ? Optional.of(name) : Optional.empty();
    }

    @Override
    public String toString() {
        return "IntrospectedTokens[" + endpoint + "]";
    }
}
