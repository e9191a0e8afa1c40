package org.pintail.header;

import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;

/// Character sets by the names mail uses for them, and text whose bytes may not be what they claim.
public final class Charsets {
    private static final Charset FALLBACK = Charset.forName("windows-1252");

    private Charsets() {}

    /// Every charset of this JDK under all its names, lower case. Asking `Charset.forName` for a name it does not know walks the
    /// class path each time (0.1 ms), and a header can hold thousands of such names.
    private static final class Known {
        static final Map<String, Charset> BY_NAME = byName();

        private static Map<String, Charset> byName() {
            var map = new HashMap<String, Charset>();
            for (var charset : Charset.availableCharsets().values()) {
                map.put(charset.name().toLowerCase(Locale.ROOT), charset);
                charset.aliases().forEach(alias -> map.putIfAbsent(alias.toLowerCase(Locale.ROOT), charset));
            }
            return Map.copyOf(map);
        }
    }

    /// The charset of that name, or of what is commonly meant by it.
    public static Optional<Charset> find(String name) {
        var wanted = name.strip().toLowerCase(Locale.ROOT);
        var found = switch (wanted) {
            case "utf-8", "utf8", "unicode-1-1-utf-8" -> StandardCharsets.UTF_8;
            case "us-ascii", "ascii", "ansi_x3.4-1968" -> StandardCharsets.US_ASCII;
            case "iso-8859-1", "latin1" -> StandardCharsets.ISO_8859_1;
            case "windows-1252", "cp1252", "x-ansi" -> FALLBACK;
            case "iso-8859-8-i", "iso-8859-8-e" -> Known.BY_NAME.get("iso-8859-8");
            case "ks_c_5601-1987", "ks_c_5601", "cp949" -> Known.BY_NAME.get("x-windows-949");
            case "gb2312", "x-gbk" -> Known.BY_NAME.get("gbk");
            default -> Known.BY_NAME.get(wanted);
        };
        return Optional.ofNullable(found);
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
