package org.pintail.header;

import java.time.DateTimeException;
import java.time.Instant;
import java.time.LocalDateTime;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;

/// Date and time of a header field, RFC 5322 §3.3 and §4.3, read tolerantly: comments, missing seconds, two-digit years, zone names.
///
///     date-time = [day-name ","] day month year hour ":" minute [":" second] zone
public final class MailDate {
    private static final String MONTHS = "janfebmaraprmayjunjulaugsepoctnovdec";
    private static final Map<String, Integer> ZONES = Map.of(
            "EST", -5, "EDT", -4, "CST", -6, "CDT", -5, "MST", -7, "MDT", -6, "PST", -8, "PDT", -7);
    private static final DateTimeFormatter FORMAT = DateTimeFormatter.ofPattern("EEE, d MMM uuuu HH:mm:ss xx", Locale.ENGLISH);

    private MailDate() {}

    public static Optional<OffsetDateTime> parse(String value) {
        var words = words(value);
        int at = 0;
        if (at < words.size() && !words.get(at).isEmpty() && !Character.isDigit(words.get(at).charAt(0))) {
            at++; // day name
        }
        if (words.size() < at + 4) {
            return Optional.empty();
        }
        try {
            int day = Integer.parseInt(words.get(at));
            int month = month(words.get(at + 1));
            int year = year(words.get(at + 2));
            var time = words.get(at + 3).split("[:.]", -1);
            int second = time.length > 2 ? Math.min(59, Integer.parseInt(time[2])) : 0;
            var local = LocalDateTime.of(year, month, day, Integer.parseInt(time[0]), Integer.parseInt(time[1]), second);
            return Optional.of(local.atOffset(words.size() > at + 4 ? zone(words.get(at + 4)) : ZoneOffset.UTC));
        } catch (NumberFormatException | IndexOutOfBoundsException | DateTimeException e) {
            return Optional.empty();
        }
    }

    /// Words between white space and commas; comments left out.
    private static List<String> words(String value) {
        var words = new ArrayList<String>();
        var word = new StringBuilder();
        int depth = 0;
        for (int i = 0; i < value.length() && words.size() < 8; i++) {
            char c = value.charAt(i);
            if (depth > 0 && c == '\\') {
                i++; // quoted-pair
            } else if (c == '(') {
                depth++;
            } else if (c == ')' && depth > 0) {
                depth--;
            } else if (depth == 0 && (Character.isWhitespace(c) || c == ',')) {
                flush(word, words);
            } else if (depth == 0) {
                word.append(c);
            }
        }
        flush(word, words);
        // QUIRK: some mailers write 02-Nov-2026; RFC 5322 §3.3 wants spaces.
        int dated = words.isEmpty() || Character.isDigit(words.getFirst().charAt(0)) ? 0 : 1;
        if (words.size() > dated && words.get(dated).chars().filter(c -> c == '-').count() == 2) {
            var parts = words.remove(dated).split("-", -1);
            words.addAll(dated, List.of(parts));
        }
        return words;
    }

    private static void flush(StringBuilder word, List<String> words) {
        if (!word.isEmpty()) {
            words.add(word.toString());
            word.setLength(0);
        }
    }

    private static int month(String name) {
        if (name.length() < 3) {
            throw new NumberFormatException(name);
        }
        int at = MONTHS.indexOf(name.substring(0, 3).toLowerCase(Locale.ROOT));
        if (at < 0 || at % 3 != 0) {
            throw new NumberFormatException(name);
        }
        return at / 3 + 1;
    }

    /// RFC 5322 §4.3: two digits up to 49 are 20nn, others and three digits add 1900.
    private static int year(String digits) {
        int year = Integer.parseInt(digits);
        if (digits.length() == 2 && year < 50) {
            return year + 2000;
        }
        if (digits.length() > 4) {
            throw new NumberFormatException(digits);
        }
        return digits.length() <= 3 ? year + 1900 : year;
    }

    private static ZoneOffset zone(String text) {
        if ((text.startsWith("+") || text.startsWith("-")) && text.length() == 5) {
            int minutes = Integer.parseInt(text.substring(1, 3)) * 60 + Integer.parseInt(text.substring(3));
            return ZoneOffset.ofTotalSeconds((text.startsWith("-") ? -minutes : minutes) * 60);
        }
        return ZoneOffset.ofHours(ZONES.getOrDefault(text.toUpperCase(Locale.ROOT), 0));
    }

    /// `Mon, 2 Nov 2026 08:00:00 +0000`
    public static String format(Instant when) {
        return FORMAT.format(when.atOffset(ZoneOffset.UTC));
    }
}
