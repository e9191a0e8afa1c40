package org.pintail.dkim;

/// Bounds of the work one message can cause.
///
/// @param signatures looked at, from the top of the header; RFC 6376 §6.1 lets a verifier limit them. Real mail has up to 4
/// @param headerBytes of a header that is taken in; no signature of a larger one is judged
/// @param keyRecords tried of one key name; there should be one
/// @param minKeyBits RSA keys below are refused (RFC 8301 §3.2)
/// @param maxKeyBits RSA keys above are refused: their cost is the verifier's
public record DkimLimits(int signatures, int headerBytes, int keyRecords, int minKeyBits, int maxKeyBits) {
    public static final DkimLimits DEFAULT = new DkimLimits(10, 1 << 20, 3, 1024, 8192);
}
