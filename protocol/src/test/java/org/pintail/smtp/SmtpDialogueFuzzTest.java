package org.pintail.smtp;

import static org.assertj.core.api.Assertions.assertThat;

import com.code_intelligence.jazzer.junit.FuzzTest;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.pintail.net.Rehearsal;

/// Any bytes are answered or end the connection: at the MX, at submission and over LMTP, which the first byte chooses.
class SmtpDialogueFuzzTest {
    @RegisterExtension
    static final Rehearsal REHEARSAL = new Rehearsal();

    @FuzzTest
    void anyBytesAreAnswered(byte @Nullable [] bytes) {
        if (bytes == null || bytes.length == 0) {
            return;
        }
        var policy = new RecordingPolicy(SmtpFixture.settings(bytes[0] % 3 == 0, bytes[0] % 3 == 1));
        var answer = REHEARSAL.serve(
                Arrays.copyOfRange(bytes, 1, bytes.length), new SmtpServer(policy, SmtpLimits.DEFAULT, REHEARSAL.directory()));
        assertThat(answer).startsWith("220 ").doesNotContain(SmtpDialogue.INTERNAL.text());
        for (var received : policy.received()) {
            assertThat(received.body().length()).isLessThanOrEqualTo(SmtpFixture.MAX_SIZE + 1000);
        }
    }
}
