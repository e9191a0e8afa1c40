package org.pintail.mail;

import java.text.Normalizer;
import java.util.Optional;

/// SASLprep, RFC 4013: what a password is before SCRAM hashes it, so that both ends hash the same, and a name that was typed. Code points that Unicode has not
/// assigned are let through, as RFC 5802 §2.2 has it for a client's query.
public final class SaslPrep {
    private SaslPrep() {}

    /// Empty where a character is prohibited or the directions are mixed.
    public static Optional<String> prepare(String text) {
        var mapped = new StringBuilder();
        text.codePoints().filter(c -> !mappedToNothing(c)).forEach(c -> mapped.appendCodePoint(isSpace(c) ? ' ' : c));
        var normal = Normalizer.normalize(mapped, Normalizer.Form.NFKC);
        return normal.codePoints().anyMatch(SaslPrep::prohibited) || !oneDirection(normal) ? Optional.empty() : Optional.of(normal);
    }

    /// RFC 3454 table B.1
    private static boolean mappedToNothing(int c) {
        return switch (c) {
            case 0x00ad, 0x034f, 0x1806, 0x180b, 0x180c, 0x180d, 0x200b, 0x200c, 0x200d, 0x2060, 0xfeff -> true;
            default -> c >= 0xfe00 && c <= 0xfe0f;
        };
    }

    /// RFC 3454 table C.1.2
    private static boolean isSpace(int c) {
        return c != ' ' && Character.getType(c) == Character.SPACE_SEPARATOR;
    }

    /// RFC 4013 §2.3
    private static boolean prohibited(int c) {
        return switch (Character.getType(c)) {
            case Character.CONTROL, Character.PRIVATE_USE, Character.SURROGATE, Character.LINE_SEPARATOR, Character.PARAGRAPH_SEPARATOR -> true;
            default ->
                (c & 0xfffe) == 0xfffe
                        || c >= 0xfdd0 && c <= 0xfdef
                        || c >= 0xfff9 && c <= 0xfffd
                        || c >= 0x2ff0 && c <= 0x2ffb
                        || c >= 0x200e && c <= 0x200f
                        || c >= 0x202a && c <= 0x202e
                        || c >= 0x206a && c <= 0x206f
                        || c == 0x0340
                        || c == 0x0341
                        || c == 0x06dd
                        || c == 0x070f
                        || c >= 0x2061 && c <= 0x2063
                        || c >= 0x1d173 && c <= 0x1d17a
                        || c >= 0xe0000 && c <= 0xe007f;
        };
    }

    /// RFC 3454 §6
    private static boolean oneDirection(String text) {
        if (text.codePoints().noneMatch(SaslPrep::isRightToLeft)) {
            return true;
        }
        return text.codePoints().noneMatch(c -> Character.getDirectionality(c) == Character.DIRECTIONALITY_LEFT_TO_RIGHT)
                && isRightToLeft(text.codePointAt(0))
                && isRightToLeft(text.codePointBefore(text.length()));
    }

    private static boolean isRightToLeft(int c) {
        var direction = Character.getDirectionality(c);
        return direction == Character.DIRECTIONALITY_RIGHT_TO_LEFT || direction == Character.DIRECTIONALITY_RIGHT_TO_LEFT_ARABIC;
    }
}
