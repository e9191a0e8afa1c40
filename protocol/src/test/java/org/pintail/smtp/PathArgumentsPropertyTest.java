package org.pintail.smtp;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Random;
import org.junit.jupiter.api.Test;

/// Whatever stands behind MAIL FROM: is an address, `<>` or a 5xx, and an address comes back as the same one when it is written out.
class PathArgumentsPropertyTest {
    private static final int RUNS = 200_000;
    private static final String[] PIECES = {"<", ">", "@", ":", "\"", "\\", ".", ",", " ", "=", "a", "b.example", "SIZE=1", "[192.0.2.1]", "ö", "\t", "*"};

    @Test
    void anyTextIsAnAddressOrIsRefused() {
        long seed = new Random().nextLong();
        var random = new Random(seed);
        int understood = 0;
        for (int run = 0; run < RUNS; run++) {
            var text = new StringBuilder(random.nextBoolean() ? "<" : "");
            for (int n = random.nextInt(10); n > 0; n--) {
                text.append(PIECES[random.nextInt(PIECES.length)]);
            }
            try {
                var parsed = PathArguments.sender(text.toString(), "MAIL FROM:<address>");
                var address = parsed.address();
                var again = PathArguments.sender("<" + (address == null ? "" : address) + ">", "MAIL FROM:<address>");
                assertThat(again.address()).as("seed %d run %d: %s", seed, run, text).isEqualTo(address);
                understood++;
            } catch (SmtpReply.Refused e) {
                assertThat(e.reply().code()).as("seed %d run %d: %s", seed, run, text).isBetween(500, 599);
            }
        }
        assertThat(understood).as("seed %d", seed).isGreaterThan(1000);
    }
}
