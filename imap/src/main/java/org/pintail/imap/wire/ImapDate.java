package org.pintail.imap.wire;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.DateTimeException;
import java.time.Instant;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Locale;

/// `date` and `date-time` of RFC 3501 §9.
public final class ImapDate {
    private static final List<String> MONTHS =
            List.of("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec");

    private ImapDate() {}

    /// `"15-Sep-2013 00:22:28 +0000"`, always in UTC.
    public static void write(Responses out, Instant when) throws IOException {
        var t = LocalDateTime.ofInstant(when, ZoneOffset.UTC);
        out.put('"');
        two(out, t.getDayOfMonth());
        out.put('-').ascii(MONTHS.get(t.getMonthValue() - 1)).put('-');
        two(out, t.getYear() / 100 % 100);
        two(out, t.getYear() % 100);
        out.sp();
        two(out, t.getHour());
        out.put(':');
        two(out, t.getMinute());
        out.put(':');
        two(out, t.getSecond());
        out.ascii(" +0000\"");
    }

    private static void two(Responses out, int n) throws IOException {
        out.put('0' + n / 10).put('0' + n % 10);
    }

    /// `date-text = date-day "-" date-month "-" date-year`
    public static LocalDate date(String text) {
        var parts = text.split("-", -1);
        if (parts.length != 3 || parts[0].isEmpty() || parts[0].length() > 2 || parts[2].length() != 4) {
            throw new BadCommand("Invalid date, expected d-Mmm-yyyy");
        }
        try {
            return LocalDate.of(digits(parts[2]), month(parts[1]), digits(parts[0]));
        } catch (DateTimeException noSuchDay) {
            throw new BadCommand("Invalid date");
        }
    }

    /// `date-time = DQUOTE date-day-fixed "-" date-month "-" date-year SP time SP zone DQUOTE`, quotes taken off.
    public static Instant dateTime(byte[] quoted) {
        var text = new String(quoted, StandardCharsets.ISO_8859_1);
        var parts = text.strip().split(" ", -1);
        if (parts.length != 3 || parts[1].length() != 8 || parts[2].length() != 5) {
            throw new BadCommand("Invalid date-time, expected \"dd-Mmm-yyyy hh:mm:ss +zzzz\"");
        }
        char sign = parts[2].charAt(0);
        if (parts[1].charAt(2) != ':' || parts[1].charAt(5) != ':' || sign != '+' && sign != '-') {
            throw new BadCommand("Invalid date-time");
        }
        try {
            var local = date(parts[0])
                    .atTime(
                            digits(parts[1].substring(0, 2)),
                            digits(parts[1].substring(3, 5)),
                            Math.min(59, digits(parts[1].substring(6, 8)))); // a leap second counts as the one before
            int hours = digits(parts[2].substring(1, 3));
            int minutes = digits(parts[2].substring(3, 5));
            int by = sign == '-' ? -1 : 1;
            return local.toInstant(ZoneOffset.ofHoursMinutes(by * hours, by * minutes));
        } catch (DateTimeException noSuchTime) {
            throw new BadCommand("Invalid date-time");
        }
    }

    private static int month(String name) {
        for (int i = 0; i < MONTHS.size(); i++) {
            if (MONTHS.get(i).toLowerCase(Locale.ROOT).equals(name.toLowerCase(Locale.ROOT))) {
                return i + 1;
            }
        }
        throw new BadCommand("Invalid date: no such month");
    }

    private static int digits(String text) {
        int n = 0;
        for (int i = 0; i < text.length(); i++) {
            int digit = text.charAt(i) - '0';
            if (digit < 0 || digit > 9) {
                throw new BadCommand("Invalid date");
            }
            n = n * 10 + digit;
        }
        return n;
    }
}
