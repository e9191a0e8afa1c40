package org.pintail.header;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Instant;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

/// RFC 5322 §3.3 and §4.3.
class MailDateTest {
    private static final List<List<String>> BAD = List.of(
            List.of("", "nothing"),
            List.of("yesterday", "a word"),
            List.of("Fri, 21 Nov 1997", "no time"),
            List.of("32 Nov 2020 10:00:00 +0000", "no such day"),
            List.of("30 Feb 2020 10:00:00 +0000", "no such day in that month"),
            List.of("1 Foo 2020 10:00:00 +0000", "no such month"),
            List.of("1 anf 2020 10:00:00 +0000", "letters that stand in the list of months across two names"),
            List.of("1 J 2020 10:00:00 +0000", "too short a month"),
            List.of("1 Jan 2020 24:00:00 +0000", "no such hour"),
            List.of("1 Jan 2020 10:60:00 +0000", "no such minute"),
            List.of("1 Jan 2020 10 +0000", "no minute"),
            List.of("1 Jan 2020 10:00:xx +0000", "letters for seconds"),
            List.of("1 Jan 2020 10:00:00 +9900", "no such zone"),
            List.of("1 Jan 2020 10:00:00 +ab00", "letters in the zone"),
            List.of("1 Jan 999999999 10:00:00 +0000", "a year beyond what anything can count"),
            List.of("1 Jan 99999999999 10:00:00 +0000", "a year beyond int"),
            List.of("(1 Jan 2020 10:00:00 +0000", "all of it in a comment without end"));

    private static final List<List<String>> GOOD = List.of(
            List.of("Fri, 21 Nov 1997 09:55:06 -0600", "1997-11-21T09:55:06-06:00", "RFC 5322 A.1.1"),
            List.of("Thu, 13 Feb 1969 23:32:54 -0330", "1969-02-13T23:32:54-03:30", "RFC 5322 A.3"),
            List.of("Thu, 13 Feb 1969 23:32 -0330 (Newfoundland Time)", "1969-02-13T23:32-03:30", "RFC 5322 A.5"),
            List.of("21 Nov 97 09:55:06 GMT", "1997-11-21T09:55:06Z", "RFC 5322 A.6.2"),
            List.of("21 Nov 49 09:55:06 GMT", "2049-11-21T09:55:06Z", "two digits below 50"),
            List.of("21 Nov 100 09:55:06 GMT", "2000-11-21T09:55:06Z", "three digits"),
            List.of("Fri,21-Nov-1997 09:55:06 EST", "1997-11-21T09:55:06-05:00", "QUIRK: dashes"),
            List.of("21 November 1997 09:55 PDT", "1997-11-21T09:55-07:00", "month in full"),
            List.of("21 Nov 1997 09:55:60 UT", "1997-11-21T09:55:59Z", "a leap second counts as the one before"),
            List.of("21 Nov 1997 09:55:06", "1997-11-21T09:55:06Z", "no zone"),
            List.of("21 Nov 1997 09:55:06 Z", "1997-11-21T09:55:06Z", "a military zone, RFC 5322 §4.3"),
            List.of("21 Nov 1997 09.55.06 -0000", "1997-11-21T09:55:06Z", "QUIRK: dots in the time"),
            List.of(" Fri , (a \\) b) 21  Nov 1997 09:55:06 +0530", "1997-11-21T09:55:06+05:30", "comments and blanks"));

    @Test
    void whatIsNoDateIsNone() {
        BAD.forEach(row -> assertThat(MailDate.parse(row.get(0))).as(row.get(1)).isEmpty());
    }

    @Test
    void datesAreReadTolerantly() {
        GOOD.forEach(row -> assertThat(MailDate.parse(row.get(0)).orElseThrow()).as(row.get(2)).hasToString(row.get(1)));
    }

    @Test
    void whatIsWrittenReadsBack() {
        assertThat(MailDate.format(Instant.parse("2026-11-02T08:00:00Z"))).isEqualTo("Mon, 2 Nov 2026 08:00:00 +0000");
        long seed = new Random().nextLong();
        var random = new Random(seed);
        for (int run = 0; run < 2000; run++) {
            var when = Instant.ofEpochSecond(random.nextLong(-60_000_000_000L, 250_000_000_000L));
            assertThat(MailDate.parse(MailDate.format(when)).orElseThrow().toInstant()).as("seed %d", seed).isEqualTo(when);
        }
    }
}
