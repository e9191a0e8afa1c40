package org.pintail.resolver;

import static org.assertj.core.api.Assertions.assertThat;

import com.code_intelligence.jazzer.junit.FuzzTest;
import java.io.IOException;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.pintail.dns.DnsType;
import org.xbill.DNS.Message;

/// Any bytes are what a name server says, or are none of its answers.
class AnswerReaderFuzzTest {
    private static final List<DnsType<?>> TYPES =
            List.of(DnsType.A, DnsType.CNAME, DnsType.PTR, DnsType.MX, DnsType.TXT, DnsType.AAAA, DnsType.TLSA);

    @FuzzTest
    void anyBytesAreAnAnswerOrNone(byte @Nullable [] bytes) {
        if (bytes == null) {
            return;
        }
        Message message;
        try {
            message = new Message(bytes);
        } catch (IOException none) {
            assertThat(none).isNotNull();
            return;
        }
        var question = message.getQuestion();
        if (question != null) {
            for (var type : TYPES) {
                assertThat(new AnswerReader<>(message, question.getName(), type).read()).isNotNull();
            }
        }
    }
}
