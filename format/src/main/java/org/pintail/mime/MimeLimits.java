package org.pintail.mime;

/// Bounds of the work a message can cause. Beyond them the rest is kept as plain bytes of the part it stands in, and a problem is noted.
///
/// @param depth nested parts; deeper ones stay undivided. Real mail stays below 10.
/// @param parts parts of one message in all
/// @param headerBytes bytes of one header block that are looked into
/// @param headerFields fields of one header block that are looked into
public record MimeLimits(int depth, int parts, int headerBytes, int headerFields) {
    public static final MimeLimits DEFAULT = new MimeLimits(64, 1000, 256 * 1024, 1000);
}
