package org.pintail.imap.envelope;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import org.junit.jupiter.api.Assertions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/// RFC 5256 §2.1.
class BaseSubjectTest {
    @ParameterizedTest
    @CsvSource({
        "'',                              '',           false",
        "hello,                           hello,        false",
        "'  two   words ',                two words,    false",
        "Re: hello,                       hello,        true",
        "'RE : hello',                    hello,        true",
        "fwd: fw: re: hello,              hello,        true",
        "Re[4]: hello,                    hello,        true",
        "[list] hello,                    hello,        false",
        "[list] [other] Re: hello,        hello,        true",
        "Re: [list] Re: hello,            hello,        true",
        "[only],                          [only],       false",
        "[a] [only],                      [only],       false",
        "hello (fwd) (FWD) ,              hello,        true",
        "[fwd: hello],                    hello,        true",
        "[fwd: [fwd: Re: hello (fwd)]],   hello,        true",
        "reply: hello,                    reply: hello, false",
        "Re hello,                        Re hello,     false",
        "Re:,                             '',           true",
        "[un[closed hello,                [un[closed hello, false",
    })
    void leavesWhatTheSubjectIsAbout(String subject, String base, boolean reply) {
        assertThat(BaseSubject.of(subject)).isEqualTo(new BaseSubject(base, reply));
    }

    @Test
    void manyBlobsCostNoMoreThanTheirLength() {
        var blobs = "[x]".repeat(100_000);
        var found = Assertions.assertTimeout(Duration.ofSeconds(5), () -> BaseSubject.of(blobs + "end"));
        assertThat(found).isEqualTo(new BaseSubject("end", false));
    }
}
