package org.pintail.sasl;

import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.Optional;

/// User name and password from a SASL exchange. Parsing never fails with an exception: empty is bad input.
public record Credentials(String username, String password) {
    private static final int MAX = 1024;

    /// The message of PLAIN, base64-encoded: `authzid NUL authcid NUL passwd` (RFC 4616 §2). An authzid is not used, except as the
    /// user name where authcid is empty.
    public static Optional<Credentials> plain(String base64) {
        var text = decode(base64);
        if (text.isEmpty()) {
            return Optional.empty();
        }
        var parts = text.get().split("\0", -1);
        if (parts.length != 3) {
            return Optional.empty();
        }
        return of(parts[1].isEmpty() ? parts[0] : parts[1], parts[2]);
    }

    /// Both lines of LOGIN, base64-encoded (draft-murchison-sasl-login).
    public static Optional<Credentials> login(String base64Name, String base64Password) {
        return decode(base64Name).flatMap(name -> decode(base64Password).flatMap(password -> of(name, password)));
    }

    private static Optional<Credentials> of(String username, String password) {
        return username.isEmpty() || username.length() > MAX || password.length() > MAX
                ? Optional.empty()
                : Optional.of(new Credentials(username, password));
    }

    private static Optional<String> decode(String base64) {
        try {
            return Optional.of(new String(Base64.getDecoder().decode(base64.strip()), StandardCharsets.UTF_8));
        } catch (IllegalArgumentException e) {
            return Optional.empty(); // not base64: bad input, answered as such
        }
    }

    @Override
    public String toString() {
        return "Credentials[" + username + "]";
    }
}
