package org.pintail.header;

import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.Charset;
import java.nio.charset.IllegalCharsetNameException;
import java.nio.charset.StandardCharsets;
import java.nio.charset.UnsupportedCharsetException;
import java.util.Locale;
import java.util.Optional;

/// Character sets by the names mail uses for them, and text whose bytes may not be what they claim.
public final class Charsets {
    private static final Charset FALLBACK = Charset.forName("windows-1252");

    private Charsets() {}

    /// The charset of that name, or of what is commonly meant by it.
    public static Optional<Charset> find(String name) {
        var wanted = name.strip().toLowerCase(Locale.ROOT);
        var known = switch (wanted) {
            case "utf8", "unicode-1-1-utf-8" -> "utf-8";
            case "ascii", "ansi_x3.4-1968", "us-ascii" -> "us-ascii";
            case "latin1", "iso-8859-8-i", "iso-8859-8-e" -> wanted.equals("latin1") ? "iso-8859-1" : "iso-8859-8";
            case "ks_c_5601-1987", "ks_c_5601", "cp949" -> "x-windows-949";
            case "gb2312", "x-gbk" -> "gbk";
            case "cp1252", "x-ansi" -> "windows-1252";
            default -> wanted;
        };
        try {
            return Optional.of(Charset.forName(known));
        } catch (IllegalCharsetNameException | UnsupportedCharsetException e) {
            return Optional.empty();
        }
    }

    /// `bytes` as text of that charset; an unknown or empty name, and US-ASCII with 8-bit bytes, is read as UTF-8 where it is valid, else as windows-1252.
    public static String decode(byte[] bytes, String charsetName) {
        var charset = charsetName.isEmpty() ? Optional.<Charset>empty() : find(charsetName);
        if (charset.isPresent() && !charset.get().equals(StandardCharsets.US_ASCII)) {
            return new String(bytes, charset.get());
        }
        if (isAscii(bytes)) {
            return new String(bytes, StandardCharsets.ISO_8859_1); // the quickest way to the same text
        }
        try {
            return StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(bytes)).toString();
        } catch (CharacterCodingException e) {
            return new String(bytes, FALLBACK);
        }
    }

    private static boolean isAscii(byte[] bytes) {
        int all = 0;
        for (byte b : bytes) {
            all |= b; // no way out of the loop: it is done many bytes at a time
        }
        return all >= 0;
    }
}
