package org.pintail.backend;

import java.util.Optional;
import org.pintail.mime.Source;

/// Content-addressed pieces of messages, counted by reference, collected in the background.
public interface Attachments {
    /// The stored bytes by the lower-case hex of their SHA-256.
    Optional<Source> open(String sha256Hex);

    /// References held by messages, 0 when unknown.
    long references(String sha256Hex);

    /// Removes what nothing refers to now. Returns how many went.
    int collect();

    /// How many are stored, referenced or not.
    long count();
}
