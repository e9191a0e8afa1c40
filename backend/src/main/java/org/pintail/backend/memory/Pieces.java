package org.pintail.backend.memory;

import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import org.pintail.backend.Attachments;
import org.pintail.mime.Source;

/// Pieces of messages by the hash of their bytes. One reference per message (copy) and piece.
final class Pieces implements Attachments {
    private final Map<String, Kept> kept = new HashMap<>();

    private record Kept(Source bytes, long references) {}

    /// Counts a reference, and gives the bytes that are kept: those given, or the same that came before.
    synchronized Source keep(String sha256Hex, Source bytes) {
        return kept.merge(sha256Hex, new Kept(bytes, 1), (known, added) -> new Kept(known.bytes(), known.references() + 1))
                .bytes();
    }

    /// Counts one more reference to something kept.
    synchronized void share(String sha256Hex) {
        kept.computeIfPresent(sha256Hex, (k, known) -> new Kept(known.bytes(), known.references() + 1));
    }

    synchronized void release(String sha256Hex) {
        kept.computeIfPresent(sha256Hex, (k, known) -> new Kept(known.bytes(), known.references() - 1));
    }

    @Override
    public synchronized Optional<Source> open(String sha256Hex) {
        return Optional.ofNullable(kept.get(sha256Hex)).map(Kept::bytes);
    }

    @Override
    public synchronized long references(String sha256Hex) {
        var known = kept.get(sha256Hex);
        return known == null ? 0 : known.references();
    }

    @Override
    public synchronized int collect() {
        int before = kept.size();
        kept.values().removeIf(k -> k.references() == 0);
        return before - kept.size();
    }

    @Override
    public synchronized long count() {
        return kept.size();
    }
}
