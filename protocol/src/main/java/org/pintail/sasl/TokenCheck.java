package org.pintail.sasl;

import java.io.IOException;
import java.util.Optional;

/// Whose an OAuth 2.0 access token is.
public interface TokenCheck {
    /// User name or address the token was made for; empty for a token that is not good, or not any more. Throws `IOException` when the issuer
    /// cannot be asked.
    Optional<String> username(String token) throws IOException;
}
