package org.pintail.dkim;

import org.jspecify.annotations.Nullable;

/// The hash of a body under one canonicalisation.
///
/// @param base64 of the digest
/// @param hashed canonical bytes that went in
/// @param total canonical bytes of the whole body
public record BodyHash(String base64, long hashed, long total) {
    /// Which hash is wanted: a canonicalisation, a digest, and how many bytes (`l=`), null for all.
    public record Kind(Canonicalization canonicalization, String digest, @Nullable Long length) {
        public static final Kind RELAXED = new Kind(Canonicalization.RELAXED, "SHA-256", null);
    }
}
